/** What an embed token says of itself. The frame reads it only to know when it ends and whom it is for; the server proves it. */

export interface TokenClaims {
  readonly widgetId: string;
  /** Origins of the pages that may hand it over. */
  readonly origins: readonly string[];
  /** Unix milliseconds. */
  readonly expires: number;
}

/** The claims of a JSON Web Token (RFC 7519); null for a text that is none. */
export function readToken(token: string): TokenClaims | null {
  const [, payload, ...rest] = token.split(".");
  if (payload === undefined || rest.length !== 1) return null;
  try {
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Record<string, unknown>>;
    const { widget_id: widgetId, origins, exp } = claims;
    if (typeof widgetId !== "string" || typeof exp !== "number" || !Array.isArray(origins)) return null;
    return { widgetId, origins: origins.filter((each) => typeof each === "string"), expires: exp * 1_000 };
  } catch {
    return null;
  }
}
