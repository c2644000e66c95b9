// docs/hosting/nginx.conf, by the server that it is for, where that is installed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { freePort } from "../free-port.mjs";
import { checkHost, folder, get, makeSite } from "./site.mjs";

const CONFIGURATION = readFileSync(fileURLToPath(new URL("../../docs/hosting/nginx.conf", import.meta.url)), "utf8");
const PROGRAM = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].find(existsSync);
const TYPES = "/etc/nginx/mime.types";
const running = [];
after(() => running.forEach((child) => child.kill("SIGKILL")));

/** Replaces what belongs to a machine, and only that. */
function here(text, [from, to]) {
  assert.equal(text.split(from).length, 2, from);
  return text.replace(from, to);
}

const skip = PROGRAM && existsSync(TYPES) ? false : "nginx is not installed";
test("nginx answers as any host should, with the gzip copies", { skip }, async () => {
  const site = await makeSite();
  const port = await freePort();
  const dir = folder("nginx");
  for (const open of [site, dirname(site)]) chmodSync(open, 0o755);
  const paths = [["listen 8080;", `listen 127.0.0.1:${port};`], ["root /var/www/ringside;", `root ${site};`], ["include mime.types;", `include ${TYPES};`]];
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${dir}/${kind};`);
  writeFileSync(join(dir, "nginx.conf"), `daemon off; master_process off; pid ${dir}/pid; error_log stderr; events {}
http { access_log off; ${temporary.join(" ")} ${paths.reduce(here, CONFIGURATION)} }`);
  const child = spawn(PROGRAM, ["-e", "stderr", "-c", join(dir, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  running.push(child);
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  const url = `http://127.0.0.1:${port}/`;
  while (!(await get(url).catch(() => undefined))) {
    assert.equal(child.exitCode, null, said);
    await pause(20);
  }
  await checkHost(url, { brotli: false });
});
