import type { Problem } from "@/shared/schema/errors";
import type { Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { FieldSet } from "@/shared/ui/Field";
import { FieldError } from "@/shared/ui/FieldError";

import { ColumnSelect } from "../ColumnSelect";
import { ListRow } from "../ListRow";
import { movers, removeAt, replaceAt } from "../lists";
import { errorAt } from "../problems";

interface Props {
  readonly legend: string;
  readonly add: string;
  /** The configuration's field, which problems name with the place behind it: `partition_by.1`. */
  readonly field: string;
  readonly columns: readonly string[];
  readonly schema: Schema | null;
  readonly problems: readonly Problem[];
  /** As many as there may be. */
  readonly most?: number;
  readonly onChange: (columns: readonly string[]) => void;
}

/** An ordered list of columns, each at most once. */
export function ColumnsEditor({ legend, add, field, columns, schema, problems, most = Infinity, onChange }: Props) {
  return (
    <FieldSet legend={legend}>
      {columns.map((name, index) => {
        const error = errorAt(problems, `${field}.${index}`);
        return (
          <div key={index}>
            <ListRow name={name} {...movers(columns, index, onChange)} onRemove={() => onChange(removeAt(columns, index))}>
              <ColumnSelect
                label={S.settings.column}
                schema={schema}
                value={name}
                only={(column) => column.name === name || !columns.includes(column.name)}
                invalid={error !== undefined}
                onPick={(column) => onChange(replaceAt(columns, index, column))}
              />
            </ListRow>
            <FieldError text={error} />
          </div>
        );
      })}
      {columns.length < most && (
        <ColumnSelect
          label={add}
          schema={schema}
          value=""
          none={`+ ${add}`}
          only={(column) => !columns.includes(column.name)}
          onPick={(column) => onChange([...columns, column])}
        />
      )}
      <FieldError text={errorAt(problems, field)} />
    </FieldSet>
  );
}
