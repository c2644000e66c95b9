// Azure DevOps, GitHub and GitLab, each on an origin of its own, as the program `forges` (tests/forges) plays them.
//
// What is said, to whom, and how often is the program's business; this speaks HTTP, can disturb it, and holds what
// GitHub is sent against GitHub's own descriptions: its OpenAPI document and its GraphQL schema.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { whatGitHubRefuses } from "./github-rules.mjs";

const PROGRAM =
  process.env.RINGSIDE_FORGES ?? fileURLToPath(new URL("../../../target/debug/examples/forges", import.meta.url));

/** The tokens that open everything. */
export const TOKENS = { "azure-devops": "pat-of-mara", github: "ghp_mara", gitlab: "glpat-mara" };

/** Which forge a token of each origin is of: the releases of a server of its own want one too. */
export const FORGE_OF = { "azure-devops": "azure-devops", releases: "azure-devops", github: "github", gitlab: "gitlab" };

/** Has tokens been entered, for the tab; `other`, by origin's name, in place of those that are good, or none. */
export async function enterTokens(page, forges, other = {}) {
  const all = Object.entries(FORGE_OF).map(([name, forge]) => [forges.origins[name], name in other ? other[name] : TOKENS[forge]]);
  await page.addInitScript((entries) => {
    for (const [origin, token] of entries) sessionStorage.setItem(`ringside.credential.${origin}`, token);
  }, all.filter(([, token]) => token));
}

const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill="#778" d="M0 0h1v1H0z"/></svg>';
const SIGN_IN = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to go on.</body></html>";

/**
 * Starts them over a world: the hand-made story, or a seed's. It is as of now, and goes on as time does.
 * End them with `stop`.
 */
export async function startForges({ seed } = {}) {
  const forges = new Forges();
  await forges.start(seed);
  return forges;
}

class Forges {
  #child;
  #servers = [];
  #waiting = new Map();
  #ids = 0;
  #ahead = 0;
  #faults = new Map();
  #violations = [];

  /** Every request but preflights, in order: forge, method, url, headers, body, status. */
  requests = [];
  /** Origins by name: azure-devops, releases, github, gitlab, pictures. */
  origins = {};

