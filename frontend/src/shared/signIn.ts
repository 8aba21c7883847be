/**
 * Signing in with the organisation's OpenID provider: authorization code with PKCE (RFC 7636), as a public client.
 *
 * The provider sends the browser back to `/`, with a code that is exchanged at once. Tokens are kept for the
 * window only, and renewed with the provider's refresh token where it gives one. Whoever has to sign in again does so in
 * a window beside this one, so that nothing on the screen is lost: a channel that only this origin hears brings the
 * new tokens back, whatever the provider's pages do to the two windows' acquaintance.
 */

import { User, UserManager, WebStorageStateStore } from "oidc-client-ts";

export interface Provider {
  readonly authority: string;
  readonly client_id: string;
}

export interface SignedIn {
  /** The access token of now; empty once it has ended. */
  readonly token: () => string;
  readonly leave: () => Promise<void>;
  /** Sign in again, in a window of its own; where none may be opened, in this one, which then comes back to where it is. */
  readonly again: () => Promise<void>;
}

const SCOPE = "openid profile";
const ERRAND = "sign-in";
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

/** The errand of a window that was opened to sign in for another: what its address or the provider's answer names. */
export function errandOf(state: unknown): string | null {
  const errand = typeof state === "object" && state !== null && ERRAND in state ? state[ERRAND] : null;
  return typeof errand === "string" && /^[0-9a-f-]{36}$/.test(errand) ? errand : null;
}

const channelOf = (errand: string) => new BroadcastChannel(`flowforge.${ERRAND}.${errand}`);

/**
 * Take up the session, or begin one: then the window is on its way to the provider, and the promise stays open.
 * `onChange` is told when the token has ended and could not be renewed (false), and when there is one again (true).
 * Throws what the provider refused with.
 */
export async function signIn(
  { authority, client_id }: Provider,
  onChange: (valid: boolean) => void,
): Promise<SignedIn> {
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
  const leaving = new Promise<never>(() => undefined);
  const redirect = () => manager.signinRedirect({ state: here() });
  if (isReturn(location.pathname, location.search)) {
    const signedIn = await manager.signinRedirectCallback();
    const errand = errandOf(signedIn.state);
    if (errand !== null) {
      channelOf(errand).postMessage(signedIn.toStorageString());
      window.close();
    }
    history.replaceState(null, "", safePath(signedIn.state));
  }
  const errand = errandOf(Object.fromEntries(new URLSearchParams(location.search)));
  if (errand !== null) {
    await manager.signinRedirect({ state: { [ERRAND]: errand } });
    return leaving;
  }
  let user = await manager.getUser();
  if (!user || user.expired === true) {
    await redirect();
    return leaving;
  }
  const subject = user.profile.sub;
  manager.events.addUserLoaded((renewed) => {
    user = renewed;
    onChange(true);
  });
  manager.events.addAccessTokenExpired(() => {
    user = null;
    onChange(false);
  });
  const again = async () => {
    const own = crypto.randomUUID();
    const channel = channelOf(own);
    const take = async (renewed: User) => {
      await manager.storeUser(renewed);
      if (renewed.profile.sub === subject) await manager.events.load(renewed);
      else location.assign("/"); // somebody else: nothing of the one before may stay
    };
    channel.onmessage = ({ data }: MessageEvent<string>) => {
      channel.close();
      void take(User.fromStorageString(data));
    };
    if (window.open(`/?${ERRAND}=${own}`, "_blank", "popup,width=520,height=680") === null) {
      channel.close();
      await redirect();
    }
  };
  return {
    token: () => user?.access_token ?? "",
    again,
    leave: () => manager.signoutRedirect().catch(() => manager.removeUser().then(() => location.assign("/"))),
  };
}
