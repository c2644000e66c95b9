// Runs capture.sh as a pipeline would: in a shell of one's choice, with nothing in the environment but what is given.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { startAzurite } from "../e2e/support/azurite.mjs";

export const SCRIPT = fileURLToPath(new URL("../../public/capture.sh", import.meta.url));
/** The emulator's, the same on every machine. */
export const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
export const PARTITION = "trivia's";

const scratch = mkdtempSync(join(tmpdir(), "ringside-capture-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** A new folder, gone when the tests are. */
export const folder = (name) => mkdtempSync(join(scratch, `${name}-`));

/** Where a program lies. */
export function find(program) {
  const found = process.env.PATH.split(delimiter).map((dir) => join(dir, program)).find(existsSync);
  if (!found) throw new Error(`${program} is missing; ./x test installs it`);
  return found;
}

/** BusyBox with its own awk, sed and the rest before those of the system, as on Alpine. */
function busybox() {
  const program = find("busybox");
  const dir = folder("busybox");
  for (const applet of execFileSync(program, ["--list"], { encoding: "utf8" }).trim().split("\n")) {
    symlinkSync(program, join(dir, applet));
  }
  return { name: "busybox", program: join(dir, "sh"), path: `${dir}:${process.env.PATH}` };
}

/** The shells that it is held to. */
export const SHELLS = [
  { name: "dash", program: find("dash"), path: process.env.PATH },
  { name: "bash", program: find("bash"), path: process.env.PATH },
  busybox(),
];

/**
 * Runs the script. `env` is all of its environment; `flags` are the shell's; what it said comes back.
 *
 * @returns {Promise<{code: number, out: string, error: string}>}
 */
export async function capture(args, { shell = SHELLS[0], env = {}, flags = [], cwd = scratch, path = shell.path } = {}) {
  const child = spawn(shell.program, [...flags, SCRIPT, ...args], {
    cwd,
    env: { PATH: path, HOME: scratch, TMPDIR: scratch, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { out: "", error: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (texts.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (texts.error += text));
  const [code] = await once(child, "close");
  return { code, ...texts };
}

/** Where to write, as the environment says it. */
export const place = (table, sas = table.sas({ permissions: "rau" })) => ({
  RINGSIDE_ENDPOINT: table.azurite.endpoint,
  RINGSIDE_TABLE: table.name,
  RINGSIDE_PARTITION: PARTITION,
  RINGSIDE_SAS: sas,
});

/** All rows of a table, as they are, without the moments at which they were written. */
export async function rows(table) {
  const url = `${table.azurite.endpoint}/${table.name}()?${table.sas({ permissions: "r" })}`;
  const response = await fetch(url, { headers: { accept: "application/json;odata=nometadata" } });
  return (await response.json()).value.map(({ Timestamp, ...row }) => row);
}

let azurite;
/** A new table of an emulator that all tests of a file share. */
export async function newTable() {
  azurite ??= startAzurite();
  return (await azurite).createTable();
}

/** Ends the emulator, if one was started. */
export async function stop() {
  await (await azurite)?.stop();
}

/**
 * A table service that does as it is told: `answer(request, n)` gives `{ status, headers, body }`, or "reset", "hang"
 * or "cut" for what networks do. `requests` are those that came.
 */
export async function service(answer) {
  const requests = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    requests.push({ method: request.method, url: request.url, headers: request.headers, body: body && JSON.parse(body) });
    const reply = await answer(requests.at(-1), requests.length);
    if (reply === "hang") return;
    if (reply === "reset") return request.socket.destroy();
    if (reply === "cut") {
      response.writeHead(200, { "content-length": 1000 }).write('{"value":[{"RowKey":"a"');
      return setImmediate(() => request.socket.destroySoon());
    }
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  // A test that fails must not keep the others from ending.
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${server.address().port}/account`;
  const env = { RINGSIDE_ENDPOINT: endpoint, RINGSIDE_TABLE: "t", RINGSIDE_PARTITION: "p", RINGSIDE_SAS: "sp=rau&sig=x" };
  return {
    requests,
    env,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

export const DONE = { status: 204 };
export const page = (found, headers = {}) => ({ status: 200, headers, body: JSON.stringify({ value: found }) });

/** A folder with a program of that name, which notes its arguments in `log` and then runs the real one. */
export function noting(programs, log) {
  const dir = folder("noting");
  for (const program of programs) {
    const file = join(dir, program);
    writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$0" "$@" >>'${log}'\nexec '${find(program)}' "$@"\n`);
    chmodSync(file, 0o755);
  }
  return dir;
}
