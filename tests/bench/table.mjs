// A table service for measurements: the same rows for every page, answered as fast as Node can, with pages, filters
// and continuation headers as Azure has them. Correctness is tested against Azurite; this one is for numbers alone.

import { createServer } from "node:http";

const SERVICES = ["api", "client", "leaderboard", "quiz-import", "auth", "scores", "mail", "search", "media", "billing"];
const RINGS = ["dev", "qa", "staging", "master", "fix-login", "new-scoring"];
const PEOPLE = ["Mara Lind", "Ken Abe", "Ana Ruiz", "Jo Okafor", "Priya Nair", "Inês Holm", "Tomáš Dvořák"];
const PAGE = 1000;
const EVERY = 9 * 60_000;

/** A number from an index that looks like chance and is not (splitmix32). */
function mix(n) {
  let x = (n + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

const hex = (n, digits) => n.toString(16).padStart(digits, "0").slice(-digits);

/** `count` rows as Bedrock and Ringside's capture write them, sorted by key; one every nine minutes. */
export function makeRows(count, now = Date.now(), services = SERVICES.length) {
  const rows = [];
  const serviceOf = (n) => (n < SERVICES.length ? SERVICES[n] : `${SERVICES[n % SERVICES.length]}-${Math.floor(n / SERVICES.length)}`);
  for (let i = 0; i < count; i++) {
    const at = new Date(now - i * EVERY - 60_000);
    const end = at.toISOString();
    const start = new Date(at.getTime() - 300_000).toISOString();
    const service = serviceOf(mix(i) % services);
    const failed = mix(i + 7) % 11 === 0;
    const row = {
      PartitionKey: "trivia", RowKey: hex(mix(i * 2 + 1), 8) + hex(i, 4), Timestamp: end,
      p1: String(900_000 - i * 3), p2: String(400_000 - i), p3: failed ? "" : String(900_001 - i * 3),
      commitId: hex(mix(i + 11), 7), hldCommitId: hex(mix(i + 13), 7), imageTag: `${service}-main-${900_000 - i * 3}`,
      service, env: RINGS[mix(i + 3) % RINGS.length], pr: String(40_000 - (i >> 1)),
      sourceRepo: `github.com/contoso/${service}`, hldRepo: "github.com/contoso/hld", manifestRepo: "github.com/contoso/manifests",
      authorName: PEOPLE[mix(i + 5) % PEOPLE.length], branch: "main", p2Status: failed ? "failed" : "succeeded", p1Start: start, p1End: end,
    };
    if (!failed) row.manifestCommitId = hex(mix(i + 17), 7);
    rows.push({ key: row.RowKey, at: at.getTime(), json: JSON.stringify(row) });
  }
  return rows.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Serves rows on a free port of 127.0.0.1; `send` hands an answer's body to the line, at once unless it is a slow one. */
export async function serveTable(rows, send = (response, body) => response.end(body)) {
  const server = createServer((request, response) => {
    const query = new URL(request.url, "http://localhost").searchParams;
    const filter = query.get("$filter") ?? "";
    const bound = (pattern) => filter.match(pattern)?.[1];
    const since = Date.parse(bound(/Timestamp ge datetime'([^']*)'/) ?? "") || -Infinity;
    const before = Date.parse(bound(/Timestamp lt datetime'([^']*)'/) ?? "") || Infinity;
    const from = [query.get("NextRowKey") ?? "", bound(/RowKey ge '([^']*)'/) ?? "", (bound(/RowKey gt '([^']*)'/) ?? "") + "\0"];
    const start = from.sort().at(-1);
    const end = bound(/RowKey lt '([^']*)'/);
    let low = 0;
    for (let high = rows.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (rows[middle].key < start) low = middle + 1;
      else high = middle;
    }
    const page = [];
    let next;
    for (; low < rows.length && (end === undefined || rows[low].key < end); low++) {
      const row = rows[low];
      if (row.at < since || row.at >= before) continue;
      if (page.length === PAGE) {
        next = row.key;
        break;
      }
      page.push(row.json);
    }
    const headers = {
      "content-type": "application/json;odata=nometadata", "access-control-allow-origin": "*",
      "access-control-expose-headers": "x-ms-version,x-ms-continuation-nextpartitionkey,x-ms-continuation-nextrowkey",
      "timing-allow-origin": "*", "x-ms-version": "2024-05-04",
    };
    if (next !== undefined) Object.assign(headers, { "x-ms-continuation-nextpartitionkey": "trivia", "x-ms-continuation-nextrowkey": next });
    response.writeHead(200, headers);
    send(response, Buffer.from(`{"value":[${page.join(",")}]}`));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => server.close(done)) };
}
