// What capture.sh finds in the variables of each CI, and the script itself.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { DONE, PARTITION, SCRIPT, SHELLS, capture, find, folder, newTable, page, place, service, stop } from "./support.mjs";

after(stop);

const SHA = "a".repeat(40);

/** The columns that one call writes, but for keys and times. */
async function columns(args, env, options = {}) {
  const table = await service(({ method }) => (method === "GET" ? page([]) : DONE));
  const { code, error } = await capture([...args, "--strict"], { ...options, env: { ...table.env, ...env } });
  await table.close();
  assert.equal(code, 0, error);
  const { PartitionKey, RowKey, p1Start, p1End, p2Start, p2End, p3Start, p3End, ...rest } = table.requests.at(-1).body;
  return rest;
}

const azure = {
  TF_BUILD: "True",
  BUILD_BUILDID: "6001",
  BUILD_BUILDNUMBER: "20261127.3",
  BUILD_SOURCEBRANCH: "refs/heads/feature/x",
  BUILD_SOURCEVERSION: SHA,
  BUILD_SOURCEVERSIONMESSAGE: "Merged PR 12: Promote api",
  BUILD_REQUESTEDFOR: "Mara Lind",
  BUILD_REQUESTEDFOREMAIL: "mara@contoso.example",
  BUILD_REASON: "IndividualCI",
  BUILD_REPOSITORY_URI: "https://contoso@dev.azure.com/contoso/My%20Project/_git/api",
  SYSTEM_COLLECTIONURI: "https://dev.azure.com/contoso/",
  SYSTEM_TEAMPROJECT: "My Project",
  AGENT_JOBSTATUS: "Failed",
};
const run = "https://dev.azure.com/contoso/My%20Project/_build/results?buildId=6001";

test("Azure Pipelines", async () => {
  assert.deepEqual(await columns(["build", "end", "--image-tag", "a"], azure), {
    imageTag: "a",
    commitId: SHA,
    sourceRepo: "https://dev.azure.com/contoso/My%20Project/_git/api",
    branch: "feature/x",
    commitMessage: "Merged PR 12: Promote api",
    authorName: "Mara Lind",
    authorEmail: "mara@contoso.example",
    p1: "6001",
    p1Name: "20261127.3",
    p1Url: run,
    p1Status: "failed",
  });
  const manifest = await columns(["manifest", "end"], azure);
  assert.deepEqual([manifest.pr, manifest.prState, manifest.mergedBy, manifest.hldCommitId, manifest.prUrl], [
    "12", "merged", "Mara Lind", SHA, "https://dev.azure.com/contoso/My%20Project/_git/api/pullrequest/12",
  ]);
  const open = await columns(["manifest", "start", "--pr", "12"], { ...azure, SYSTEM_PULLREQUEST_PULLREQUESTID: "12" });
  assert.equal(open.prState, "open");
  const classic = { ...azure, RELEASE_RELEASEID: "501", RELEASE_RELEASENAME: "Release-9", RELEASE_ENVIRONMENTNAME: "prod", RELEASE_RELEASEWEBURL: "https://dev.azure.com/r" };
  assert.deepEqual(await columns(["release", "start", "--image-tag", "a"], classic), {
    imageTag: "a", env: "prod", p2: "501", p2Name: "Release-9", p2Url: "https://dev.azure.com/r", p2Status: "running",
  });
});

