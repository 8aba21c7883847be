/** What this installation is (`/config.json`) and who is asking: in development, a chosen tenant. */

import { create } from "zustand";

import { call, identify } from "./api/client";

export interface AppConfig {
  readonly environment: string;
  readonly auth:
    | { readonly mode: "development"; readonly tenants: readonly string[] }
    | { readonly mode: "oidc"; readonly authority: string; readonly client_id: string };
}

interface Session {
  readonly config: AppConfig | null;
  readonly tenant: string;
}

const KEY = "flowforge.tenant";

export const useSession = create<Session>(() => ({ config: null, tenant: "" }));

/** Read the configuration and take up the tenant of last time, if it still exists. */
export async function startSession(): Promise<void> {
  const { data: config } = await call<AppConfig>("/config.json");
  const tenants = config.auth.mode === "development" ? config.auth.tenants : [];
  const last = localStorage.getItem(KEY) ?? "";
  useSession.setState({ config, tenant: tenants.includes(last) ? last : (tenants[0] ?? "") });
  identify(identityHeaders);
}

function identityHeaders(): Readonly<Record<string, string>> {
  const { config, tenant } = useSession.getState();
  return config?.auth.mode === "development" ? { "X-Dev-Tenant": tenant } : {};
}

/** Become another development tenant. */
export function chooseTenant(tenant: string): void {
  localStorage.setItem(KEY, tenant);
  useSession.setState({ tenant });
}
