// The release archive and the policy of its page.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

import { hosts, policy, withPolicy } from "../../tools/policy.mjs";
import { folder, makeSite } from "./site.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PAGE = `<!doctype html><html><head><meta charset="utf-8"><style>p { color: red }</style><script>let a = "1";</script>
<script type="module">import "./a.js";</script><script type="module" src="b.js"></script></head><body></body></html>`;

const table = (endpoint) => ({ kind: "azure-table", endpoint, table: "deployments" });
const CONFIG = {
  projects: [
    {
      name: "one",
      storage: table("https://one.table.core.windows.net"),
      pipelines: { kind: "azure-devops", organization: "contoso", project: "one" },
      manifests: { kind: "github", repository: "contoso/manifests" },
    },
    {
      name: "two",
      storage: { kind: "snapshot", url: "snapshot.json" },
      pipelines: {
        build: { kind: "github", repository: "contoso/two", api: "https://git.contoso.example/api/v3" },
        release: { kind: "gitlab", project: "7", api: "https://lab.contoso.example:8443/api/v4" },
        manifest: { kind: "azure-devops", organization: "c", project: "p", api: "https://tfs.contoso.example" },
      },
    },
  ],
};

test("the hosts of a configuration are those that it names", () => {
  assert.deepEqual(hosts(CONFIG), {
    connect: [
      "https://api.github.com",
      "https://dev.azure.com",
      "https://git.contoso.example",
      "https://lab.contoso.example:8443",
      "https://one.table.core.windows.net",
      "https://tfs.contoso.example",
      "https://vsrm.dev.azure.com",
    ],
    images: [
      "https://avatars.githubusercontent.com",
      "https://dev.azure.com",
      "https://git.contoso.example",
      "https://lab.contoso.example:8443",
      "https://secure.gravatar.com",
      "https://tfs.contoso.example",
    ],
  });
  assert.deepEqual(hosts({ projects: [{ storage: table("http://127.0.0.1:10002/devstoreaccount1") }] }), { connect: ["http://127.0.0.1:10002"], images: [] });
  assert.throws(() => hosts({ projects: [{ storage: table("https://x; script-src *") }] }), /projects\[0\]\.storage\.endpoint is no http/);
  assert.throws(() => hosts({ projects: [{ storage: table("javascript:x") }] }), /no http/);
  assert.throws(() => hosts({ projects: [{ pipelines: { build: { kind: "odd" } } }] }), /projects\[0\]\.pipelines\.build\.kind is "odd"/);
});

test("a site that is given its configuration later can use any, and still runs no script but its own", () => {
  assert.deepEqual(hosts(undefined), { connect: ["https:", "http://127.0.0.1:*", "http://localhost:*"], images: ["https:"] });
  assert.match(policy(PAGE.replaceAll(/<script>.*?<\/script>|<script type="module">.*?<\/script>/g, ""), undefined), /; script-src 'self' 'wasm-unsafe-eval'; /);
});

test("the hosts of a configuration are also those that sign people in", () => {
  const signIn = [
    { kind: "entra", clientId: "c", tenant: "t" },
    { kind: "gitlab", clientId: "c", url: "https://lab.contoso.example/gitlab" },
    { kind: "github", clientId: "c", relay: "https://relay.contoso.example/token" },
  ];
  assert.deepEqual(hosts({ signIn }).connect, ["https://lab.contoso.example", "https://login.microsoftonline.com", "https://relay.contoso.example"]);
  assert.throws(() => hosts({ signIn: [{ kind: "github", relay: "x; script-src *" }] }), /signIn\[0\]\.relay is no http/);
  assert.throws(() => hosts({ signIn: [{ kind: "odd" }] }), /signs nobody in/);
});

test("a policy allows what the page holds, and no other script", () => {
  const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const words = Object.fromEntries(policy(PAGE, CONFIG).split("; ").map((part) => [part.split(" ")[0], part.split(" ").slice(1)]));
  assert.deepEqual(words["default-src"], ["'none'"]);
  assert.deepEqual(words["script-src"], ["'self'", "'wasm-unsafe-eval'", hash('let a = "1";'), hash('import "./a.js";')]);
  assert.deepEqual(words["style-src"], ["'self'", hash("p { color: red }")]);
  assert.deepEqual(words["connect-src"].slice(1), hosts(CONFIG).connect);
  assert.deepEqual(words["img-src"].slice(2), hosts(CONFIG).images);
  assert.deepEqual([words["base-uri"], words["form-action"]], [["'none'"], ["'none'"]]);
  const strict = policy("<!doctype html><meta charset=utf-8><script src=a.js></script>", CONFIG);
  assert.match(strict, /; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; /);
  const html = withPolicy(PAGE, CONFIG);
  assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<style"));
  assert.throws(() => withPolicy(html, CONFIG), /already/);
});

/** Packs a site; the archive unpacked, and what was said. */
async function pack(config) {
  const site = await makeSite("{}");
  writeFileSync(join(site, "index.html"), PAGE.replace("<body>", `<body>${"words ".repeat(200)}`));
  const out = folder("out");
  const file = join(out, "given.json");
  if (config) writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/package.mjs", "--site", site, "--out", out, ...(config ? ["--config", file] : [])], { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) return { status, stderr };
  const archive = readdirSync(out).find((name) => name.endsWith(".tar.gz"));
  execFileSync("sha256sum", ["--check", "--quiet", `${archive}.sha256`], { cwd: out });
  const to = folder("unpacked");
  execFileSync("tar", ["--extract", "--file", join(out, archive), "--directory", to]);
  const dir = join(to, archive.replace(".tar.gz", ""));
  return { status, stdout, stderr, dir, bytes: readFileSync(join(out, archive)) };
}

test("an archive holds the site, what goes with it, and sums that fit", async () => {
  const { dir, stderr } = await pack(CONFIG);
  assert.equal(stderr, "");
  execFileSync("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: dir });
  for (const path of ["capture.sh", "chart/ringside/Chart.yaml", "container/Dockerfile", "docs/capture/README.md", "docs/hosting/README.md", "docs/embedding.md", "README.md", "LICENSE-MIT", "dist/config.json"]) {
    assert.ok(existsSync(join(dir, path)), path);
  }
  const page = readFileSync(join(dir, "dist/index.html"), "utf8");
  assert.ok(page.includes(`content="${policy(page.replace(/<meta http-equiv[^>]*>/, ""), CONFIG)}"`));
  // The copies are of the page as it is now.
  assert.equal(brotliDecompressSync(readFileSync(join(dir, "dist/index.html.br"))).toString(), page);

  const bom = JSON.parse(readFileSync(join(dir, "sbom.cdx.json"), "utf8"));
  assert.deepEqual([bom.bomFormat, bom.specVersion, bom.metadata.component.name], ["CycloneDX", "1.5", "ringside"]);
  assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const scope = (name) => bom.components.find((component) => component.name === name)?.scope;
  assert.deepEqual([scope("leptos"), scope("wasm-bindgen"), scope("serde_json"), scope("azurite")], ["required", "required", "required", "excluded"]);
  for (const { name, version, purl, hashes } of bom.components) {
    assert.ok(name && version && purl);
    for (const { content } of hashes ?? []) assert.match(content, /^[0-9a-f]{64,128}$/);
  }
  const refs = bom.components.map((component) => component["bom-ref"]);
  assert.equal(new Set(refs).size, refs.length);
  const lock = readFileSync(join(ROOT, "Cargo.lock"), "utf8").match(/^name = /gm).length;
  assert.equal(refs.filter((ref) => ref.startsWith("pkg:cargo/")).length, lock - 1);
});

test("the same site makes the same archive", async () => {
  const [one, other] = [await pack(CONFIG), await pack(CONFIG)];
  assert.ok(one.bytes.equals(other.bytes));
});

test("a configuration with a SAS is left out, one that cannot be read stops it, and none is none", async () => {
  const sas = structuredClone(CONFIG);
  sas.projects[0].storage.sas = "sv=1&sig=t0ps3cret";
  const packed = await pack(sas);
  assert.match(packed.stderr, /holds a SAS, so it is left out/);
  assert.ok(!existsSync(join(packed.dir, "dist/config.json")));
  assert.ok(!packed.stdout.includes("t0ps3cret"));
  assert.equal(spawnSync("grep", ["-r", "t0ps3cret", packed.dir]).status, 1);
  const broken = await pack("{");
  assert.equal(broken.status, 1);
  assert.match(broken.stderr, /given\.json: /);
  const none = await pack();
  assert.ok(!existsSync(join(none.dir, "dist/config.json")));
  assert.match(none.stdout, /connect-src 'self' https: /);
});
