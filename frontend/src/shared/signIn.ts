/**
 * Signing in with the organisation's OpenID provider: authorization code with PKCE (RFC 7636), as a public client.
 *
 * The provider sends the browser back to `/`, with a code that is exchanged at once. Tokens are kept for the
 * window only, and renewed with the provider's refresh token where it gives one.
 */

import { UserManager, WebStorageStateStore } from "oidc-client-ts";

export interface Provider {
  readonly authority: string;
  readonly client_id: string;
}

export interface SignedIn {
  /** The access token of now; empty once it has ended. */
  readonly token: () => string;
  readonly leave: () => Promise<void>;
  /** Sign in again, and come back to where the window is. */
  readonly again: () => Promise<void>;
}

const SCOPE = "openid profile";
const here = () => `${location.pathname}${location.search}`;

/** Whether the browser comes back from the provider, with a code or with a refusal. */
export function isReturn(pathname: string, search: string): boolean {
  const query = new URLSearchParams(search);
  return pathname === "/" && query.has("state") && (query.has("code") || query.has("error"));
}

/** A place of this application to go on at; anything else is none, so that no link can send people elsewhere. */
export function safePath(state: unknown): string {
  return typeof state === "string" && /^\/(?![/\\])/.test(state) ? state : "/";
}

/**
 * Take up the session, or begin one: then the window is on its way to the provider, and the promise stays open.
 * `onEnd` is told when the token has ended and could not be renewed. Throws what the provider refused with.
 */
export async function signIn({ authority, client_id }: Provider, onEnd: () => void): Promise<SignedIn> {
  const manager = new UserManager({
    authority,
    client_id,
    redirect_uri: `${location.origin}/`,
    post_logout_redirect_uri: `${location.origin}/`,
    response_type: "code",
    scope: SCOPE,
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  });
  const again = () => manager.signinRedirect({ state: here() });
  if (isReturn(location.pathname, location.search)) {
    const user = await manager.signinRedirectCallback();
    history.replaceState(null, "", safePath(user.state));
  }
  let user = await manager.getUser();
  if (!user || user.expired === true) {
    await again();
    return new Promise<never>(() => undefined);
  }
  manager.events.addUserLoaded((renewed) => {
    user = renewed;
  });
  manager.events.addAccessTokenExpired(() => {
    user = null;
    onEnd();
  });
  return {
    token: () => user?.access_token ?? "",
    again,
    leave: () => manager.signoutRedirect().catch(() => manager.removeUser().then(() => location.assign("/"))),
  };
}
