// The Content-Security-Policy of a site: what its own page holds, and the hosts that its configuration names.

import { createHash } from "node:crypto";

const AZURE_DEVOPS = "https://dev.azure.com";

/** Where avatars of each forge's people lie, besides on its own host. */
const IMAGES = {
  "azure-devops": [],
  github: ["https://avatars.githubusercontent.com"],
  gitlab: ["https://secure.gravatar.com"],
};

/** A site without a configuration may be given any later: servers of one's own, and emulators on this machine. */
const ANY = {
  connect: ["https:", "http://127.0.0.1:*", "http://localhost:*"],
  images: ["https:"],
};

/** The origin of an address; a policy may hold nothing else of what a configuration says. */
function origin(address, where) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!["http:", "https:"].includes(url?.protocol)) throw new Error(`${where} is no http or https address`);
  return url.origin;
}

/** The APIs that one object of `pipelines` or `manifests` leads to. */
function apis({ kind, api, releaseApi }, where) {
  const given = api === undefined ? undefined : origin(api, `${where}.api`);
  switch (kind) {
    case "azure-devops": {
      // A server of one's own has its releases where all the rest is.
      const own = given ?? AZURE_DEVOPS;
      const release = releaseApi === undefined ? (own === AZURE_DEVOPS ? "https://vsrm.dev.azure.com" : own) : origin(releaseApi, `${where}.releaseApi`);
      return { connect: [own, release], images: [own] };
    }
    case "github":
      // A server of one's own has its avatars on itself.
      return given && given !== "https://api.github.com"
        ? { connect: [given], images: [given] }
        : { connect: ["https://api.github.com"], images: IMAGES.github };
    case "gitlab": {
      const own = given ?? "https://gitlab.com";
      return { connect: [own], images: [own, ...IMAGES.gitlab] };
    }
    default:
      throw new Error(`${where}.kind is ${JSON.stringify(kind)}, which is no forge`);
  }
}

/** Where a sign-in exchanges its code: people are sent elsewhere too, which no policy limits. */
function exchange({ kind, authority, url, relay }, where) {
  switch (kind) {
    case "entra":
      return authority === undefined ? "https://login.microsoftonline.com" : origin(authority, `${where}.authority`);
    case "gitlab":
      return url === undefined ? "https://gitlab.com" : origin(url, `${where}.url`);
    case "github":
      return origin(relay, `${where}.relay`);
    default:
      throw new Error(`${where}.kind is ${JSON.stringify(kind)}, which signs nobody in`);
  }
}

/** The hosts that a configuration names. */
export function hosts(config) {
  if (config === undefined) return ANY;
  const connect = [];
  const images = [];
  for (const [n, { storage, pipelines, manifests }] of Object.entries(config.projects ?? [])) {
    const at = `projects[${n}]`;
    if (storage?.endpoint !== undefined) connect.push(origin(storage.endpoint, `${at}.storage.endpoint`));
    if (/^https?:/i.test(storage?.url ?? "")) connect.push(origin(storage.url, `${at}.storage.url`));
    const stages = pipelines === undefined || pipelines.kind !== undefined ? { "": pipelines } : pipelines;
    for (const [stage, forge] of [...Object.entries(stages).map(([name, value]) => [`pipelines${name && `.${name}`}`, value]), ["manifests", manifests]]) {
      if (forge === undefined) continue;
      const found = apis(forge, `${at}.${stage}`);
      connect.push(...found.connect);
      images.push(...found.images);
    }
  }
  for (const [n, signIn] of (config.signIn ?? []).entries()) connect.push(exchange(signIn, `signIn[${n}]`));
  for (const [n, avatars] of (config.avatars ?? []).entries()) images.push(origin(avatars, `avatars[${n}]`));
  const once = (list) => [...new Set(list)].sort();
  return { connect: once(connect), images: once(images) };
}

/** The hashes of what stands between <tag> and </tag> in a page. */
function hashes(html, tag) {
  const found = html.matchAll(new RegExp(`<${tag}\\b(?![^>]*\\bsrc=)[^>]*>([^]*?)</${tag}>`, "gi"));
  return [...found].filter(([, text]) => text).map(([, text]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
}

/** The policy for a page and a configuration. */
export function policy(html, config) {
  const { connect, images } = hosts(config);
  return [
    ["default-src", "'none'"],
    ["script-src", "'self'", "'wasm-unsafe-eval'", ...hashes(html, "script")],
    ["style-src", "'self'", ...hashes(html, "style")],
    ["img-src", "'self'", "data:", ...images],
    ["connect-src", "'self'", ...connect],
    ["manifest-src", "'self'"],
    ["worker-src", "'self'"],
    // No text becomes markup or a script, wherever it is from.
    ["require-trusted-types-for", "'script'"],
    ["base-uri", "'none'"],
    ["form-action", "'none'"],
  ].map((words) => words.join(" ")).join("; ");
}

/** The page with that policy as its first word. */
export function withPolicy(html, config) {
  if (/http-equiv="?content-security-policy/i.test(html)) throw new Error("index.html has a policy already");
  // Characters are declared within the first kilobyte, and a policy holds for what comes after it.
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(html, config)}">`;
  const done = html.replace(/<meta\s+charset="?utf-8"?\s*\/?>/i, (charset) => charset + meta);
  if (done === html) throw new Error("index.html does not declare its characters");
  return done;
}
