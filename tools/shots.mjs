// Pictures of every view from the sample data: four widths, both themes, one sheet of all; and that of the README.
//
//   node tools/shots.mjs --site dist --out target/shots [--readme docs/rings.png]

import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { serveSite } from "../tests/e2e/serve.mjs";

const { chromium } = createRequire(new URL("../tests/e2e/package.json", import.meta.url))("@playwright/test");

const WIDTHS = [[1600, 900], [1280, 800], [768, 1024], [390, 844]];
const THEMES = ["light", "dark"];
const VIEWS = {
  rings: "?demo",
  attention: "?demo&attention=behind",
  deployments: "?demo&view=deployments",
  filtered: "?demo&view=deployments&service=api&status=failed",
  compare: "?demo&view=compare",
  history: "?demo&view=history&of=api",
  where: "?demo&view=deployments&q=1.43.0",
  connections: "?demo&view=setup",
  "nothing matches": "?demo&q=nosuchthing",
  "an empty table": "?demo=0",
};

const options = { site: { type: "string" }, out: { type: "string" }, readme: { type: "string" } };
const { site, out, readme } = parseArgs({ options }).values;

await mkdir(out, { recursive: true });
const server = await serveSite({ dir: site, port: 0 });
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args });
try {
  const figures = [];
  for (const theme of THEMES) {
    for (const [width, height] of WIDTHS) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce" });
      const page = await context.newPage();
      for (const [name, query] of Object.entries(VIEWS)) {
        await page.goto(server.url + query);
        await page.locator("html[data-ready=true]").waitFor();
        // What clusters run comes with a module of its own; of the sample all of it is known.
        await page.waitForFunction(() => !document.body.textContent.includes("cluster state unknown"));
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        const file = `${name.replaceAll(" ", "-")}-${width}-${theme}.png`;
        await page.screenshot({ path: join(out, file) });
        if (readme && name === "rings" && width === 1280 && theme === "light") await page.screenshot({ path: readme });
        figures.push(`<figure><img src="${file}" width="${width / 4}"><figcaption>${name}, ${width}, ${theme}</figcaption></figure>`);
      }
      await context.close();
    }
  }
  const sheet = join(out, "index.html");
  const style = "body{font:12px sans-serif;display:flex;flex-wrap:wrap;gap:12px;background:#888}figure{margin:0}figcaption{color:#fff}";
  await writeFile(sheet, `<!doctype html><meta charset="utf-8"><title>Ringside</title><style>${style}</style>${figures.join("\n")}`);
  const page = await browser.newPage({ viewport: { width: 2000, height: 1200 } });
  await page.goto(pathToFileURL(resolve(sheet)).href);
  await page.screenshot({ path: join(out, "sheet.png"), fullPage: true });
  console.log(`${figures.length} pictures, all of them in ${sheet} and ${join(out, "sheet.png")}`);
} finally {
  await browser.close();
  await server.close();
}
