// The relay of docs/sign-in, as a process.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { freePort } from "../../free-port.mjs";
import { answers } from "./azurite.mjs";

const PROGRAM = fileURLToPath(new URL("../../../docs/sign-in/github-relay.mjs", import.meta.url));

/** Starts it with that environment, and nothing else of ours. End it with `stop`. */
export async function startRelay(env) {
  const port = await freePort();
  const child = spawn(process.execPath, [PROGRAM], { env: { ...env, PORT: String(port) }, stdio: ["ignore", "inherit", "inherit"] });
  const end = () => child.kill();
  process.once("exit", end);
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error("the relay has ended");
    await sleep(20);
  }
  return {
    url: `http://127.0.0.1:${port}/token`,
    async stop() {
      process.off("exit", end);
      child.kill();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
