// capture.sh against a table service: which rows there are in the end.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { KEY, PARTITION, SHELLS, capture, newTable, place, rows, stop } from "./support.mjs";

after(stop);

/** What nobody should have to think of: quotes of every kind, line ends, an escape, emoji, half a character. */
const HOSTILE = 'fix "quotes" \\ \'single\' `id` $(id) ${HOME} %s\n\tsecond\u0007 line\r\n##vso[task.complete] 😀 é \ud83d end\\';
const READ = 'fix "quotes" \\ \'single\' `id` $(id) ${HOME} %s\n\tsecond  line\r\n##vso[task.complete] 😀 é � end\\';

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Runs it, and expects that it went through. */
async function done(args, options) {
  const { code, out, error } = await capture([...args, "--strict"], options);
  assert.equal(code, 0, `${args.join(" ")}: ${error}`);
  assert.equal(error, "");
  assert.match(out, /^ringside: recorded /);
}

const env = (table, more) => ({ ...place(table), GITHUB_ACTIONS: "true", GITHUB_RUN_ID: "77", GITHUB_REPOSITORY: "contoso/api", ...more });

for (const shell of SHELLS) {
  test(`a deployment on its whole way is one row (${shell.name})`, async () => {
    const table = await newTable();
    const image = ["--image-tag", "contoso/api:feature/x_1.2#?&+%-7", "--service", "api", "--ring", "dev"];
    const at = { shell, env: env(table, { GITHUB_SHA: "a".repeat(40), GITHUB_REF_NAME: "feature/ü x" }) };
    await done(["build", "start", ...image, "--message", HOSTILE], at);
    let [row] = await rows(table);
    assert.equal(row.p1Status, "running");
    assert.equal(row.p1End, "");
    await done(["build", "end", ...image, "--message", HOSTILE, "--status", "success"], at);
    const release = [...image, "--hld-commit-id", "abcdef0", "--pr", "12", "--repository", "https://user:pw@github.com/contoso/hld.git"];
    await done(["release", "start", ...release], at);
    await done(["release", "end", ...release, "--status", "Succeeded"], at);
    const hld = { shell, env: env(table, { GITHUB_RUN_ID: "99", GITHUB_REPOSITORY: "Contoso/HLD", GITHUB_SHA: "b".repeat(40), GITHUB_EVENT_NAME: "push", GITHUB_ACTOR: "ana" }) };
    const merged = ["--message", "Merge pull request #12 from contoso/deploy/api"];
    await done(["manifest", "start", ...merged], hld);
    await done(["manifest", "end", ...merged, "--manifest-commit-id", "c0ffee0", "--status", "success", "--repository", "github.com/contoso/manifests"], hld);

    const found = await rows(table);
    assert.equal(found.length, 1);
    [row] = found;
    const times = ["p1Start", "p1End", "p2Start", "p2End", "p3Start", "p3End"];
    for (const column of times) assert.match(row[column], RFC3339, column);
    const rest = Object.fromEntries(Object.entries(row).filter(([name]) => !times.includes(name) && name !== "RowKey"));
    assert.match(row.RowKey, /^[0-9a-f]{32}$/);
    assert.deepEqual(rest, {
      PartitionKey: PARTITION,
      imageTag: "contoso/api:feature/x_1.2#?&+%-7",
      service: "api",
      env: "dev",
      commitId: "a".repeat(40),
      sourceRepo: "https://github.com/contoso/api",
      branch: "feature/ü x",
      commitMessage: READ,
      p1: "77",
      p1Url: "https://github.com/contoso/api/actions/runs/77/attempts/1",
      p1Status: "succeeded",
      p2: "77",
      p2Url: "https://github.com/contoso/api/actions/runs/77/attempts/1",
      p2Status: "succeeded",
      hldCommitId: "b".repeat(40),
      hldRepo: "https://github.com/contoso/hld.git",
      pr: "12",
      prUrl: "https://github.com/Contoso/HLD/pull/12",
      prState: "merged",
      mergedBy: "ana",
      p3: "99",
      p3Url: "https://github.com/Contoso/HLD/actions/runs/99/attempts/1",
      p3Status: "succeeded",
      manifestCommitId: "c0ffee0",
      manifestRepo: "github.com/contoso/manifests",
    });
  });

  test(`bedrock's own options, with the account's key (${shell.name})`, async () => {
    const table = await newTable();
    const at = { shell, env: {} };
    const where = ["-n", "devstoreaccount1", "-k", KEY, "-t", table.name, "-p", PARTITION, "--endpoint", table.azurite.endpoint];
    const long = ["--name", "devstoreaccount1", "--access-key", KEY, "--table-name", table.name, "--partition-key", PARTITION];
    const create = ["deployment", "create"];
    await done([...create, ...where, "--p1", "6001", "--image-tag", "api-main-6001", "--commit-id", "abcdef0", "--service", "api", "--repository", "github.com/contoso/api"], at);
    await done([...create, ...long, "--endpoint", `${table.azurite.endpoint}/`, "--p2", "501", "--hld-commit-id", "1234567", "--env", "main", "--image-tag", "api-main-6001", "--pr=7"], at);
    await done([...create, ...where, "--p3", "9001", "--hld-commit-id", "7654321", "--pr", "7"], at);
    await done([...create, ...where, "--p3", "9001", "--manifest-commit-id", "fedcba9", "--repository", "$(NOT_DEFINED)"], at);
    const [{ RowKey, ...row }, ...others] = await rows(table);
    assert.deepEqual(others, []);
    assert.deepEqual(row, {
      PartitionKey: PARTITION,
      p1: "6001",
      p2: "501",
      p3: "9001",
      imageTag: "api-main-6001",
      commitId: "abcdef0",
      service: "api",
      sourceRepo: "github.com/contoso/api",
      hldCommitId: "7654321",
      env: "main",
      pr: "7",
      manifestCommitId: "fedcba9",
    });
  });
}

