/** Edits of ordered lists, for forms. */

export function replaceAt<T>(items: readonly T[], index: number, item: T): T[] {
  return items.map((each, at) => (at === index ? item : each));
}

export function removeAt<T>(items: readonly T[], index: number): T[] {
  return items.filter((_, at) => at !== index);
}

/** Move one entry by `step` places; an entry at the end stays there. */
export function moveBy<T>(items: readonly T[], index: number, step: number): T[] {
  const to = index + step;
  if (to < 0 || to >= items.length) return [...items];
  const rest = removeAt(items, index);
  return [...rest.slice(0, to), ...items.slice(index, index + 1), ...rest.slice(to)];
}

/** Handlers of one row's move buttons, absent where there is nowhere to go. */
export function movers<T>(items: readonly T[], index: number, onChange: (items: T[]) => void) {
  return {
    onUp: index > 0 ? () => onChange(moveBy(items, index, -1)) : undefined,
    onDown: index < items.length - 1 ? () => onChange(moveBy(items, index, 1)) : undefined,
  };
}
