/** Pairs of key columns, as the join forms edit them. */

import { common } from "@/shared/schema/formula/rules";
import { type Column, findColumn, type Schema } from "@/shared/schema/types";

import type { Config } from "../document/doc";
import { text, texts } from "./configs";

export interface KeyPair {
  readonly left: string;
  readonly right: string;
}

/** The pairs of a configuration, whether it gives one key or several; a side without a partner is empty. */
export function keyPairsOf(data: Config): readonly KeyPair[] {
  const [left, right] = [keysOf(data, "left"), keysOf(data, "right")];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => ({
    left: left[index] ?? "",
    right: right[index] ?? "",
  }));
}

function keysOf(data: Config, side: "left" | "right"): readonly string[] {
  const one = text(data[`${side}_key`]);
  return one === "" ? texts(data[`${side}_keys`]) : [one];
}

/** The members of a configuration that hold these pairs; `undefined` takes one out. */
export function withKeyPairs(pairs: readonly KeyPair[]): Readonly<Record<string, unknown>> {
  const some = pairs.length > 0;
  return {
    left_key: undefined,
    right_key: undefined,
    left_keys: some ? pairs.map(({ left }) => left) : undefined,
    right_keys: some ? pairs.map(({ right }) => right) : undefined,
  };
}

export function isPaired({ left, right }: KeyPair): boolean {
  return left !== "" && right !== "";
}

export function describePairs(pairs: readonly KeyPair[]): string {
  return pairs.map(({ left, right }) => (left === right ? left : `${left} = ${right}`)).join(", ");
}

/** Whether values of the two columns can be compared. */
export function comparable(left: Column, right: Column): boolean {
  return common([left.type, right.type]) !== null;
}

/** The key that both sides most likely share: the symbol, or else the first text of the same name. */
export function sharedText(left: Schema | null, right: Schema | null): KeyPair | null {
  const shared = (left ?? []).filter(({ name, type }) => type.kind === "string" && isText(findColumn(right ?? [], name)));
  const column = shared.find(({ name }) => name === "symbol") ?? shared[0];
  return column ? { left: column.name, right: column.name } : null;
}

/** The date that both sides call by one name. */
export function sharedDate(left: Schema | null, right: Schema | null): KeyPair | null {
  const column = (left ?? []).find(
    ({ name, type }) => type.kind === "date" && findColumn(right ?? [], name)?.type.kind === "date",
  );
  return column ? { left: column.name, right: column.name } : null;
}

function isText(column: Column | undefined): boolean {
  return column?.type.kind === "string";
}
