// Measures the built site beside a page written by hand, in one browser and one run, and prints one table.
//
//   ./x bench [--rows 50,1000,10000,100000] [--runs 5] [--net MBIT,MS] [--cpu TIMES] [--services 10]
//
// `--net 10,40` is a line of 10 Mbit/s with 40 ms there and back, `--cpu 4` a processor four times slower. "by hand" is
// a page that shows the same rows plainly; "by script" is our own document, put in by a script alone: what no program
// that draws it can beat. Every number is the median of the runs. Noise between runs of this kind is up to a third:
// smaller differences mean nothing.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { chromium } from "../e2e/node_modules/@playwright/test/index.mjs";
import { serveSite } from "../e2e/serve.mjs";
import { TOTALS, kilo, weigh } from "./bytes.mjs";
import { makeRows, serveTable } from "./table.mjs";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "50,1000,10000,100000" },
    runs: { type: "string", default: "5" },
    net: { type: "string" },
    cpu: { type: "string" },
    services: { type: "string", default: "10" },
  },
});
const SIZES = options.rows.split(",").map(Number);
const RUNS = Number(options.runs);
const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../../dist");
const KEYS = ["a", "ap", "api", "zz", "9", "lind", "main-8999", "-failed"];

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** Runs in the page before anything else: notes when rows are first painted, long tasks, and the program's memory. */
function watch() {
  const seen = { rows: undefined, longest: 0, memory: undefined };
  window.seen = seen;
  const painted = (set) => requestAnimationFrame(() => setTimeout(() => set(performance.now())));
  new MutationObserver(() => {
    if (seen.rows === undefined && document.querySelector("tr[data-deployment], td[data-running]")) {
      seen.rows = 0;
      painted((at) => (seen.rows = at));
    }
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-deployment", "data-running"] });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.longest = Math.max(seen.longest, entry.duration);
  }).observe({ type: "longtask", buffered: true });
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await real.apply(WebAssembly, given);
      // The modules that come later share the memory of the first.
      seen.memory ??= (made.instance ?? made).exports.memory;
      return made;
    };
  }
}

/** Runs in the page: does something and says how long it took until that was painted. */
function act(what) {
  return new Promise((done) => {
    const began = performance.now();
    what();
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now() - began);
    requestAnimationFrame(() => channel.port2.postMessage(0));
  });
}

async function measure(browser, url, rows, isProgram = true) {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await slowDown(session);
  await page.addInitScript(watch);
  await page.addInitScript(`window.act = ${act}`);
  await page.goto(url);
  const all = await page.waitForFunction((n) => document.querySelector("[data-total]")?.dataset.total === String(n) && performance.now(), rows, { polling: 20, timeout: 120_000 });
  await page.waitForFunction(() => window.seen.rows > 0);
  const result = { first: await page.evaluate(() => window.seen.rows), all: await all.jsonValue() };
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done, { timeout: 2000 })));
  Object.assign(result, await page.evaluate(() => ({ longest: window.seen.longest, nodes: document.querySelectorAll("*").length })));
  await session.send("HeapProfiler.collectGarbage");
  const heap = (await session.send("Runtime.getHeapUsage")).usedSize;
  result.memory = heap + (await page.evaluate(() => window.seen.memory?.buffer.byteLength ?? 0));
  // The processor time that the browser's main thread spent in scripts, WebAssembly among them: whatever else the
  // machine does at the time is not in it.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const inScripts = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find((m) => m.name === "ScriptDuration").value * 1000;
  };
  // A document that nothing is behind answers no key.
  if (!isProgram) {
    await context.close();
    return result;
  }
  const type = (text) => page.evaluate((text) => window.act(() => {
    const search = document.querySelector("input[type=search]");
    search.value = text;
    search.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }), text);
  const idle = await (async () => {
    const before = await inScripts();
    await page.evaluate(() => window.act(() => {}));
    return (await inScripts()) - before;
  })();
  const strokes = [];
  for (const text of KEYS) {
    const before = await inScripts();
    const painted = await type(text);
    strokes.push({ painted, script: Math.max(0, (await inScripts()) - before - idle) });
  }
  await type("");
  result.key = median(strokes.map((s) => s.script));
  result.keyWorst = Math.max(...strokes.map((s) => s.script));
  result.keyPaint = median(strokes.map((s) => s.painted));
  if (await page.locator("[data-filter=ring]").count()) {
    await page.locator("[data-filter=ring]").click();
    await page.locator(".choice input").first().waitFor();
    result.ring = await page.evaluate(() => window.act(() => document.querySelector(".choice input").click()));
    await page.keyboard.press("Escape");
  }
  if (await page.locator("th[data-column=service] button").count()) {
    result.sort = await page.evaluate(() => window.act(() => document.querySelector("th[data-column=service] button").click()));
  }
  await context.close();
  return result;
}

