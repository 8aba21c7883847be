import { FolderPlus, Plus, Trash2 } from "lucide-react";

import type { Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { IconButton } from "@/shared/ui/IconButton";
import { Select } from "@/shared/ui/inputs";

import { type Condition, type ConditionGroup, isGroup } from "../../kinds/configs";
import { removeAt, replaceAt } from "../lists";
import { ConditionEditor } from "./ConditionEditor";

interface Props {
  readonly label: string;
  readonly group: ConditionGroup;
  readonly schema: Schema | null;
  readonly database: string | null;
  readonly table: string | null;
  /** Whether groups may be added inside this one. */
  readonly nests: boolean;
  readonly onChange: (group: ConditionGroup) => void;
  readonly onRemove?: () => void;
}

const NEW_CONDITION: Condition = { column: "", operator: "=" };
const NEW_GROUP: ConditionGroup = { logic: "OR", filters: [NEW_CONDITION] };

/** Conditions joined by AND or OR; a group inside is joined the other way round. */
export function ConditionGroupEditor(props: Props) {
  const { label, group, schema, nests, onChange, onRemove } = props;
  const { logic = "AND", filters = [] } = group;
  const setFilters = (next: readonly (Condition | ConditionGroup)[]) => onChange({ logic, filters: next });
  return (
    <fieldset className={onRemove && "rounded-md border border-line bg-sunken p-2"}>
      <legend className="sr-only">{label}</legend>
      <div className="flex items-center gap-2 pb-2">
        <span className="shrink-0 text-xs text-muted">{S.settings.match}</span>
        <Select
          aria-label={S.settings.match}
          value={logic}
          onPick={(value) => onChange({ logic: value === "OR" ? "OR" : "AND", filters })}
          choices={[
            { value: "AND", label: S.settings.all },
            { value: "OR", label: S.settings.any },
          ]}
        />
        {onRemove && <IconButton icon={Trash2} label={S.settings.removeGroup} onClick={onRemove} />}
      </div>
      <div className="flex flex-col gap-2">
        {filters.map((item, index) =>
          isGroup(item) ? (
            <ConditionGroupEditor
              key={index}
              {...props}
              group={item}
              nests={false}
              onChange={(next) => setFilters(replaceAt(filters, index, next))}
              onRemove={() => setFilters(removeAt(filters, index))}
            />
          ) : (
            <ConditionEditor
              key={index}
              condition={item}
              schema={schema}
              database={props.database}
              table={props.table}
              onChange={(next) => setFilters(replaceAt(filters, index, next))}
              onRemove={() => setFilters(removeAt(filters, index))}
            />
          ),
        )}
      </div>
      <div className="flex gap-2 pt-2">
        <Button icon={Plus} onClick={() => setFilters([...filters, NEW_CONDITION])}>
          {S.settings.addCondition}
        </Button>
        {nests && (
          <Button icon={FolderPlus} onClick={() => setFilters([...filters, NEW_GROUP])}>
            {S.settings.addGroup}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
