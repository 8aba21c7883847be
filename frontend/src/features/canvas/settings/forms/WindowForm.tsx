import { useId } from "react";

import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { Select, TextInput } from "@/shared/ui/inputs";

import { sortTermsOf, text, texts, whole } from "../../kinds/configs";
import { defaultOutput, functionOf, rowsOf, settingsOf, WINDOW_FUNCTIONS, withFunction } from "../../kinds/window";
import { ColumnSelect } from "../ColumnSelect";
import type { FormProps } from "../form";
import { errorAt } from "../problems";
import { ColumnsEditor } from "./ColumnsEditor";
import { SortTermsEditor } from "./SortTermsEditor";
import { WholeNumberField } from "./WholeNumberField";

const MOST = 1_000_000_000;
const FUNCTIONS = WINDOW_FUNCTIONS.map((name) => ({ value: name, label: S.settings.windowFunctions[name] }));

/** The function, and the settings that it has. */
export function WindowForm({ node, input, problems, onChange }: FormProps) {
  const id = useId();
  const { data } = node;
  const name = functionOf(data);
  const takes = settingsOf(name);
  return (
    <div className="flex flex-col gap-4">
      <Field label={S.settings.function} htmlFor={`${id}-function`} error={errorAt(problems, "function")}>
        <Select
          id={`${id}-function`}
          value={name}
          choices={FUNCTIONS}
          onPick={(next) => onChange(withFunction(data, WINDOW_FUNCTIONS.find((each) => each === next) ?? name, input))}
        />
      </Field>
      {takes.column && (
        <Field label={S.settings.column} htmlFor={`${id}-column`} error={errorAt(problems, "column")}>
          <ColumnSelect
            id={`${id}-column`}
            schema={input}
            value={text(data["column"])}
            invalid={errorAt(problems, "column") !== undefined}
            onPick={(column) => onChange({ column })}
          />
        </Field>
      )}
      {takes.frame && (
        <WholeNumberField
          label={S.settings.frameRows}
          hint={S.settings.frameHint}
          value={rowsOf(data)}
          min={1}
          max={MOST}
          error={errorAt(problems, "frame") ?? errorAt(problems, "frame.rows")}
          onNumber={(rows) => onChange({ frame: { rows } })}
        />
      )}
      {takes.offset && (
        <WholeNumberField
          label={S.settings.rowsAway}
          value={whole(data["offset"], 1)}
          min={1}
          max={MOST}
          error={errorAt(problems, "offset")}
          onNumber={(offset) => onChange({ offset })}
        />
      )}
      <SortTermsEditor
        legend={S.settings.orderBy}
        hint={S.settings.orderFromInput}
        field="order_by"
        terms={sortTermsOf(data, "order_by")}
        schema={input}
        problems={problems}
        onChange={(terms) => onChange({ order_by: terms })}
      />
      <ColumnsEditor
        legend={S.settings.partitionBy}
        add={S.settings.addPartition}
        field="partition_by"
        columns={texts(data["partition_by"])}
        schema={input}
        problems={problems}
        onChange={(columns) => onChange({ partition_by: columns })}
      />
      <Field label={S.settings.outputColumn} htmlFor={`${id}-output`} error={errorAt(problems, "output_column")}>
        <TextInput
          id={`${id}-output`}
          value={text(data["output_column"])}
          placeholder={defaultOutput(data)}
          aria-invalid={errorAt(problems, "output_column") !== undefined}
          onChange={({ target }) => onChange({ output_column: target.value === "" ? undefined : target.value })}
        />
      </Field>
    </div>
  );
}
