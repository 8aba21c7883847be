/** What this installation is (`/config.json`) and who is asking: a signed-in user, or in development a chosen tenant. */

import { create } from "zustand";

import { call, identify } from "./api/client";
import type { SignedIn } from "./signIn";

export interface AppConfig {
  readonly environment: string;
  readonly auth:
    | { readonly mode: "development"; readonly tenants: readonly string[] }
    | { readonly mode: "oidc"; readonly authority: string; readonly client_id: string };
}

export interface Me {
  readonly tenant_id: string;
  readonly subject: string;
  readonly roles: readonly string[];
}

interface Session {
  readonly config: AppConfig | null;
  readonly tenant: string;
  /** With a sign-in: the user, and how to leave. */
  readonly user: { readonly me: Me; readonly signedIn: SignedIn } | null;
  /** The sign-in has ended; what is on the screen stays. */
  readonly ended: boolean;
}

const KEY = "flowforge.tenant";

export const useSession = create<Session>(() => ({ config: null, tenant: "", user: null, ended: false }));

/** Read the configuration, and become whoever it says: the tenant of last time, or the user who signs in. */
export async function startSession(): Promise<void> {
  const { data: config } = await call<AppConfig>("/config.json");
  const { auth } = config;
  if (auth.mode === "oidc") {
    // Its library is loaded only where somebody signs in.
    const { signIn } = await import("./signIn");
    const signedIn = await signIn(auth, (valid) => useSession.setState({ ended: !valid }));
    identify(() => ({ authorization: `Bearer ${signedIn.token()}` }));
    const { data: me } = await call<Me>("/api/v1/me");
    useSession.setState({ config, tenant: me.tenant_id, user: { me, signedIn } });
    return;
  }
  const last = localStorage.getItem(KEY) ?? "";
  const tenant = auth.tenants.includes(last) ? last : (auth.tenants[0] ?? "");
  useSession.setState({ config, tenant });
  identify(() => ({ "X-Dev-Tenant": useSession.getState().tenant }));
}

/** Become another development tenant. */
export function chooseTenant(tenant: string): void {
  localStorage.setItem(KEY, tenant);
  useSession.setState({ tenant });
}
