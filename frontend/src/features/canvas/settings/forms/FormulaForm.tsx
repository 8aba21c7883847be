import { useId, useMemo } from "react";

import { findColumn, formatType } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { TextInput } from "@/shared/ui/inputs";

import { text } from "../../kinds/configs";
import type { FormProps } from "../form";
import { FunctionReference } from "../formula/FunctionReference";
import { FormulaEditor } from "../formula/FormulaEditor";
import { caret, formulaDiagnostics } from "../formula/diagnostics";

export function FormulaForm({ node, input, output, problems, onChange }: FormProps) {
  const id = useId();
  const expression = text(node.data["expression"]);
  const name = text(node.data["output_column"]);
  const empty = expression.trim() === "";
  const own = useMemo(() => (empty ? [] : problems.filter((problem) => problem.field !== "output_column")), [empty, problems]);
  const diagnostics = useMemo(() => formulaDiagnostics(expression, own), [expression, own]);
  const pointer = caret(expression, own[0]?.position);
  const result = findColumn(output ?? [], name);
  return (
    <div className="flex flex-col gap-3">
      <Field label={S.settings.outputColumn} htmlFor={id}>
        <TextInput id={id} value={name} onChange={(event) => onChange({ output_column: event.target.value })} />
      </Field>
      <Field label={S.settings.expression} hint={S.settings.expressionHint}>
        <FormulaEditor
          label={S.settings.expression}
          value={expression}
          schema={input}
          diagnostics={diagnostics}
          placeholder="[price] * [quantity]"
          onText={(next) => onChange({ expression: next })}
        />
      </Field>
      {pointer !== null && (
        <pre className="overflow-x-auto rounded-md bg-danger-soft px-2 py-1 font-mono text-2xs text-danger">{pointer}</pre>
      )}
      {result && !empty && (
        <p className="text-xs text-muted">{S.settings.resultType(formatType(result.type), result.nullable)}</p>
      )}
      <FunctionReference />
    </div>
  );
}
