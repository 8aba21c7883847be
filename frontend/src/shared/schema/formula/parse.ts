/** Formula text → `Expression`, by the grammar in `formula.grammar`. */

import type { SyntaxNode } from "@lezer/common";

import { GraphError } from "../errors";
import { parser } from "../generated/formula_parser";
import { toCodePoints } from "../text";
import type { Call, Case, Expression } from "./syntax";

/** Read a formula; a `GraphError` points at the first token that does not fit. */
export function parseFormula(text: string): Expression {
  const tree = parser.parse(text);
  const cursor = tree.cursor();
  do {
    if (cursor.type.isError) throw syntaxError(text, cursor.from);
  } while (cursor.next());
  const root = tree.topNode.firstChild;
  if (root === null) throw syntaxError(text, 0);
  return new Reader(text).expression(root);
}

function syntaxError(text: string, offset: number): GraphError {
  const found = text.slice(offset).trim();
  const what = found === "" ? "ends too early" : `does not read on at '${found.slice(0, 20)}'`;
  return new GraphError("formula_syntax", `The formula ${what}.`, { position: toCodePoints(text, offset) });
}

class Reader {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  expression(node: SyntaxNode): Expression {
    const at = node.from;
    const source = this.#text.slice(node.from, node.to);
    switch (node.name) {
      case "Column":
        return { kind: "column", at, name: source.slice(1, -1).replaceAll("]]", "]") };
      case "Number":
        return { kind: "number", at, text: source };
      case "String":
        return { kind: "text", at, value: source.slice(1, -1).replaceAll("''", "'") };
      case "Boolean":
        return { kind: "boolean", at, value: source.toUpperCase() === "TRUE" };
      case "Null":
        return { kind: "null", at };
      case "Parenthesized":
        return this.expression(only(node));
      case "Unary":
        return { kind: "unary", at, operator: this.#operator(first(node)), operand: this.expression(last(node)) };
      case "Binary":
        return this.#binary(node);
      case "Call":
        return this.#call(node);
      case "Case":
        return this.#case(node);
      default:
        throw new Error(`the grammar's ${node.name} has no meaning here`);
    }
  }

  #binary(node: SyntaxNode): Expression {
    const [left, operator, right] = children(node);
    if (!left || !operator || !right) throw new Error("a binary expression has three parts");
    return {
      kind: "binary",
      at: node.from,
      operatorAt: operator.from,
      operator: this.#operator(operator),
      left: this.expression(left),
      right: this.expression(right),
    };
  }

  #operator(node: SyntaxNode): string {
    const text = this.#text.slice(node.from, node.to).toUpperCase();
    return text === "<>" ? "!=" : text;
  }

  #call(node: SyntaxNode): Call {
    const [name, args] = children(node);
    if (!name || !args) throw new Error("a call has a name and arguments");
    return {
      kind: "call",
      at: node.from,
      name: this.#text.slice(name.from, name.to).toUpperCase(),
      args: args.getChildren("Expression").map((each) => this.expression(each)),
    };
  }

  #case(node: SyntaxNode): Case {
    const operand = node.getChild("Expression");
    const otherwise = node.getChild("Else")?.getChild("Expression");
    return {
      kind: "case",
      at: node.from,
      operand: operand && this.expression(operand),
      branches: node.getChildren("When").map((branch) => {
        const [when, then] = branch.getChildren("Expression");
        if (!when || !then) throw new Error("a branch has a condition and a result");
        return { when: this.expression(when), then: this.expression(then) };
      }),
      otherwise: otherwise ? this.expression(otherwise) : null,
    };
  }
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

function first(node: SyntaxNode): SyntaxNode {
  return node.firstChild ?? node;
}

function last(node: SyntaxNode): SyntaxNode {
  return node.lastChild ?? node;
}

function only(node: SyntaxNode): SyntaxNode {
  return node.getChild("Expression") ?? node;
}
