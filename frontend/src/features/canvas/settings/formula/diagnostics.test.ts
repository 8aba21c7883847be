import { describe, expect, it } from "vitest";

import { caret, formulaDiagnostics } from "./diagnostics";

const problem = (position?: number) => ({
  code: "unknown_column" as const,
  detail: "There is no column 'x'.",
  ...(position !== undefined && { position }),
});

describe("formulaDiagnostics", () => {
  it.each([
    ["a column", "1 + [nope] * 2", 4, [4, 10]],
    ["a name", "FOO(1)", 0, [0, 3]],
    ["an operator", "1 ** 2", 3, [3, 4]],
    ["the end", "1 +", 3, [2, 3]],
    ["after a character of two units", "'🙂' + [x]", 6, [7, 10]],
  ])("marks %s", (_title, text, position, [from, to]) => {
    expect(formulaDiagnostics(text, [problem(position)])).toMatchObject([{ from, to, severity: "error" }]);
  });

  it("marks all of it without a position", () => {
    expect(formulaDiagnostics("1 + 1", [problem()])).toMatchObject([{ from: 0, to: 5 }]);
  });
});

describe("caret", () => {
  it("stands under the token", () => expect(caret("1 + [x]", 4)).toBe("1 + [x]\n    ^"));
  it("is left out for several lines", () => expect(caret("1\n+ [x]", 4)).toBeNull());
});
