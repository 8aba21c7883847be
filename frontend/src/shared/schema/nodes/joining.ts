/** What `join` and `asof_join` share; twin of `flowforge/nodes/joining.py`. */

import { GraphError } from "../errors";
import { common } from "../formula/rules";
import type { JoinConfig } from "../generated/nodes";
import { type Column, formatType, type Schema } from "../types";
import { columnOf, type Complete } from "./base";

/** What a right column is called by, behind its own name, if the left side has that name; if that is taken, too,
 * with the first number from 2 that makes it one which is not. */
export const SUFFIX = "_right";

export type Keyed = Pick<Complete<JoinConfig>, "left_key" | "left_keys" | "right_key" | "right_keys">;
export type Side = "left" | "right";

interface Key {
  readonly name: string;
  /** The configuration field that gives it. */
  readonly field: string;
}

/** The schemas of a node's left and right input. */
export function bothInputs(inputs: readonly Schema[]): readonly [Schema, Schema] {
  const [left, right] = inputs;
  if (!left || !right) throw new Error("propagation calls infer with as many inputs as the ports ask for");
  return [left, right];
}

/** Check the pairs of key columns: each must be there, and the two of a pair comparable. */
export function checkKeys(config: Keyed, [left, right]: readonly [Schema, Schema]): void {
  const ours = given(config, "left");
  const theirs = given(config, "right");
  if (ours.length !== theirs.length) {
    throw new GraphError(
      "invalid_config",
      `${ours.length} keys on the left and ${theirs.length} on the right cannot be paired.`,
      {
        field: config.right_keys !== null ? "right_keys" : "right_key",
        hint: "Choose as many keys on the right as on the left.",
      },
    );
  }
  ours.forEach((key, index) => {
    const other = theirs[index];
    if (!other) return;
    refuseClash(columnOf(left, key.name, key.field), columnOf(right, other.name, other.field), other.field);
  });
}

function given(config: Keyed, side: Side): readonly Key[] {
  const key = config[`${side}_key`];
  const keys = config[`${side}_keys`];
  if (key !== null && keys !== null) {
    throw new GraphError("invalid_config", `${side}_key and ${side}_keys are both given.`, {
      field: `${side}_keys`,
      hint: `Give one key as ${side}_key, or several as ${side}_keys.`,
    });
  }
  if (key !== null) return [{ name: key, field: `${side}_key` }];
  return (keys ?? []).map((name, index) => ({ name, field: `${side}_keys.${index}` }));
}

/** `type_mismatch` where values of the two columns cannot be compared. */
export function refuseClash(left: Column, right: Column, field: string): void {
  if (common([left.type, right.type])) return;
  const [one, other] = [formatType(left.type), formatType(right.type)];
  const detail = `'${left.name}' is ${one} and '${right.name}' is ${other}; they cannot be compared.`;
  throw new GraphError("type_mismatch", detail, {
    field,
    column: right.name,
    hint: "Choose columns of one type, or convert one of them in a formula node first.",
  });
}

/** Left columns, then right columns; those of a side that a row can lack are nullable. */
export function sideBySide(
  [left, right]: readonly [Schema, Schema],
  missing: { readonly left: boolean; readonly right: boolean },
): Schema {
  const names = toldApart(left, right);
  const ours = left.map((column) => ({ ...column, nullable: column.nullable || missing.left }));
  const theirs = right.map((column, index) => ({
    ...column,
    name: names[index] ?? column.name,
    nullable: column.nullable || missing.right,
  }));
  return [...ours, ...theirs];
}

/** What the right columns are called. */
function toldApart(left: Schema, right: Schema): readonly string[] {
  const mine = new Set(left.map((column) => column.name));
  const taken = new Set([...mine, ...right.map((column) => column.name)]);
  return right.map((column) => {
    if (!mine.has(column.name)) return column.name;
    const suffixed = column.name + SUFFIX;
    let name = suffixed;
    for (let number = 2; taken.has(name); number += 1) name = `${suffixed}_${number}`;
    taken.add(name);
    return name;
  });
}