const weights = await weigh(dist);
for (const { what, raw, gzip, brotli } of [...weights, ...TOTALS.map((total) => total(weights))]) {
  console.log(`${what.padEnd(40)} ${[raw, gzip, brotli].map((n) => kilo(n).padStart(11)).join("")}`);
}
console.log(await readFile(join(here, "../../docs/BENCHMARKS.md"), "utf8").then(lastStated));

/** What was stated last, to compare with: the first block of figures of `docs/BENCHMARKS.md`. */
function lastStated(text) {
  const block = text.match(/```\n([\s\S]*?)```/);
  if (!block) throw new Error("docs/BENCHMARKS.md states no figures");
  return `\nLast stated:\n${block[1]}\nNow:`;
}

/** Slows a page down as the options say. */
async function slowDown(session) {
  if (options.net) {
    const [megabits, latency] = options.net.split(",").map(Number);
    const throughput = (megabits * 1e6) / 8;
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: throughput, uploadThroughput: throughput });
  }
  if (options.cpu) await session.send("Emulation.setCPUThrottlingRate", { rate: Number(options.cpu) });
}

/** A site that draws what our own page shows, by a script alone: style sheet, rows, then the whole document at once. */
async function makeByScript(browser, url, rows) {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  const page = await context.newPage();
  await page.goto(url);
  // All of it: the first rows are there before the others in sight.
  await page.waitForFunction((n) => document.documentElement.dataset.ready && document.querySelector("[data-total]")?.dataset.total === String(n), rows, { timeout: 120_000 });
  const { body, sheet, theme } = await page.evaluate(async () => ({
    body: document.body.innerHTML,
    sheet: await (await fetch(document.querySelector("link[rel=stylesheet]").href)).text(),
    theme: document.documentElement.dataset.theme,
  }));
  await context.close();
  const dir = await mkdtemp(join(tmpdir(), "ringside-bench-"));
  await writeFile(join(dir, "style.css"), sheet);
  await writeFile(join(dir, "draw.js"), `const rows = fetch(new URLSearchParams(location.search).get("table") + "/deployments()?$top=1000");
rows.then((answer) => answer.json()).then(() => { document.body.innerHTML = ${JSON.stringify(body)}; });`);
  await writeFile(join(dir, "index.html"), `<!doctype html><html lang="en" data-theme="${theme}"><meta charset="utf-8"><title>By script</title>
<link rel="stylesheet" href="style.css"><script src="draw.js" defer></script><body></body></html>`);
  return { dir, site: await serveSite({ dir }) };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const lines = [["rows", "page", "first rows", "all known", "key: script", "worst", "key: painted", "toggle ring", "sort", "memory", "longest task", "nodes"]];
for (const rows of SIZES) {
  const table = await serveTable(makeRows(rows, Date.now(), Number(options.services)));
  const storage = { kind: "azure-table", endpoint: table.url, table: "deployments", partition: "trivia", sas: "tn=deployments&sp=r&sig=none" };
  const site = await serveSite({ dir: dist, config: { refreshSeconds: 0, projects: [{ name: "trivia", storage }] } });
  const byHand = await serveSite({ dir: here });
  const byScript = await makeByScript(browser, `${site.url}?view=deployments`, rows);
  const at = encodeURIComponent(table.url);
  const pages = {
    "by hand": `${byHand.url}baseline.html?table=${at}`,
    "by script": `${byScript.site.url}?table=${at}`,
    deployments: `${site.url}?view=deployments`,
    rings: site.url,
  };
  const results = Object.fromEntries(Object.keys(pages).map((name) => [name, []]));
  // One warm-up each, then the pages in turn, so that whatever else the machine does meets all of them.
  for (let run = -1; run < RUNS; run++) {
    for (const [name, url] of Object.entries(pages)) {
      const result = await measure(browser, url, rows, name !== "by script");
      if (run >= 0) results[name].push(result);
    }
  }
  for (const [name, runs] of Object.entries(results)) {
    const of = (key, show) => (runs[0][key] === undefined ? "–" : show(median(runs.map((r) => r[key]))));
    const ms = (n) => `${n.toFixed(n < 10 ? 1 : 0)} ms`;
    lines.push([
      String(rows), name, of("first", ms), of("all", ms), of("key", ms), of("keyWorst", ms), of("keyPaint", ms), of("ring", ms), of("sort", ms),
      of("memory", (n) => `${(n / 1e6).toFixed(1)} MB`), of("longest", (n) => (n ? ms(n) : "< 50 ms")), of("nodes", String),
    ]);
  }
  await Promise.all([site, byHand, byScript.site, table].map((server) => server.close()));
  await rm(byScript.dir, { recursive: true });
}
await browser.close();
const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
for (const line of lines) console.log(line.map((cell, i) => cell.padEnd(widths[i])).join("  "));
