/** A certified OpenID provider (panva's oidc-provider) on loopback: one public client, users who are what they say. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import Provider from "oidc-provider";

export const CLIENT = "flowforge";
const RESOURCE = "urn:flowforge:api";

export interface OpenId {
  readonly issuer: string;
  /** Seconds for which the access tokens of now on are valid. */
  lifetime: number;
  /** Whether it lets anybody renew a token. */
  renews: boolean;
  readonly stop: () => Promise<void>;
}

/** Start it on a port; the tenant is its own, a user's role is its login. */
export async function startProvider(tenant: string, application: string): Promise<OpenId> {
  const server = await listening();
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const state = { lifetime: 600, renews: true };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT,
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        redirect_uris: [`${application}/`],
        post_logout_redirect_uris: [`${application}/`],
      },
    ],
    clientBasedCORS: (_context, origin) => origin === application,
    cookies: { keys: ["for a test alone"] },
    claims: { profile: ["name"] },
    pkce: { required: () => true },
    ttl: { AccessToken: () => state.lifetime, Grant: 3_600, IdToken: 600, Interaction: 600, Session: 3_600 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, name: id }) }),
    issueRefreshToken: () => Promise.resolve(state.renews),
    extraTokenClaims: (_context, token) => ({
      tenant_id: tenant,
      roles: "accountId" in token ? [token.accountId] : [],
    }),
    features: {
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "",
          audience: CLIENT,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => void answer(request, response));
  return Object.assign(state, {
    issuer,
    stop: () =>
      new Promise<void>((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  });
}

async function listening(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}
