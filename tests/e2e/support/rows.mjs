// Rows as pipelines write them, one function of a number each: the same number makes the same row, whatever the day,
// but for its times, which lie a whole number of days and a half before now so that no age changes while a test runs.

const DAY = 86_400_000;
const started = Date.now();

const SERVICES = ["api", "client", "auth", "billing", "search"];
const RINGS = ["dev", "staging", "prod"];
const AUTHORS = ["Mara Lind", "Ken Abe", "Ana Ruiz", "Jo Okafor"];

export const PARTITION = "trivia";

/** Hexadecimal digits that look random and are not. */
export function hex(seed, length = 12) {
  let digits = "";
  for (let round = 0; digits.length < length; round++) {
    let n = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b);
    n = Math.imul(n ^ (n >>> 16), 0x7feb352d);
    n = Math.imul(n ^ (n >>> 15), 0x846ca68b);
    digits += ((n ^ (n >>> 16)) >>> 0).toString(16).padStart(8, "0");
  }
  return digits.slice(0, length);
}

/** So many days and a half ago, as the columns have it. */
export const daysAgo = (days, minutes = 0) =>
  new Date(started - days * DAY - DAY / 2 + minutes * 60_000).toISOString().replace(/\.\d+/, "");

/** A row without what is undefined. */
const row = (columns) => Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));

/** What Bedrock's own pipelines write: ids and nothing else, all of it lower case and short. */
export function bare(n, more = {}) {
  const service = SERVICES[n % SERVICES.length];
  return row({
    PartitionKey: PARTITION,
    RowKey: hex(n),
    p1: String(6000 + n),
    p2: String(500 + n),
    p3: String(9000 + n),
    commitId: hex(n + 1e6, 7),
    imageTag: `${service}-main-${6000 + n}`,
    service,
    env: RINGS[n % RINGS.length],
    hldCommitId: hex(n + 2e6, 7),
    manifestCommitId: hex(n + 3e6, 7),
    sourceRepo: `https://github.com/contoso/${service}`,
    hldRepo: "https://github.com/contoso/trivia-hld",
    manifestRepo: "https://github.com/contoso/trivia-manifests",
    ...more,
  });
}

/** What Ringside's capture adds, for a deployment that went all the way `n` days ago. */
export function full(n, more = {}) {
  const plain = bare(n);
  return row({
    ...plain,
    imageTag: `1.${n}.0`,
    branch: plain.env === "prod" ? "main" : "develop",
    commitMessage: `Change number ${n}`,
    authorName: AUTHORS[n % AUTHORS.length],
    authorEmail: "someone@contoso.example",
    p1Status: "succeeded",
    p1Start: daysAgo(n),
    p1End: daysAgo(n, 5),
    p1Url: `https://ci.contoso.example/builds/${6000 + n}`,
    p2Status: "succeeded",
    p2Start: daysAgo(n, 6),
    p2End: daysAgo(n, 7),
    p3Status: "succeeded",
    p3Start: daysAgo(n, 20),
    p3End: daysAgo(n, 22),
    ...more,
  });
}

/** The columns of a pull request that waits; take the manifest's columns away with it. */
export const waiting = (id, more = {}) => ({
  pr: String(id),
  prState: "open",
  prUrl: `https://github.com/contoso/trivia-hld/pull/${id}`,
  prTitle: `Promote ${id}`,
  prBranch: `deploy/${id}`,
  prCreatedAt: daysAgo(0, 7),
  p3: undefined,
  p3Status: undefined,
  p3Start: undefined,
  p3End: undefined,
  manifestCommitId: undefined,
  ...more,
});

/** The columns of a deployment whose build failed. */
export const failed = {
  p1Status: "failed",
  p2: undefined,
  p2Status: undefined,
  p2Start: undefined,
  p2End: undefined,
  p3: undefined,
  p3Status: undefined,
  p3Start: undefined,
  p3End: undefined,
  imageTag: undefined,
  hldCommitId: undefined,
  manifestCommitId: undefined,
};

/** What a cluster reports: it has applied the manifests of `commit`. */
export function sync(cluster, commit, more = {}) {
  return row({
    PartitionKey: PARTITION,
    RowKey: `sync-${cluster}`,
    kind: "sync",
    cluster,
    syncCommit: commit,
    syncState: "applied",
    syncAt: daysAgo(0),
    ...more,
  });
}

/** `make` for each number from 1 to `count`. */
export const many = (count, make = full) => Array.from({ length: count }, (_, i) => make(i + 1));
