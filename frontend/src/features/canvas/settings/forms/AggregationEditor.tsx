import type { Schema } from "@/shared/schema/types";
import { isNumeric } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Select, TextInput } from "@/shared/ui/inputs";

import type { Aggregation } from "../../kinds/configs";
import { ColumnSelect } from "../ColumnSelect";
import { ListRow } from "../ListRow";
import { accepts, AGGREGATES, defaultName, ruleOf, takes, withFunction, withMember } from "../aggregations";

interface Props {
  readonly aggregation: Aggregation;
  readonly schema: Schema | null;
  readonly movers: { readonly onUp: (() => void) | undefined; readonly onDown: (() => void) | undefined };
  readonly onChange: (aggregation: Aggregation) => void;
  readonly onRemove: () => void;
}

/** One aggregate: function, what it reads, and the name of the result. */
export function AggregationEditor({ aggregation, schema, movers, onChange, onRemove }: Props) {
  const rule = ruleOf(aggregation.function);
  return (
    <div data-testid="aggregation" className="flex flex-col gap-1 rounded-md border border-line p-1.5">
      <ListRow name={aggregation.alias ?? defaultName(aggregation)} {...movers} onRemove={onRemove}>
        <Select
          aria-label={S.settings.function}
          value={aggregation.function}
          onPick={(name) => onChange(withFunction(aggregation, name, schema))}
          choices={AGGREGATES.map(({ name }) => ({ value: name, label: name }))}
        />
      </ListRow>
      <ColumnSelect
        label={S.settings.column}
        schema={schema}
        value={aggregation.column ?? ""}
        only={(column) => accepts(rule, column)}
        onPick={(column) => onChange(withMember(aggregation, "column", column))}
        {...(rule.optional.includes("column") && { none: S.settings.anyRow })}
      />
      {takes(rule, "weight") && (
        <label className="flex items-center gap-2 text-xs text-muted">
          <span className="w-18 shrink-0">{S.settings.weight}</span>
          <ColumnSelect
            schema={schema}
            value={aggregation.weight ?? ""}
            only={(column) => isNumeric(column.type)}
            onPick={(column) => onChange(withMember(aggregation, "weight", column))}
          />
        </label>
      )}
      {takes(rule, "by") && (
        <label className="flex items-center gap-2 text-xs text-muted">
          <span className="w-18 shrink-0">{S.settings.by}</span>
          <ColumnSelect
            schema={schema}
            value={aggregation.by ?? ""}
            none={S.settings.defaultOrder}
            onPick={(column) => onChange(withMember(aggregation, "by", column))}
          />
        </label>
      )}
      <label className="flex items-center gap-2 text-xs text-muted">
        <span className="w-18 shrink-0">{S.settings.alias}</span>
        <TextInput
          value={aggregation.alias ?? ""}
          placeholder={defaultName(aggregation)}
          onChange={(event) => onChange(withMember(aggregation, "alias", event.target.value))}
        />
      </label>
    </div>
  );
}
