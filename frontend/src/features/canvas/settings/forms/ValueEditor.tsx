import { useId } from "react";

import { useColumnValues } from "@/shared/api/catalogue";
import type { ColumnType } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Select } from "@/shared/ui/inputs";

import type { Condition, ConditionValue, Literal } from "../../kinds/configs";
import { DraftInput } from "../DraftInput";
import { asList, asLiteral, formatLiteral, operandsOf, parseList, parseLiteral } from "../values";

interface Props {
  readonly condition: Condition;
  readonly type: ColumnType | undefined;
  readonly database: string | null;
  readonly table: string | null;
  readonly onChange: (value: ConditionValue) => void;
}

const PLACEHOLDERS: Partial<Record<ColumnType["kind"], string>> = {
  date: "2026-01-31",
  datetime: "2026-01-31T14:30:00Z",
  int64: "100",
  float64: "0.5",
  decimal: "187.50",
};

/** The operands that an operator takes: none, one, two, or a list. Texts are suggested from the table. */
export function ValueEditor({ condition, type, database, table, onChange }: Props) {
  const { operator, value } = condition;
  const suggestions = useId();
  const suggests = type?.kind === "string" && database !== null && table !== null;
  const { data: known } = useColumnValues(suggests ? { database, table } : null, condition.column);
  const operands = operandsOf(operator);
  const placeholder = type && PLACEHOLDERS[type.kind];

  const one = (label: string, current: Literal | undefined, onLiteral: (literal: Literal) => void) =>
    type?.kind === "boolean" ? (
      <Select
        aria-label={label}
        value={formatLiteral(current)}
        prompt={S.settings.value}
        onPick={(text) => onLiteral(parseLiteral(text, type))}
        choices={[
          { value: "true", label: "true" },
          { value: "false", label: "false" },
        ]}
      />
    ) : (
      <DraftInput
        aria-label={label}
        placeholder={placeholder ?? label}
        list={suggests ? suggestions : undefined}
        inputMode={type?.kind === "int64" ? "numeric" : "text"}
        value={formatLiteral(current)}
        onText={(text) => onLiteral(parseLiteral(text, type))}
      />
    );

  if (operands === "none") return null;
  const [from, to] = asList(value);
  return (
    <div className="flex gap-1">
      {operands === "one" && one(S.settings.value, asLiteral(value), onChange)}
      {operands === "two" && (
        <>
          {one(S.settings.valueFrom, from, (literal) => onChange([literal, to ?? ""]))}
          {one(S.settings.valueTo, to, (literal) => onChange([from ?? "", literal]))}
        </>
      )}
      {operands === "list" && (
        <DraftInput
          aria-label={S.settings.valueList}
          placeholder={S.settings.valueList}
          list={suggests ? suggestions : undefined}
          value={asList(value).map(formatLiteral).join(", ")}
          onText={(text) => onChange(parseList(text, type))}
        />
      )}
      {suggests && (
        <datalist id={suggestions}>
          {known?.map((each) => (
            <option key={String(each)} value={String(each)} />
          ))}
        </datalist>
      )}
    </div>
  );
}