test("GitHub Actions", async () => {
  const GITHUB_EVENT_PATH = join(folder("event"), "event.json");
  const commit = { id: SHA, message: 'Say "hi" \\ {[,:]} 😀\n\nmore', author: { name: "José", email: "jose@contoso.example", username: "jose" } };
  writeFileSync(GITHUB_EVENT_PATH, JSON.stringify({ commits: [{ ...commit, id: "b" }], head_commit: commit, forced: false, n: [1, [2, {}], null] }, undefined, 2));
  const github = {
    GITHUB_ACTIONS: "true",
    GITHUB_RUN_ID: "77",
    GITHUB_RUN_ATTEMPT: "2",
    GITHUB_RUN_NUMBER: "5",
    GITHUB_WORKFLOW: "Build",
    GITHUB_REF_NAME: "main",
    GITHUB_SHA: SHA,
    GITHUB_ACTOR: "jose",
    GITHUB_REPOSITORY: "contoso/api",
    GITHUB_SERVER_URL: "https://git.contoso.example",
    GITHUB_EVENT_NAME: "push",
    GITHUB_EVENT_PATH,
  };
  const expect = {
    imageTag: "a",
    commitId: SHA,
    sourceRepo: "https://git.contoso.example/contoso/api",
    branch: "main",
    commitMessage: 'Say "hi" \\ {[,:]} 😀  more',
    authorName: "José",
    authorEmail: "jose@contoso.example",
    authorUrl: "https://git.contoso.example/jose",
    authorImage: "https://git.contoso.example/jose.png",
    p1: "77",
    p1Name: "Build #5",
    p1Url: "https://git.contoso.example/contoso/api/actions/runs/77/attempts/2",
    p1Status: "running",
  };
  for (const shell of SHELLS) {
    assert.deepEqual(await columns(["build", "start", "--image-tag", "a"], github, { shell }), expect, shell.name);
  }
  // An event of another commit says nothing of this one.
  const other = await columns(["build", "start", "--image-tag", "a"], { ...github, GITHUB_SHA: "c".repeat(40), GITHUB_HEAD_REF: "topic" });
  assert.deepEqual([other.commitMessage, other.authorName, other.branch], [undefined, "jose", "topic"]);
});

test("GitLab CI", async () => {
  const gitlab = {
    GITLAB_CI: "true",
    CI_PIPELINE_ID: "88",
    CI_JOB_NAME: "image",
    CI_JOB_URL: "https://gitlab.com/contoso/api/-/jobs/1",
    CI_COMMIT_REF_NAME: "release/1.2",
    CI_COMMIT_SHA: SHA,
    CI_COMMIT_MESSAGE: "Merge branch 'x' into 'main'\n\nUpdate\n\nSee merge request contoso/hld!34",
    CI_COMMIT_AUTHOR: "Ana Ruiz <ana@contoso.example>",
    CI_PROJECT_ID: "1042",
    CI_ENVIRONMENT_NAME: "prod",
    CI_JOB_STATUS: "success",
  };
  assert.deepEqual(await columns(["build", "end", "--image-tag", "a"], gitlab), {
    imageTag: "a",
    env: "prod",
    commitId: SHA,
    sourceRepo: "1042",
    branch: "release/1.2",
    commitMessage: gitlab.CI_COMMIT_MESSAGE,
    authorName: "Ana Ruiz",
    authorEmail: "ana@contoso.example",
    p1: "88",
    p1Name: "image",
    p1Url: gitlab.CI_JOB_URL,
    p1Status: "succeeded",
  });
  assert.equal((await columns(["manifest", "end"], gitlab)).pr, "34");
});

test("the pull request in a merge's message", async () => {
  async function check(message, expect) {
    assert.equal((await columns(["manifest", "start", "--id", "1", "--message", message], {})).pr, expect, message);
  }
  await check("Merge pull request #7 from contoso/x\n\nbody", "7");
  await check("Merged PR 8: words", "8");
  await check("Promote api (#9)", "9");
  await check("Merge branch 'a'\n\nSee merge request g/s/hld!10", "10");
  await check("Fix what (#9) broke", undefined);
  await check("Words\n\nMerged PR 8: words", undefined);
});

