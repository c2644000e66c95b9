// A certified OpenID provider on a server of its own, at the addresses and with the manners of Entra, GitLab or GitHub.

import { createServer } from "node:http";
import { once } from "node:events";

import Provider from "oidc-provider";

export const CLIENT = "ringside-test";
const ACCOUNT = "mara";
const STORAGE = "https://storage.azure.com";
const DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798";

/** The APIs that Entra knows: a resource here is an address, and a scope is the whole of what is asked for. */
const APIS = {
  [STORAGE]: { resource: STORAGE, scopes: [`${STORAGE}/user_impersonation`] },
  [DEVOPS]: { resource: `api://${DEVOPS}`, scopes: ["vso.build", "vso.code", "vso.release"].map((scope) => `${DEVOPS}/${scope}`) },
};
const OWN = { resource: "api://forge", scopes: ["read_api"] };

/** Entra tells the API by the scope; this provider wants it named. */
const resources = (scope = "") => Object.entries(APIS).filter(([id]) => scope.includes(id)).map(([, api]) => api.resource);

const MANNERS = {
  entra: { authorize: "/contoso/oauth2/v2.0/authorize", token: "/contoso/oauth2/v2.0/token" },
  gitlab: { authorize: "/oauth/authorize", token: "/oauth/token" },
  github: { authorize: "/login/oauth/authorize", token: "/login/oauth/access_token", secret: "the relay's secret" },
};

/**
 * Starts one for a page. With `secret` it is one that gives tokens only to who holds it, as GitHub does.
 * End it with `stop`.
 */
export async function startProvider(kind, redirect) {
  const { authorize, token, secret } = MANNERS[kind];
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  const state = {
    origin,
    /** Forms that came to the token endpoint, in order. */
    forms: [],
    /** Access and refresh tokens that were given. */
    tokens: [],
    refreshTokens: [],
    /** Whom tokens are for, if not for whom they were asked. */
    audience: undefined,
    /** What the next exchanges are answered instead: functions of the form. */
    refuse: undefined,
    authority: origin,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };

  const provider = new Provider(origin, {
    clients: [
      {
        client_id: CLIENT,
        redirect_uris: [redirect],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        ...(secret ? { client_secret: secret, token_endpoint_auth_method: "client_secret_post" } : { token_endpoint_auth_method: "none" }),
      },
    ],
    routes: { authorization: authorize, token },
    scopes: ["offline_access", ...OWN.scopes, ...Object.values(APIS).flatMap((api) => api.scopes)],
    cookies: { keys: ["of a test"] },
    pkce: { required: () => true },
    // GitHub's token endpoint answers no page.
    clientBasedCORS: () => !secret,
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => OWN.resource,
        useGrantedResource: () => true,
        getResourceServerInfo(_, resource) {
          const api = Object.values(APIS).find((each) => each.resource === resource);
          const scope = (api ?? OWN).scopes.join(" ");
          const format = api ? { accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } } : { accessTokenFormat: "opaque" };
          return { scope, audience: state.audience ?? resource, accessTokenTTL: 3600, ...format };
        },
      },
    },
    formats: {
      customizers: {
        // As Entra writes them, and the emulator wants them.
        jwt: (_, __, { payload }) => Object.assign(payload, { iss: "https://sts.windows.net/contoso/", nbf: payload.iat }),
      },
    },
  });
  provider.on("server_error", (_, error) => console.error(error));
  provider.on("access_token.saved", (token) => state.tokens.push(token.jti));
  provider.on("refresh_token.saved", (token) => state.refreshTokens.push(token));

  provider.use(async (ctx, next) => {
    if (ctx.path === authorize && ctx.query.client_id) {
      const wanted = kind === "entra" ? resources(ctx.query.scope) : [];
      // What an app of GitHub may do is its own matter: nobody asks for it by name.
      if (kind === "github") ctx.query = { ...ctx.query, scope: OWN.scopes[0] };
      if (wanted.length) ctx.query = { ...ctx.query, resource: wanted };
    }
    if (ctx.path === token && ctx.method === "POST") {
      const chunks = [];
      for await (const chunk of ctx.req) chunks.push(chunk);
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      state.forms.push(form);
      const refusal = state.refuse?.(form);
      if (refusal) {
        ctx.set("access-control-allow-origin", "*");
        Object.assign(ctx, { status: refusal.status ?? 400, body: refusal.body });
        return;
      }
      const wanted = kind === "entra" ? resources(form.scope) : [];
      // The word for renewal is Entra's own: here every session can be renewed.
      const scope = form.scope?.replace(" offline_access", "");
      ctx.req.body = wanted.length ? { ...form, scope, resource: wanted[0] } : form;
    }
    await next();
  });

  const app = provider.callback();
  server.on("request", async (request, response) => {
    const [, interaction, act] = /^\/interaction\/([^/?]+)(?:\/(\w+))?/.exec(request.url) ?? [];
    if (!interaction) return app(request, response);
    if (!act) {
      const link = (to, text) => `<a href="/interaction/${interaction}/${to}">${text}</a>`;
      response.setHeader("content-type", "text/html").setHeader("x-frame-options", "DENY");
      return response.end(`<!doctype html><title>Sign in</title>${link("yes", "Go on as Mara")} ${link("no", "Cancel")}`);
    }
    const { params } = await provider.interactionDetails(request, response);
    if (act === "no") {
      const refusal = { error: "access_denied", error_description: "AADSTS65004: User declined to consent." };
      return provider.interactionFinished(request, response, kind === "entra" ? refusal : { error: "access_denied" });
    }
    const grant = new provider.Grant({ accountId: ACCOUNT, clientId: CLIENT });
    grant.addOIDCScope(params.scope ?? "");
    for (const api of [...Object.values(APIS), OWN]) grant.addResourceScope(api.resource, api.scopes.join(" "));
    await provider.interactionFinished(request, response, { login: { accountId: ACCOUNT }, consent: { grantId: await grant.save() } });
  });
  return state;
}
