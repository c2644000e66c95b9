// The built site on a server of its own, with a config.json and files that a test puts beside it.

import { mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { serveSite } from "../serve.mjs";

const DIST = fileURLToPath(new URL("../../../dist", import.meta.url));

/** Serves dist/ under `base`. Without a config, config.json is not there. */
export async function startSite({ base = "/" } = {}) {
  const dir = await mkdtemp(join(tmpdir(), "ringside-e2e-"));
  const aside = await mkdtemp(join(tmpdir(), "ringside-e2e-"));
  for (const name of await readdir(DIST)) await symlink(join(DIST, name), join(dir, name));

  const site = {
    /** What config.json answers: an object, a `Response`, or nothing. */
    config: undefined,

    /** Puts a file beside index.html, or in place of one of dist/, whose own stays as it is. */
    async put(name, content) {
      for (const copy of [".br", ".gz"]) await rm(join(dir, name + copy), { force: true });
      // A page that asks meanwhile gets the old file or the new one, whole.
      const whole = join(aside, name);
      await writeFile(whole, typeof content === "string" ? content : JSON.stringify(content));
      await rename(whole, join(dir, name));
    },

    /** What is made anew for each request, by the name of the file. */
    made: {},

    /** One project with that storage; the page refreshes only by hand unless `more` says otherwise. */
    use(storage, more = {}) {
      site.config = { refreshSeconds: 0, projects: [{ name: "trivia", storage }], ...more };
    },

    /** One project whose rows are in a file beside the page. */
    async useRows(rows, more = {}) {
      await site.put("snapshot.json", { value: rows });
      site.use({ kind: "snapshot", url: "snapshot.json" }, more);
    },

    async close() {
      await server.close();
      for (const one of [dir, aside]) await rm(one, { recursive: true });
    },
  };

  const config = () => (site.config instanceof Response ? site.config.clone() : site.config);
  const server = await serveSite({ dir, base, config, made: site.made });
  site.url = server.url;
  site.origin = new URL(server.url).origin;
  return site;
}