test("a job that failed, was cancelled, or ended nobody knows how", async () => {
  async function check(status, expect, warning = "") {
    const table = await newTable();
    const given = status === undefined ? [] : ["--status", status];
    const { error } = await capture(["build", "end", "--image-tag", "a", ...given], { env: place(table) });
    assert.equal((await rows(table))[0].p1Status, expect, status);
    assert.match(error, new RegExp(warning));
  }
  await check("failure", "failed");
  await check("Canceled", "canceled");
  await check("cancelled", "canceled");
  await check("SucceededWithIssues", "succeeded");
  await check("odd", "unknown", "recorded as unknown");
  await check(undefined, "unknown", "recorded as unknown");
});

test("steps that are run again and side by side make one row a ring, and lose nothing", async () => {
  const table = await newTable();
  const at = (shell) => ({ shell, env: place(table) });
  const build = ["build", "end", "--image-tag", "api:1", "--commit-id", "abcdef0", "--id", "1", "--status", "success"];
  await Promise.all([0, 1, 2].map((n) => done(build, at(SHELLS[n]))));
  const rings = ["dev", "QA", "prod"];
  const releases = [...rings, ...rings].map((ring, n) =>
    done(["release", "end", "--image-tag", "api:1", "--ring", ring, "--id", `9${rings.indexOf(ring)}`, "--status", "success", "--pr", `${rings.indexOf(ring) + 1}`], at(SHELLS[n % 3])));
  await Promise.all(releases);
  await Promise.all([1, 2, 3].map((pr) => done(["manifest", "end", "--pr", `${pr}`, "--id", `80${pr}`, "--status", "success"], at(SHELLS[0]))));
  const found = (await rows(table)).sort((a, b) => a.pr - b.pr);
  const said = found.map(({ env, p1, p2, p3, pr, commitId, p1Status, imageTag }) => [env, p1, p2, p3, pr, commitId, p1Status, imageTag]);
  assert.deepEqual(said, rings.map((ring, n) => [ring, "1", `9${n}`, `80${n + 1}`, `${n + 1}`, "abcdef0", "succeeded", "api:1"]));
});

test("rows that other programs wrote are completed, not repeated", async () => {
  const table = await newTable();
  const row = (RowKey, more) => ({ PartitionKey: PARTITION, RowKey, imageTag: "api-1", p1: "1", ...more });
  await table.insert([row("aaaaaaaa-1111", { service: "api" }), row("bbb", { env: "prod", service: "api" }), row("ccc", { imageTag: "api-2" })]);
  await done(["release", "end", "--image-tag", "api-1", "--ring", "Prod", "--id", "2", "--status", "success"], { env: place(table) });
  await done(["release", "end", "--image-tag", "api-1", "--ring", "dev", "--service", "API", "--id", "3", "--status", "success"], { env: place(table) });
  const found = Object.fromEntries((await rows(table)).map((r) => [r.RowKey, [r.env, r.p1, r.p2]]));
  assert.deepEqual(found, { "aaaaaaaa-1111": ["dev", "1", "3"], bbb: ["Prod", "1", "2"], ccc: [undefined, "1", undefined] });
});

