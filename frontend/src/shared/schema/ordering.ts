/**
 * What orders a node's rows, as far as a node behind it may rely on it. Twin of
 * `flowforge.nodes.ordering`.
 */

/** `trade`: the table's own total order tells the rows apart. `sorted`: a sort stands before. */
export interface Ordering {
  readonly trade: boolean;
  readonly sorted: boolean;
}

export const NO_ORDER: Ordering = { trade: false, sorted: false };

export function sameOrdering(a: Ordering, b: Ordering): boolean {
  return a.trade === b.trade && a.sorted === b.sorted;
}

/** The only input's; rows of several inputs have no order. */
export function kept(inputs: readonly Ordering[]): Ordering {
  const [only] = inputs;
  return only && inputs.length === 1 ? only : NO_ORDER;
}
