// A small site with files of every kind that a built one has, and what any host of it has to answer.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { compress } from "../../tools/compress.mjs";

const scratch = mkdtempSync(join(tmpdir(), "ringside-hosting-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** A new folder, gone when the tests are. */
export const folder = (name) => mkdtempSync(join(scratch, `${name}-`));

const PAGE = `<!doctype html><title>Ringside</title>${"<p>much the same</p>".repeat(99)}`;
export const WASM = "ringside-0123456789abcdef_bg.wasm";
const FILES = {
  "index.html": PAGE,
  [WASM]: `\0asm${"code".repeat(999)}`,
  "ringside-0123456789abcdef.js": "let a = 1;\n".repeat(99),
  "style-0123456789abcdef.css": "p { color: red }\n".repeat(99),
  "favicon.svg": `<svg xmlns="http://www.w3.org/2000/svg">${"<g/>".repeat(200)}</svg>`,
  "config.schema.json": JSON.stringify({ a: "b".repeat(999) }),
  "capture.sh": "#!/bin/sh\n".repeat(99),
  "small.txt": "small",
};

/** Makes it, compressed as `./x build` does. Without `config` there is no config.json. */
export async function makeSite(config) {
  const dir = folder("site");
  mkdirSync(join(dir, "empty"));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(dir, name), text);
  if (config) writeFileSync(join(dir, "config.json"), config);
  await compress(dir);
  return dir;
}

/** One request, with nothing done to the answer. */
export function get(url, headers = {}, method = "GET") {
  return new Promise((done, failed) => {
    const sent = request(url, { headers, method }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
    });
    sent.once("error", failed).end();
  });
}

const IMMUTABLE = "public, max-age=31536000, immutable";
const decoded = { br: brotliDecompressSync, gzip: gunzipSync };

/** What each host that negotiates has to answer; without `brotli` one that has only the gzip copies. */
export async function checkHost(base, { brotli = true } = {}) {
  const best = brotli ? "br" : "gzip";
  async function check(path, accept, { status = 200, type, cache = "no-cache", encoding }) {
    const name = path || "index.html";
    const { status: got, headers, body } = await get(base + path, accept && { "accept-encoding": accept });
    const about = `${path} ${accept}`;
    assert.equal(got, status, about);
    if (status !== 200) return undefined;
    // The older name of scripts' type, which servers still send.
    const is = headers["content-type"]?.replace("; ", ";").replace("application/javascript", "text/javascript");
    assert.equal(is?.toLowerCase(), type, about);
    assert.equal(headers["cache-control"], cache, about);
    assert.equal(headers["content-encoding"], encoding, about);
    assert.equal(headers["x-content-type-options"], "nosniff", about);
    assert.match(headers.vary ?? "", /accept-encoding/i, about);
    assert.equal((decoded[encoding] ?? String)(body).toString(), FILES[name], about);
    // Known, and not changed: nothing is sent.
    const again = await get(base + path, { ...(accept && { "accept-encoding": accept }), "if-none-match": headers.etag });
    assert.deepEqual([again.status, again.body.length], [304, 0], about);
    return headers.etag;
  }
  const chrome = "gzip, deflate, br, zstd";
  const html = "text/html;charset=utf-8";
  for (const path of ["", "index.html"]) {
    const etags = [
      await check(path, chrome, { type: html, encoding: best }),
      await check(path, "gzip", { type: html, encoding: "gzip" }),
      await check(path, undefined, { type: html }),
    ];
    assert.equal(new Set(etags).size, brotli ? 3 : 2, "each encoding has an ETag of its own");
  }
  await check(WASM, chrome, { type: "application/wasm", cache: IMMUTABLE, encoding: best });
  await check(WASM, "br;q=0, gzip", { type: "application/wasm", cache: IMMUTABLE, encoding: "gzip" });
  await check(WASM, "identity", { type: "application/wasm", cache: IMMUTABLE });
  await check("ringside-0123456789abcdef.js", chrome, { type: "text/javascript;charset=utf-8", cache: IMMUTABLE, encoding: best });
  await check("style-0123456789abcdef.css", chrome, { type: "text/css;charset=utf-8", cache: IMMUTABLE, encoding: best });
  await check("favicon.svg", chrome, { type: "image/svg+xml", encoding: best });
  await check("config.schema.json", chrome, { type: "application/json;charset=utf-8", encoding: best });
  await check("capture.sh", chrome, { type: "text/plain;charset=utf-8", encoding: best });
  for (const path of ["nothing", "config.json", "empty/nothing.js", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc/passwd"]) {
    const { status, headers } = await get(base + path, { "accept-encoding": chrome });
    assert.ok([400, 404].includes(status), `${path}: ${status}`);
    assert.doesNotMatch(headers["cache-control"] ?? "", /max-age=[1-9]/, path);
  }
}
