import { useId } from "react";

import { findColumn, isNumeric } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { Select } from "@/shared/ui/inputs";

import { text, texts } from "../../kinds/configs";
import { listedValues } from "../../kinds/pivot";
import { accepts, AGGREGATES, ruleOf, takes } from "../aggregations";
import type { FormProps } from "../form";
import { errorAt } from "../problems";
import { ColumnField } from "./ColumnField";
import { ColumnsEditor } from "./ColumnsEditor";
import { PivotValues } from "./PivotValues";

const FUNCTIONS = AGGREGATES.map(({ name }) => ({ value: name, label: name }));

/** Keys, the column that is spread out and its values, and the aggregate in the cells. */
export function PivotForm(form: FormProps) {
  const { node, input, problems, onChange } = form;
  const id = useId();
  const rule = ruleOf(text(node.data["function"]));
  const column = findColumn(input ?? [], text(node.data["column"]));
  /** What the new function does not take is taken out with the old one. */
  const setFunction = (name: string) => {
    const next = ruleOf(name);
    const gone = (["weight", "by"] as const).filter((member) => !takes(next, member));
    const value = findColumn(input ?? [], text(node.data["value"]));
    const fits = value !== undefined && accepts(next, value);
    const fallback = next.required.includes("column") ? input?.findLast((each) => accepts(next, each))?.name : undefined;
    onChange({ function: name, ...Object.fromEntries(gone.map((member) => [member, undefined])), ...(!fits && { value: fallback }) });
  };
  return (
    <div className="flex flex-col gap-4">
      <ColumnsEditor
        legend={S.settings.pivotRows}
        add={S.settings.addKey}
        field="rows"
        columns={texts(node.data["rows"])}
        schema={input}
        problems={problems}
        onChange={(rows) => onChange({ rows })}
      />
      <ColumnField
        label={S.settings.pivotColumn}
        field="column"
        // The values of another column mean nothing here.
        form={{ ...form, onChange: (change) => onChange({ ...change, column_values: [] }) }}
      />
      <PivotValues
        nodeId={node.id}
        column={column}
        values={listedValues(node.data)}
        problems={problems}
        onChange={(values) => onChange({ column_values: values })}
      />
      <Field label={S.settings.function} htmlFor={`${id}-function`} error={errorAt(problems, "function")}>
        <Select id={`${id}-function`} value={rule.name} choices={FUNCTIONS} onPick={setFunction} />
      </Field>
      <ColumnField
        label={S.settings.value}
        field="value"
        form={form}
        only={(each) => accepts(rule, each)}
        {...(rule.optional.includes("column") && { none: S.settings.anyRow })}
      />
      {takes(rule, "weight") && (
        <ColumnField label={S.settings.weight} field="weight" form={form} only={({ type }) => isNumeric(type)} />
      )}
      {takes(rule, "by") && <ColumnField label={S.settings.by} field="by" form={form} none={S.settings.defaultOrder} />}
    </div>
  );
}
