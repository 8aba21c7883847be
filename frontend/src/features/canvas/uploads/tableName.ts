const NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;

/** Whether a table can be called so. */
export function isTableName(text: string): boolean {
  return NAME.test(text);
}

/** A table's name out of a file's: `2026-03 trades (new).csv` as `t_2026_03_trades_new`. */
export function tableNameOf(file: string): string {
  const plain = file
    .replace(/\.[^.]*$/, "")
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const named = /^[A-Za-z]/.test(plain) ? plain : `t_${plain}`;
  return named.slice(0, 63).replace(/_+$/, "") || "t";
}