test("a manifest build completes every row of its pull request and commit, and no other definition's", async () => {
  const table = await newTable();
  const row = (RowKey, more) => ({ PartitionKey: PARTITION, RowKey, imageTag: RowKey, ...more });
  await table.insert([
    row("by-pr", { pr: "12", hldRepo: "https://github.com/contoso/hld.git" }),
    row("by-pr-no-repository", { pr: "12" }),
    row("by-short-commit", { hldCommitId: "ABCDEF0".toLowerCase() }),
    row("by-whole-commit", { hldCommitId: "abcdef0123456789abcdef0123456789abcdef01" }),
    row("other-definition", { pr: "12", hldRepo: "github.com/contoso/other" }),
    row("other-pr", { pr: "121" }),
    row("other-commit", { hldCommitId: "abcdef1" }),
    row("same-beginning", { hldCommitId: "abcdef0fff" }),
  ]);
  const hld = ["--hld-commit-id", "abcdef0123456789abcdef0123456789abcdef01", "--hld-repository", "git@github.com/Contoso/hld"];
  await done(["manifest", "end", ...hld, "--pr", "#12", "--id", "5", "--status", "success", "--manifest-commit-id", "feed000"], { env: place(table) });
  const found = (await rows(table)).filter((r) => r.p3 === "5" && r.manifestCommitId === "feed000").map((r) => r.RowKey);
  assert.deepEqual(found.sort(), ["by-pr", "by-pr-no-repository", "by-short-commit", "by-whole-commit"]);
  assert.equal((await rows(table)).length, 8);

  // A change by hand has no row yet; once more, it has.
  for (const status of ["failure", "success"]) {
    await done(["manifest", "end", "--hld-commit-id", "1".repeat(40), "--id", "6", "--status", status], { env: place(table) });
  }
  const edits = (await rows(table)).filter((r) => r.p3 === "6");
  assert.deepEqual(edits.map((r) => [r.hldCommitId, r.p3Status, r.imageTag]), [["1".repeat(40), "succeeded", undefined]]);
});

test("without permission to read every step writes a row of its own, always the same one", async () => {
  const table = await newTable();
  const at = { env: place(table, table.sas({ permissions: "au" })) };
  for (const step of ["start", "end"]) {
    const status = ["--status", "success"];
    await done(["build", step, "--image-tag", "a:1", "--ring", "dev", "--id", "1", ...status], at);
    await done(["release", step, "--image-tag", "a:1", "--ring", "dev", "--id", "2", "--pr", "3", ...status], at);
    await done(["manifest", step, "--pr", "3", "--hld-commit-id", "abcdef0", "--id", "4", ...status], at);
  }
  const found = (await rows(table)).map(({ imageTag, p1, p2, p3, pr }) => [imageTag, p1, p2, p3, pr]);
  assert.deepEqual(found.sort(), [[undefined, undefined, undefined, "4", "3"], ["a:1", "1", "2", undefined, "3"]]);
});

test("a cluster's sync is one row", async () => {
  const table = await newTable();
  const sync = (step, cluster, ...more) => done(["sync", step, "--cluster", cluster, "--commit-id", "abcdef0", ...more], { env: place(table) });
  await sync("start", "prod-east");
  await sync("end", "prod-east", "--status", "failure", "--message", 'no "such" image');
  await sync("end", "prod/west#1", "--status", "success");
  const found = await rows(table);
  const said = found.map(({ kind, cluster, syncCommit, syncState, syncMessage }) => [kind, cluster, syncCommit, syncState, syncMessage]);
  assert.deepEqual(said.sort(), [
    ["sync", "prod-east", "abcdef0", "failed", 'no "such" image'],
    ["sync", "prod/west#1", "abcdef0", "applied", ""],
  ]);
  assert.ok(found.some((row) => row.RowKey === "sync-prod-east"));
  for (const row of found) assert.match(row.syncAt, RFC3339);
});
