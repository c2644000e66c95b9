// What docs/hosting has to copy: it fits its schemas, and does what it says.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

import { parse } from "yaml";

import { find } from "../capture/support.mjs";
import { fits } from "../schemas.mjs";
import { WASM, folder, makeSite } from "./site.mjs";

const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));
const text = (path) => readFileSync(join(DOCS, "hosting", path), "utf8");

test("the workflows are what their CI reads, and use what they should", () => {
  const github = parse(text("github-pages.yml"));
  fits("github-workflows", github);
  assert.deepEqual(github.permissions, { contents: "read", pages: "write", "id-token": "write" });
  fits("gitlab-ci", parse(text("gitlab-pages.yml")));
});

test("the workflow for GitHub Pages refuses a SAS", () => {
  const { run } = parse(text("github-pages.yml")).jobs.publish.steps.find(({ name }) => /SAS/.test(name ?? ""));
  for (const [config, status] of [['{"storage":{"sas":"sv=1&sig=x"}}', 1], ["{}", 0]]) {
    const cwd = folder("repository");
    mkdirSync(join(cwd, "dist"));
    writeFileSync(join(cwd, "config.json"), config);
    assert.equal(spawnSync("bash", ["-e", "-c", run], { cwd }).status, status);
    assert.equal(existsSync(join(cwd, "dist/config.json")), status === 0);
  }
});

test("Azure Blob gets hashed files compressed and kept, and the rest as it is", async () => {
  execFileSync(find("shellcheck"), [join(DOCS, "hosting/azure-blob.sh")], { stdio: "pipe" });
  const dist = await makeSite("{}");
  const bin = folder("bin");
  const seen = folder("seen");
  // Keeps what it is asked to upload, each call in a folder of its own.
  writeFileSync(join(bin, "az"), `#!/bin/sh\nn=$(ls '${seen}' | wc -l)\nmkdir '${seen}'/$n\nprintf '%s\\n' "$@" >'${seen}'/$n/arguments\nwhile [ "$1" != --source ]; do shift; done\ncp -R "$2" '${seen}'/$n/files\n`);
  chmodSync(join(bin, "az"), 0o755);
  execFileSync("sh", [join(DOCS, "hosting/azure-blob.sh"), dist, "account", "--auth-mode", "login"], { env: { PATH: `${bin}:${process.env.PATH}` } });
  const call = (n) => ({
    files: readdirSync(join(seen, n, "files")).sort(),
    options: readFileSync(join(seen, n, "arguments"), "utf8").trim().split("\n").filter((_, at) => at !== 4),
  });
  const always = ["storage", "blob", "upload-batch", "--source", "--destination", "$web", "--account-name", "account", "--overwrite"];
  const hashed = call("0");
  assert.deepEqual(hashed.files, ["ringside-0123456789abcdef.js", WASM, "style-0123456789abcdef.css"]);
  assert.deepEqual(hashed.options, [...always, "--content-encoding", "br", "--content-cache-control", "public, max-age=31536000, immutable", "--auth-mode", "login"]);
  const sent = readFileSync(join(seen, "0/files", WASM));
  assert.deepEqual(brotliDecompressSync(sent), readFileSync(join(dist, WASM)));
  const named = call("1");
  assert.deepEqual(named.files, ["capture.sh", "config.json", "config.schema.json", "empty", "favicon.svg", "index.html", "small.txt"]);
  assert.deepEqual(named.options, [...always, "--content-cache-control", "no-cache", "--auth-mode", "login"]);
  assert.deepEqual(readdirSync(seen).length, 2);
});

test("Azure Static Web Apps keeps what has a hash, and nothing else", () => {
  const { globalHeaders, mimeTypes, routes, ...rest } = JSON.parse(text("staticwebapp.config.json"));
  assert.deepEqual(Object.keys(rest), ["$schema"]);
  assert.equal(globalHeaders["X-Content-Type-Options"], "nosniff");
  assert.equal(mimeTypes[".wasm"], "application/wasm");
  for (const { route, headers, ...more } of routes) {
    assert.deepEqual(more, {});
    // A star stands at the end of a route, but for the names' endings.
    assert.match(route, /^\/[a-z.]*(\*\.\{[a-z,]+\})?$/);
    assert.equal(headers["Cache-Control"], /wasm/.test(route) ? "public, max-age=31536000, immutable" : "no-cache");
  }
});

test("links between the pages lead somewhere", () => {
  const pages = readdirSync(DOCS, { recursive: true }).filter((name) => name.endsWith(".md")).map((name) => join(DOCS, name));
  for (const page of [...pages, join(DOCS, "../README.md")]) {
    // What stands in a block of code leads from where it is copied to.
    const prose = readFileSync(page, "utf8").replace(/^```[^]*?^```$/gm, "");
    for (const [, target] of prose.matchAll(/\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)/g)) {
      assert.ok(!target || existsSync(join(page, "..", target)), `${page}: ${target}`);
    }
  }
});
