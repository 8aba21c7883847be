/** The generated files' texts by path. */
export function render(): Map<string, string>;
