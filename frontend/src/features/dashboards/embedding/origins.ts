export interface Origins {
  readonly origins: readonly string[];
  /** What is written and is no origin. */
  readonly bad: string | null;
}

/** Origins (RFC 6454 § 6.2) as people write them, one per line; the server says whether it takes them. */
export function readOrigins(text: string): Origins {
  const written = text.split(/[\s,]+/).filter((part) => part !== "");
  const bad = written.find((part) => !isOrigin(part)) ?? null;
  return { origins: [...new Set(written.map((part) => part.replace(/\/$/, "")))], bad };
}

function isOrigin(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { pathname, search, hash, username } = new URL(text);
  return pathname === "/" && search === "" && hash === "" && username === "" && !text.includes("*");
}
