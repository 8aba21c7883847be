import { type Column, formatType, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Select } from "@/shared/ui/inputs";

interface Props {
  readonly id?: string;
  readonly label?: string;
  readonly schema: Schema | null;
  readonly value: string;
  readonly onPick: (name: string) => void;
  readonly only?: (column: Column) => boolean;
  /** Adds a choice of its own that stands for no column. */
  readonly none?: string;
  readonly className?: string;
  /** Names without types, for places where the type stands beside it. */
  readonly brief?: boolean;
  readonly invalid?: boolean;
  /** The id of the text that says what is wrong. */
  readonly describedBy?: string;
}

/** One of the columns that arrive, each with its type. */
export function ColumnSelect({ id, label, schema, value, onPick, only = () => true, none, className, brief = false, invalid, describedBy }: Props) {
  const columns = (schema ?? [])
    .filter(only)
    .map((column) => ({ value: column.name, label: brief ? column.name : `${column.name}  ·  ${formatType(column.type)}` }));
  const choices = none === undefined ? columns : [{ value: "", label: none }, ...columns];
  return (
    <Select
      id={id}
      aria-label={label}
      aria-invalid={invalid}
      aria-describedby={describedBy}
      value={value}
      onPick={onPick}
      choices={choices}
      {...(className !== undefined && { className })}
      {...(none === undefined && { prompt: S.settings.pickColumn })}
    />
  );
}
