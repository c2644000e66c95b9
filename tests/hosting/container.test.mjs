// The container: its server, run as the image runs it, and its Dockerfile.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { find } from "../capture/support.mjs";
import { freePort } from "../free-port.mjs";
import { WASM, checkHost, folder, get, makeSite } from "./site.mjs";

const CONTAINER = fileURLToPath(new URL("../../container/", import.meta.url));
const running = [];
after(() => running.forEach((child) => child.kill("SIGKILL")));

/** Program and configuration where everybody can read them: the homes of people are often closed to others. */
const readable = (() => {
  const dir = folder("server");
  chmodSync(dir, 0o755);
  const copy = (from, name, mode) => {
    const to = join(dir, name);
    copyFileSync(from, to);
    chmodSync(to, mode);
    return to;
  };
  return { caddy: copy(find("caddy"), "caddy", 0o755), caddyfile: copy(join(CONTAINER, "Caddyfile"), "Caddyfile", 0o644) };
})();

/** Starts it as nobody in particular, who can write nowhere. */
async function serve(env = {}) {
  const port = await freePort();
  const site = await makeSite();
  const config = folder("config");
  for (const dir of [site, config, dirname(site)]) chmodSync(dir, 0o755);
  const child = spawn(readable.caddy, ["run", "--config", readable.caddyfile, "--adapter", "caddyfile"], {
    env: { RINGSIDE_PORT: String(port), RINGSIDE_SITE: site, RINGSIDE_CONFIG: config, HOME: "/nonexistent", TMPDIR: "/nonexistent", ...env },
    ...(process.getuid() === 0 && { uid: 65532, gid: 65532 }),
    stdio: ["ignore", "ignore", "pipe"],
    cwd: "/",
  });
  running.push(child);
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  const url = `http://127.0.0.1:${port}/`;
  while (!(await get(`${url}healthz`).catch(() => undefined))) {
    assert.equal(child.exitCode, null, said);
    await pause(20);
  }
  return { url, config, said: () => said };
}

test("its server answers as any host should", async () => {
  const { url, said } = await serve();
  await checkHost(url);
  const { headers } = await get(url);
  assert.equal(headers["content-security-policy"], "frame-ancestors *");
  assert.equal(headers["referrer-policy"], "no-referrer");
  assert.equal(headers.server, undefined);
  const missing = await get(`${url}nothing`);
  assert.deepEqual([missing.status, missing.headers["content-type"], missing.body.toString()], [404, "text/plain; charset=utf-8", "404 Not Found"]);
  assert.equal((await get(url, {}, "POST")).status, 405);
  assert.deepEqual([(await get(`${url}healthz`)).status, (await get(`${url}healthz`)).body.toString()], [200, "ok"]);
  assert.doesNotMatch(said(), /"level":"(warn|error)"[^\n]*(permission|denied|read-only)/);
});

test("config.json comes from what is mounted, as it is at the moment", async () => {
  const { url, config } = await serve();
  assert.equal((await get(`${url}config.json`)).status, 404);
  for (const text of ['{"title":"One"}', '{"title":"Two, and longer"}']) {
    writeFileSync(join(config, "config.json"), text);
    const { status, headers, body } = await get(`${url}config.json`, { "accept-encoding": "br" });
    assert.deepEqual([status, body.toString(), headers["cache-control"]], [200, text, "no-cache"]);
    assert.equal(headers["content-type"], "application/json; charset=utf-8");
  }
  // What else lies there is not served.
  writeFileSync(join(config, "secret.json"), "{}");
  assert.equal((await get(`${url}secret.json`)).status, 404);
});

test("under a path, embedded by those who are named", async () => {
  const { url, config } = await serve({ RINGSIDE_BASE_PATH: "/deep/down", RINGSIDE_FRAME_ANCESTORS: "'self' https://portal.example" });
  const bare = await get(`${url}deep/down`);
  assert.deepEqual([bare.status, bare.headers.location], [301, "/deep/down/"]);
  await checkHost(`${url}deep/down/`);
  writeFileSync(join(config, "config.json"), "{}");
  assert.equal((await get(`${url}deep/down/config.json`)).status, 200);
  assert.equal((await get(`${url}deep/down/${WASM}`)).status, 200);
  assert.equal((await get(url)).headers["content-security-policy"], "frame-ancestors 'self' https://portal.example");
});

test("the Dockerfile is well made", () => {
  const file = join(CONTAINER, "Dockerfile");
  execFileSync(find("hadolint"), ["--failure-threshold", "style", file], { stdio: "pipe" });
  const text = readFileSync(file, "utf8");
  const instructions = text.split("\n").filter((line) => line && !line.startsWith("#"));
  assert.ok(instructions.includes("USER 65532:65532"));
  assert.ok(instructions.includes("EXPOSE 8080"));
  // One server, tested and shipped.
  const version = /^v(\S+)/.exec(execFileSync(find("caddy"), ["version"], { encoding: "utf8" }))[1];
  assert.ok(text.includes(`FROM caddy:${version}-alpine `), version);
});
