// Serves the built site, for people (`./x serve`) and for the tests (`serveSite`). Files are read anew on every
// request, so that an edited config.json or a new build shows on reload. Where a compressed copy lies beside a file and
// the browser takes it, that is what is sent.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".sh": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** By preference. */
const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
];

// A name that carries its content's hash: ringside-1f2e3d4c5b6a7988_bg.wasm
const HASHED = /-[0-9a-f]{8,16}(_bg)?\.(css|js|wasm)$/;

const plain = (status, text) => ({ status, type: "text/plain; charset=utf-8", body: `${text}\n` });
const NOT_FOUND = plain(404, "Not found");

/**
 * Serves the folder `dir` on 127.0.0.1, under the path `base`; port 0 takes any free one.
 *
 * `config` answers /config.json in place of the folder's own: a file's path, an object, or a function of the request
 * that returns an object, a `Response` (any status, any text) or nothing (404). `made` has such functions for other
 * names.
 *
 * @returns {Promise<{url: string, close: () => Promise<void>}>} the address, with a slash at its end
 */
export async function serveSite({ dir, port = 0, base = "/", config, made = {} }) {
  const root = resolve(dir);

  async function answer(request) {
    if (!["GET", "HEAD"].includes(request.method)) return plain(405, "Only reads are answered");
    const { pathname } = new URL(request.url, "http://localhost");
    if (`${pathname}/` === base) return { status: 301, headers: { location: base }, body: "" };
    if (!pathname.startsWith(base)) return NOT_FOUND;
    const path = decodeURIComponent(pathname.slice(base.length));
    if (path === "config.json" && config !== undefined) return configAnswer(config, request);
    if (Object.hasOwn(made, path)) return configAnswer(made[path], request);
    return fileAnswer(root, path, request);
  }

  const server = createServer(async (request, response) => {
    const { status, type, headers, body = "" } = await answer(request).catch(failure);
    response.writeHead(status, {
      "cache-control": "no-cache",
      ...(status !== 304 && { "content-length": Buffer.byteLength(body) }),
      "x-content-type-options": "nosniff",
      ...(type && { "content-type": type }),
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));

  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

async function configAnswer(config, request) {
  if (typeof config === "string") return { status: 200, type: TYPES[".json"], body: await readFile(config) };
  const value = typeof config === "function" ? await config(request) : config;
  if (value === undefined || value === null) return NOT_FOUND;
  if (value instanceof Response) {
    const body = Buffer.from(await value.arrayBuffer());
    return { status: value.status, headers: Object.fromEntries(value.headers), body };
  }
  return { status: 200, type: TYPES[".json"], body: JSON.stringify(value) };
}

async function fileAnswer(root, path, request) {
  let file = resolve(join(root, path));
  if (file !== root && !file.startsWith(root + sep)) return NOT_FOUND;
  if ((await stat(file)).isDirectory()) file = join(file, "index.html");
  const { encoding, body } = await read(file, request.headers["accept-encoding"] ?? "");
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const headers = {
    etag,
    vary: "accept-encoding",
    ...(encoding && { "content-encoding": encoding }),
    ...(HASHED.test(file) && { "cache-control": "public, max-age=31536000, immutable" }),
  };
  const known = (request.headers["if-none-match"] ?? "").split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
  if (known) return { status: 304, headers };
  return { status: 200, type: TYPES[extname(file)] ?? "application/octet-stream", headers, body };
}

/** The file, or the copy of it that takes least and is accepted. */
async function read(file, accepted) {
  const refused = new Set();
  const named = new Set();
  for (const part of accepted.toLowerCase().split(",")) {
    const [name, ...parameters] = part.split(";").map((text) => text.trim());
    (parameters.some((text) => /^q=0(\.0*)?$/.test(text)) ? refused : named).add(name);
  }
  for (const [encoding, extension] of ENCODINGS) {
    if (refused.has(encoding) || !(named.has(encoding) || named.has("*"))) continue;
    const body = await readFile(file + extension).catch(() => undefined);
    if (body) return { encoding, body };
  }
  return { body: await readFile(file) };
}

/** What is not there is a 404; a path that can't be decoded is the asker's mistake; the rest is ours. */
function failure(error) {
  if (["ENOENT", "ENOTDIR"].includes(error.code)) return NOT_FOUND;
  if (error instanceof URIError || error.code?.startsWith("ERR_INVALID")) return plain(400, "Not a path");
  return plain(500, error.message);
}

async function main() {
  const options = { dir: { type: "string" }, port: { type: "string" }, config: { type: "string" } };
  const { values } = parseArgs({ options });
  try {
    const site = await serveSite({ ...values, port: Number(values.port) });
    // Without the slash, and alone on its line, for people and scripts to pick up.
    console.log(site.url.slice(0, -1));
  } catch (error) {
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
    const why = error.code === "EACCES" ? "is not allowed for you" : "is taken";
    console.error(`x: port ${values.port} ${why}; pick another with --port N`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
