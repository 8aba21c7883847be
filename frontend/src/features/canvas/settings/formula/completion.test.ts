import { type Completion, CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";

import { parseSchema } from "@/shared/schema/types";

import { completeFormula } from "./completion";
import { FUNCTIONS } from "./functions";

const schema = parseSchema([
  { name: "price", type: "decimal(18,6)" },
  { name: "symbol", type: "string" },
]);

/** What is offered where `|` stands. */
function offered(text: string, explicit = false): { from: number; to: number | undefined; options: readonly Completion[] } | null {
  const at = text.indexOf("|");
  const state = EditorState.create({ doc: text.replace("|", "") });
  const found = completeFormula(() => schema, FUNCTIONS)(new CompletionContext(state, at, explicit));
  return found && { from: found.from, to: found.to, options: found.options };
}

const labels = (text: string, explicit = false) => offered(text, explicit)?.options.map(({ label }) => label) ?? null;

describe("completion", () => {
  it("offers the columns with their types after a bracket, and takes the closing one", () => {
    expect(labels("1 + [|")).toEqual(["[price]", "[symbol]"]);
    expect(offered("1 + [pr|]")).toMatchObject({ from: 4, to: 8 });
    expect(offered("[|")?.options[0]).toMatchObject({ detail: "decimal(18,6)" });
  });

  it("offers columns that contain a word and functions that begin with it, with signature and description", () => {
    expect(labels("ROU|")).toEqual(["ROUND"]);
    expect(labels("ric|")).toEqual(["[price]"]);
    const [round] = offered("round|")?.options ?? [];
    expect(round?.detail).toMatch(/^ROUND\(/);
    expect(round?.info).toMatch(/\w/);
  });

  it("offers everything when asked, and nothing unasked", () => {
    expect(labels("1 + |")).toBeNull();
    expect(labels("1 + |", true)).toHaveLength(schema.length + FUNCTIONS.length);
  });
});

it("knows every function with a signature and a description", () => {
  for (const { name, signature, doc } of FUNCTIONS) {
    expect(signature).toContain(name);
    expect(doc).not.toBe("");
  }
});