test("the clone knows the commit best", async () => {
  const cwd = folder("clone");
  const git = (...args) => execFileSync("git", ["-c", "user.name=Ken Abe", "-c", "user.email=ken@contoso.example", ...args], { cwd, encoding: "utf8" });
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message", "What was done\n\nand why");
  const BUILD_SOURCEVERSION = git("rev-parse", "HEAD").trim();
  const row = await columns(["build", "start", "--image-tag", "a"], { ...azure, BUILD_SOURCEVERSION }, { cwd });
  assert.deepEqual([row.authorName, row.authorEmail, row.commitMessage], ["Ken Abe", "ken@contoso.example", "What was done\n\nand why"]);
});

test("a badge shows what was last on its way", async () => {
  async function check(rows, expect, shell = SHELLS[0]) {
    const table = await newTable();
    await table.insert(rows.map((row, n) => ({ PartitionKey: PARTITION, RowKey: String(n), service: "Api", env: "PROD", ...row })));
    const { code, out, error } = await capture(["badge", "--service", "api", "--ring", "prod", "--strict"], { shell, env: place(table) });
    if (expect === undefined) return assert.match(error, /no row fits/);
    assert.equal(code, 0, error);
    const [, title] = /<title>(.*)<\/title>/.exec(out);
    const colours = { succeeded: "#2e7d32", failed: "#c62828", running: "#1565c0", waiting: "#1565c0" };
    assert.equal(title, expect);
    const word = /: \S+ (\w+)$/.exec(expect)?.[1] ?? "succeeded";
    if (!expect.includes("&")) assert.match(out, new RegExp(`fill="${colours[word] ?? "#616161"}"`));
  }
  const old = { imageTag: "api:0.9", p3Status: "failed", p3End: "2026-01-01T00:00:00Z", p3: "1" };
  await check([old, { imageTag: "reg:5000/api:1.0", p3Status: "succeeded", p3End: "2026-01-02T00:00:00Z" }], "Api in PROD: 1.0");
  await check([{ imageTag: "api:1.0", manifestCommitId: "abc", p3: "1" }], "Api in PROD: 1.0");
  await check([old], "Api in PROD: 0.9 failed");
  await check([{ imageTag: "1", p1Status: "running" }], "Api in PROD: 1 running");
  await check([{ imageTag: "1", p2Status: "succeeded", prState: "open" }], "Api in PROD: 1 waiting");
  await check([{ imageTag: "1", p2Status: "succeeded" }], "Api in PROD: 1 incomplete");
  await check([{ imageTag: "1", p1: "1", p2: "2" }], "Api in PROD: 1 unknown");
  await check([{ imageTag: "1", p1Status: "succeeded", p2: "2", p3: "3" }], "Api in PROD: 1 unknown");
  await check([{ imageTag: "1", p3Status: "odd" }], "Api in PROD: 1 unknown");
  await check([{ service: "other" }], undefined);
  for (const shell of SHELLS) {
    await check([{ imageTag: `<a href="x">&é😀`, p3Status: "succeeded" }], "Api in PROD: &lt;a href=&quot;x&quot;&gt;&amp;é😀", shell);
  }
});

test("a badge that cannot be had leaves the old one", async () => {
  const out = join(folder("badge"), "badge.svg");
  writeFileSync(out, "old");
  const table = await service(() => ({ status: 403 }));
  const { code, error } = await capture(["badge", "--service", "api", "--ring", "prod", "--out", out], { env: table.env });
  await table.close();
  assert.equal(code, 0);
  assert.match(error, /access was refused/);
  assert.equal(execFileSync("cat", [out], { encoding: "utf8" }), "old");
});

test("shellcheck has nothing to say", () => {
  execFileSync(find("shellcheck"), ["--shell", "sh", "--severity", "style", SCRIPT], { stdio: "pipe" });
});

test("help names every option that there is", async () => {
  const { code, out } = await capture(["help"]);
  assert.equal(code, 0);
  const known = execFileSync("sed", ["-n", "s/^    \\(-[^)]*\\)) [a-z0-9_]*=\\$value ;;/\\1/p", SCRIPT], { encoding: "utf8" });
  for (const option of known.trim().split(/[\n| ]+/)) assert.ok(out.includes(option), option);
});
