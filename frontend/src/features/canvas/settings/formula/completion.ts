/** What to offer while a formula is typed: columns of the input after `[`, functions elsewhere. */

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";

import { formatType, type Schema } from "@/shared/schema/types";

import type { FunctionInfo } from "./functions";

function columnCompletions(schema: Schema): Completion[] {
  return schema.map((column) => ({
    label: `[${column.name}]`,
    detail: formatType(column.type),
    type: "variable",
    boost: 1,
  }));
}

function functionCompletions(functions: readonly FunctionInfo[]): Completion[] {
  return functions.map(({ name, signature, doc }) => ({
    label: name,
    detail: signature,
    info: doc,
    type: "function",
    apply: (view, _completion, from, to) => {
      const insert = `${name}()`;
      view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length - 1 } });
    },
  }));
}

/** Completion over the columns and functions as they are at the moment of asking. */
export function completeFormula(schema: () => Schema, functions: readonly FunctionInfo[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const bracket = context.matchBefore(/\[[^\]]*/);
    if (bracket) {
      // A bracket that the editor closed by itself is replaced too.
      const closed = context.state.sliceDoc(context.pos, context.pos + 1) === "]";
      const options = columnCompletions(schema());
      return { from: bracket.from, ...(closed && { to: context.pos + 1 }), options, validFor: /^\[[^\]]*$/ };
    }
    const word = context.matchBefore(/[A-Za-z_]\w*/);
    if (!word && !context.explicit) return null;
    return {
      from: word?.from ?? context.pos,
      options: matching(word?.text ?? "", schema(), functions),
      // The label of a column starts with a bracket: `matching` went by what stands inside it.
      filter: false,
    };
  };
}

function matching(word: string, schema: Schema, functions: readonly FunctionInfo[]): Completion[] {
  const wanted = word.toLowerCase();
  const columns = schema.filter((column) => column.name.toLowerCase().includes(wanted));
  const named = functions.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  return [...columnCompletions(columns), ...functionCompletions(named)];
}
