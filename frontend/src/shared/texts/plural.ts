import { formatCount } from "../format/number";

/** `1 row`, `1,200 rows`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
