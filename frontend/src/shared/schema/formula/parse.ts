/** Formula text → `Expression`, by the grammar in `formula.grammar`. */

import type { SyntaxNode } from "@lezer/common";

import { checkHeight, checkSize } from "./limits";
import { parseTree } from "./misfit";
import type { Call, Expression } from "./syntax";

/** Formulas whose trees are kept: when columns change, a graph's formulas are typed again as they are. */
const REMEMBERED = 2048;
const remembered = new Map<string, Expression>();

/** Read a formula; a `GraphError` points at the first token that does not fit. */
export function parseFormula(text: string): Expression {
  const known = remembered.get(text);
  if (known) return known;
  const expression = parse(text);
  const [oldest] = remembered.keys();
  if (remembered.size >= REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  remembered.set(text, expression);
  return expression;
}

function parse(text: string): Expression {
  checkSize(text);
  const tree = parseTree(text);
  checkHeight(tree);
  return read(tree.topNode, text);
}

function read(node: SyntaxNode, text: string): Expression {
  const at = node.from;
  const source = text.slice(node.from, node.to);
  const operands = node.getChildren("Expression").map((child) => read(child, text));
  const call = (name: string, args: readonly Expression[] = operands): Call => ({
    kind: "call",
    at,
    name,
    args,
    byName: node.name === "Call",
  });
  const negated = (inner: Call): Call => (node.getChild("Not") ? call("NOT", [inner]) : inner);
  switch (node.name) {
    case "Formula":
    case "Parenthesized":
      return only(operands);
    case "Column":
      return { kind: "column", at, name: source.slice(1, -1).replaceAll("]]", "]") };
    case "Number":
      return { kind: "number", at, text: source };
    case "String":
      return { kind: "text", at, value: unquoted(source) };
    case "Boolean":
      return { kind: "boolean", at, value: node.getChild("True") !== null };
    case "Null":
      return { kind: "null", at };
    case "Unary":
      return call(node.getChild("Not") ? "NOT" : "negate");
    case "Binary":
      return call(operatorBetween(node, text));
    case "Test":
      return negated(call("IS NULL", [only(operands)]));
    case "Membership":
      return negated(call("IN", [...operands, ...listed(node, "List", text)]));
    case "Between":
      return negated(call("BETWEEN"));
    case "Call": {
      const name = node.getChild("FunctionName");
      return call(text.slice(name?.from, name?.to).toUpperCase(), listed(node, "ArgumentList", text));
    }
    case "Case":
      return call("CASE", branches(node, text, operands[0] ?? null));
    default:
      throw new Error(`the grammar's ${node.name} has no meaning here`);
  }
}

const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["==", "="],
  ["!=", "<>"],
  ["^", "POWER"],
]);

function operatorBetween(node: SyntaxNode, text: string): string {
  const operator = node.firstChild?.nextSibling;
  const symbol = text.slice(operator?.from, operator?.to).toUpperCase();
  return SYNONYMS.get(symbol) ?? symbol;
}

/** `CASE x WHEN a THEN b ELSE c END` is `CASE WHEN x = a THEN b ELSE c END`; without ELSE it is NULL. */
function branches(node: SyntaxNode, text: string, subject: Expression | null): Expression[] {
  const args = node.getChildren("When").flatMap((branch) => {
    const [when, then] = branch.getChildren("Expression").map((child) => read(child, text));
    if (!when || !then) throw new Error("a branch has a condition and a result");
    const condition: Expression = subject ? { kind: "call", at: when.at, name: "=", args: [subject, when], byName: false } : when;
    return [condition, then];
  });
  const otherwise = node.getChild("Else")?.getChild("Expression");
  return [...args, otherwise ? read(otherwise, text) : { kind: "null", at: node.from }];
}

function listed(node: SyntaxNode, list: string, text: string): Expression[] {
  const items = node.getChild(list)?.getChildren("Expression") ?? [];
  return items.map((child) => read(child, text));
}

/** `'it''s'` and `"it's"` are the same text. */
function unquoted(source: string): string {
  const quote = source.charAt(0);
  return source.slice(1, -1).replaceAll(quote + quote, quote);
}

function only(operands: readonly Expression[]): Expression {
  const [operand] = operands;
  if (!operand) throw new Error("the grammar gives every such node an operand");
  return operand;
}
