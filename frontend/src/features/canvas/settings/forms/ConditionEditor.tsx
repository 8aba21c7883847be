import { X } from "lucide-react";

import { findColumn, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";
import { Select } from "@/shared/ui/inputs";

import type { Condition } from "../../kinds/configs";
import { ColumnSelect } from "../ColumnSelect";
import { operatorsFor, reshape, withValue } from "../values";
import { ValueEditor } from "./ValueEditor";

interface Props {
  readonly condition: Condition;
  readonly schema: Schema | null;
  readonly database: string | null;
  readonly table: string | null;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: () => void;
}

/** One condition: column, operator, and a value of the column's type. */
export function ConditionEditor({ condition, schema, database, table, onChange, onRemove }: Props) {
  const type = findColumn(schema ?? [], condition.column)?.type;
  const operators = operatorsFor(type);
  const setOperator = (name: string) => {
    const operator = operators.find((each) => each === name) ?? "=";
    onChange(withValue({ ...condition, operator }, reshape(condition.value, operator)));
  };
  const setColumn = (column: string) => {
    const next = findColumn(schema ?? [], column)?.type;
    const operator = operatorsFor(next).includes(condition.operator) ? condition.operator : "=";
    // A value of another type means nothing for the new column.
    const value = type?.kind === next?.kind ? reshape(condition.value, operator) : undefined;
    onChange(withValue({ column, operator }, value));
  };
  return (
    <div data-testid="condition" className="flex flex-col gap-1 rounded-md border border-line bg-surface p-1.5">
      <div className="flex items-center gap-1">
        <ColumnSelect
          label={S.settings.column}
          schema={schema}
          value={condition.column}
          onPick={setColumn}
        />
        <Select
          aria-label={S.settings.operator}
          className="max-w-26"
          value={condition.operator}
          onPick={setOperator}
          choices={operators.map((operator) => ({ value: operator, label: operator }))}
        />
        <IconButton icon={X} label={S.settings.removeCondition} onClick={onRemove} className="w-6" />
      </div>
      <ValueEditor
        condition={condition}
        type={type}
        database={database}
        table={table}
        onChange={(value) => onChange(withValue(condition, value))}
      />
    </div>
  );
}
