import { describe, expect, it } from "vitest";

import { caseFiles, readCases } from "../testing/cases";
import { problemOf } from "../testing/problem";
import { formatType, parseSchema, type WireColumn } from "../types";
import { typeFormula } from "./typing";

interface FormulaCase {
  title: string;
  expression: string;
  input: WireColumn[];
  type?: string;
  nullable?: boolean;
  error?: { code: string; column?: string; position?: number };
}

const files = caseFiles("formula");

it("finds the cases", () => {
  expect(files.length).toBeGreaterThanOrEqual(11);
});

describe.each(files)("%s", (file) => {
  const cases = readCases<FormulaCase>(`formula/${file}.json`);

  it.each(cases)("$title", ({ expression, input, type, nullable, error }) => {
    const schema = parseSchema(input);
    if (error) {
      expect(problemOf(() => typeFormula(expression, schema))).toMatchObject(error);
      return;
    }
    const typed = typeFormula(expression, schema);
    expect({ type: formatType(typed.type), nullable: typed.nullable }).toEqual({ type, nullable });
  });
});