  async start(seed) {
    this.#child = spawn(PROGRAM, { stdio: ["pipe", "pipe", "inherit"] });
    await Promise.race([once(this.#child, "spawn"), once(this.#child, "error").then(([error]) => Promise.reject(error))]);
    process.once("exit", this.#end);
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const answer = JSON.parse(line);
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    this.#child.on("exit", () => {
      for (const done of this.#waiting.values()) done({ error: "the program forges has ended" });
    });

    for (const [name, forge] of [
      ["azure-devops", "azure-devops"],
      ["releases", "azure-devops"],
      ["github", "github"],
      ["gitlab", "gitlab"],
      ["pictures", undefined],
    ]) {
      this.origins[name] = await this.#listen(forge ? (...call) => this.#serve(name, forge, ...call) : picture);
    }
    /** When the world's story was told: all its times are before this, but for what still runs. */
    this.started = Math.floor(Date.now() / 1000) * 1000;
    const world = seed === undefined ? { story: true } : { seed };
    this.#write({ ...world, start: this.started, pictures: this.origins.pictures });
    await this.setTokens(Object.entries(TOKENS).map(([forge, text]) => ({ forge, text })));
  }

  async stop() {
    process.off("exit", this.#end);
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
    if (this.#child.exitCode !== null) return;
    this.#child.stdin.end();
    await once(this.#child, "exit");
  }

  #end = () => this.#child.kill();

  // --- What a test does ---------------------------------------------------------------------------------------------

  /** The world's now. */
  get now() {
    return Date.now() + this.#ahead;
  }

  /** Lets the world go on by so many milliseconds at once. The page's clock does not notice. */
  advance(milliseconds) {
    this.#ahead += milliseconds;
  }

  /**
   * Disturbs a forge (or `releases`), for the next `times` requests: `status` with `body` and `headers`; `html`, a web
   * page; `half` of the body; `cut`, the connection ends (a browser may try once more by itself); `hang`, no answer
   * ever; `delay`, so many milliseconds before it; `alter`, what a good answer's JSON becomes. `only` picks requests.
   */
  disturb(name, { times = Infinity, only = () => true, ...fault }) {
    this.#faults.set(name, { left: times, only, ...fault });
  }

  mend(name) {
    this.#faults.delete(name);
  }

  /** The tokens there are: `{forge, text, reads}`; `reads` of runs, releases, commits, pull-requests, or all. */
  setTokens(tokens) {
    return this.#do("tokens", { tokens });
  }

  /** Requests an hour that GitHub grants without a token, and with one. */
  setLimits({ anonymous = 60, known = 5000 }) {
    return this.#do("limits", { anonymous, known });
  }

  /** The rows of all projects, as their pipelines have written them by now. */
  async rows() {
    return (await this.#do("rows")).rows;
  }

  /** What is true of each row now, by its key. */
  async truth() {
    const { truth } = await this.#do("truth");
    return Object.fromEntries(truth.map((row) => [row.key, row]));
  }

  /** `projects` of config.json, but for where the rows are. */
  async config() {
    const apis = { ...this.origins, gitlab: `${this.origins.gitlab}/api/v4` };
    return (await this.#do("config", { apis })).projects;
  }

  /** Puts the rows beside the page, a file for each project, and a config.json that names them and the forges. */
  async useAt(site, more = {}) {
    await this.put(site);
    const storage = (name) => ({ kind: "snapshot", url: `${name}.json` });
    const projects = (await this.config()).map((project) => ({ ...project, storage: storage(project.name) }));
    site.config = { refreshSeconds: 0, projects, ...more };
  }

  /** Writes the rows anew. */
  async put(site) {
    const rows = await this.rows();
    for (const name of new Set((await this.config()).map((project) => project.name))) {
      await site.put(`${name}.json`, { value: rows.filter((row) => row.PartitionKey === name) });
    }
  }

  /** How many requests a forge got since there were `from` in all. */
  count(name, from = 0) {
    return this.requests.slice(from).filter((request) => request.name === name).length;
  }

  /** Requests that the real service would not have understood. */
  async violations() {
    return [...this.#violations, ...(await this.#do("violations")).violations];
  }

  // --- How it is done -----------------------------------------------------------------------------------------------

  #write(line) {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  async #do(what, more = {}) {
    const id = ++this.#ids;
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.#write({ id, do: what, now: this.now, ...more });
    const { error, ...rest } = await answer;
    if (error) throw new Error(error);
    return rest;
  }

  async #listen(serve) {
    const server = createServer((request, response) => {
      Promise.resolve(serve(request, response)).catch((error) => response.destroy(error));
    });
    this.#servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${server.address().port}`;
  }

  async #serve(name, forge, request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { method, url, headers } = request;
    const call = { forge, method, address: url, headers, body };
    if (method === "OPTIONS") {
      return send(response, await this.#do("call", call));
    }

    const seen = { name, forge, method, url, headers, body, status: 0 };
    this.requests.push(seen);
    const refusal = forge === "github" ? whatGitHubRefuses(call) : misplaced(name, url);
    if (refusal) this.#violations.push(`${method} ${url}: ${refusal}`);
    const fault = this.#fault(name, seen);
    if (fault?.hang) return;
    if (fault?.cut) return void response.destroy();
    if (fault?.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));

    const refused = refusal && readable({ status: 400, body: JSON.stringify({ message: refusal }) });
    const answer = refused ?? made(fault, forge) ?? (await this.#do("call", call));
    if (fault?.alter && answer.status < 300) answer.body = JSON.stringify(fault.alter(JSON.parse(answer.body)));
    seen.status = answer.status;
    send(response, answer, fault?.half);
  }

  #fault(name, request) {
    const fault = this.#faults.get(name);
    if (!fault || fault.left < 1 || !fault.only(request)) return undefined;
    fault.left--;
    return fault;
  }
}

/** Azure DevOps keeps its releases on another host. */
function misplaced(name, url) {
  if (name !== "azure-devops" && name !== "releases") return undefined;
  return /\/_apis\/release\//.test(url) === (name === "releases") ? undefined : `not at ${name}`;
}

const readable = ({ status, body, headers = {} }) => ({
  status,
  headers: Object.entries({ "content-type": "application/json", "access-control-allow-origin": "*", ...headers }),
  body,
});

/** An answer in place of the forge's. Azure DevOps shows a page none that it did not make itself. */
function made(fault, forge) {
  if (fault?.html) return readable({ status: 200, body: SIGN_IN, headers: { "content-type": "text/html" } });
  if (!fault?.status) return undefined;
  const answer = readable({ body: "{}", ...fault });
  const isHidden = !(fault.readable ?? forge !== "azure-devops");
  if (isHidden) answer.headers = answer.headers.filter(([name]) => !name.startsWith("access-control-"));
  return answer;
}

function send(response, { status, headers, body }, half = false) {
  response.statusCode = status;
  for (const [name, value] of headers) response.setHeader(name, value);
  const bytes = Buffer.from(body ?? "");
  // Whole as far as HTTP can tell: what is cut off there, the browser reports by itself.
  response.end(half ? bytes.subarray(0, bytes.length >> 1) : bytes);
}

function picture(request, response) {
  response.statusCode = request.url.startsWith("/avatars/") ? 200 : 404;
  response.setHeader("content-type", "image/svg+xml");
  response.end(response.statusCode === 200 ? PICTURE : "");
}
