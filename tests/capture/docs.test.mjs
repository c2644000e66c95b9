// What docs/capture has to paste: it fits its schemas, and does what it says.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { parse, parseAllDocuments } from "yaml";

import { checkManifest } from "../kubernetes.mjs";
import { fits } from "../schemas.mjs";
import { DONE, PARTITION, SCRIPT, find, folder, newTable, page, rows, service, stop } from "./support.mjs";

after(stop);

const DOCS = fileURLToPath(new URL("../../docs/capture/", import.meta.url));
const text = (path) => readFileSync(join(DOCS, path), "utf8");

/** Azure Pipelines and its schema know texts alone. */
const AS_TEXTS = { schema: "failsafe" };

test("each is what its CI reads", () => {
  fits("github-actions", parse(text("github/action.yml")));
  fits("github-workflows", parse(text("github/workflow.yml")));
  // With its condition put in, as Azure Pipelines does before it reads the step.
  const template = parse(text("azure-pipelines/ringside.yml"), AS_TEXTS);
  const { "${{ if eq(parameters.step, 'end') }}": inserted, ...step } = template.steps[0];
  fits("azure-pipelines", { ...template, steps: [{ ...step, ...inserted }] });
  fits("azure-pipelines", parse(text("azure-pipelines/azure-pipelines.yml"), AS_TEXTS));
  fits("gitlab-ci", parse(text("gitlab/ringside.yml")));
  // The schemas can tell.
  assert.throws(() => fits("github-actions", { name: "x", runs: { using: "composite" } }));
  assert.throws(() => fits("github-workflows", { on: "push", jobs: { a: { "runs-on": "x", stepz: [] } } }));
  assert.throws(() => fits("gitlab-ci", { job: { script: { no: 1 } } }));
});

test("what goes into a cluster is what Kubernetes takes", async () => {
  const documents = ["flux/cronjob.yaml", "argo-cd/argocd-notifications.yaml"].flatMap((path) =>
    parseAllDocuments(text(path)).map((document) => document.toJS()));
  for (const document of documents) await checkManifest(document);
  const kinds = documents.map(({ kind }) => kind);
  assert.deepEqual(kinds, ["ServiceAccount", "Role", "RoleBinding", "CronJob", "Secret", "ConfigMap"]);
  const { resources, configMapGenerator } = parse(text("flux/kustomization.yaml"));
  assert.deepEqual(resources, ["cronjob.yaml"]);
  assert.deepEqual(configMapGenerator[0].files, ["flux-sync.sh", "capture.sh"]);
  // The check can tell.
  const job = documents.find(({ kind }) => kind === "CronJob");
  await assert.rejects(checkManifest({ ...job, spec: { ...job.spec, scedule: "x" } }), /no field CronJob.spec.scedule/);
  await assert.rejects(checkManifest({ ...job, spec: { ...job.spec, schedule: 5 } }), /schedule/);
});

test("shellcheck has nothing to say of the scripts in them", () => {
  const scripts = [
    ["sh", text("flux/flux-sync.sh")],
    ["sh", parse(text("github/action.yml")).runs.steps[0].run],
    ["bash", parse(text("azure-pipelines/ringside.yml")).steps[0].bash],
  ];
  for (const [shell, script] of scripts) {
    execFileSync(find("shellcheck"), ["--shell", shell, "-"], { input: script, stdio: ["pipe", "pipe", "pipe"] });
  }
});

/** Runs a piece of shell with nothing else in the environment, against a service that takes everything. */
async function sent(script, env, { shell = "sh", cwd = folder("job"), path = process.env.PATH } = {}) {
  const table = await service(({ method }) => (method === "GET" ? page([]) : DONE));
  const child = spawn(find(shell), ["-ec", script], { cwd, env: { PATH: path, ...table.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  let error = "";
  child.stderr.on("data", (chunk) => (error += chunk));
  const code = await new Promise((done) => child.on("close", done));
  await table.close();
  assert.equal(code, 0, error);
  return table.requests.filter((request) => request.method === "MERGE").map((request) => request.body);
}

const NASTY = `a"b'$(touch pwned)\`id\`;x`;

test("the GitHub action hands its inputs on, whatever they hold", async () => {
  const { inputs, runs: { steps: [step] } } = parse(text("github/action.yml"));
  const given = { command: "build", step: "end", status: "failure", sas: "sp=rau&sig=x", "image-tag": NASTY, ring: "dev", "commit-id": "abc" };
  const value = (name) => given[name] ?? inputs[name].default ?? "";
  const env = Object.fromEntries(Object.entries(step.env).map(([name, expression]) => {
    const input = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(expression);
    return [name, input ? value(input[1]) : expression];
  }));
  for (const name of Object.keys(inputs)) {
    assert.ok(Object.values(step.env).includes(`\${{ inputs.${name} }}`), name);
  }
  assert.doesNotMatch(step.run, /\$\{\{/);
  env.ACTION_PATH = fileURLToPath(new URL("../../public", import.meta.url));
  const cwd = folder("job");
  const [row] = await sent(step.run, { ...env, GITHUB_RUN_ID: "7" }, { cwd });
  assert.deepEqual([row.imageTag, row.env, row.p1, row.p1Status, row.commitId], [NASTY, "dev", "7", "failed", "abc"]);
  assert.deepEqual(readdirSync(cwd), []);
});

test("the Azure Pipelines template hands its parameters on, and runs at the end of a failed job", async () => {
  const template = parse(text("azure-pipelines/ringside.yml"));
  const [step] = template.steps;
  const given = { command: "release", step: "end", imageTag: NASTY, ring: "dev", pr: "5", script: SCRIPT };
  const names = template.parameters.map(({ name }) => name);
  const env = Object.fromEntries(Object.entries(step.env).map(([name, expression]) => {
    const [, parameter] = /^\$\{\{ parameters\.(\w+) \}\}$/.exec(expression) ?? [];
    if (parameter) assert.ok(names.includes(parameter), parameter);
    return [name, parameter ? (given[parameter] ?? "") : "sp=rau&sig=x"];
  }));
  assert.equal(Object.keys(step.env).length, names.length + 1);
  assert.deepEqual(step["${{ if eq(parameters.step, 'end') }}"], { condition: "always()" });
  assert.doesNotMatch(step.bash, /\$\{\{|\$\(/);
  const [row] = await sent(step.bash, { ...env, TF_BUILD: "True", BUILD_BUILDID: "7", AGENT_JOBSTATUS: "Canceled" }, { shell: "bash" });
  assert.deepEqual([row.imageTag, row.env, row.p2, row.p2Status, row.pr], [NASTY, "dev", "7", "canceled", "5"]);
});

test("GitLab's jobs record begin and end", async () => {
  const jobs = parse(text("gitlab/ringside.yml"));
  const env = { RINGSIDE_SCRIPT: SCRIPT, RINGSIDE_IMAGE: NASTY, RINGSIDE_RING: "dev", RINGSIDE_SERVICE: "api", RINGSIDE_CLUSTER: "east", GITLAB_CI: "true", CI_PIPELINE_ID: "8", CI_COMMIT_SHA: "a".repeat(40), CI_JOB_STATUS: "failed" };
  for (const [job, column] of [[".ringside-build", "p1Status"], [".ringside-release", "p2Status"], [".ringside-manifest", "p3Status"], [".ringside-sync", "syncState"]]) {
    const cwd = folder("job");
    writeFileSync(join(cwd, "ringside.env"), "RINGSIDE_PR=12\nRINGSIDE_MANIFEST_COMMIT_ID=c0ffee0\n");
    const [begin] = await sent(jobs[job].before_script.join("\n"), env, { cwd });
    const [end] = await sent(jobs[job].after_script.join("\n"), env, { cwd });
    assert.deepEqual([begin[column], end[column]], [column === "syncState" ? "pending" : "running", "failed"], job);
    if (job === ".ringside-release") assert.equal(end.pr, "12");
    if (job === ".ringside-manifest") assert.equal(end.manifestCommitId, "c0ffee0");
  }
});

test("Flux's job tells what is applied", async () => {
  const dir = folder("flux");
  copyFileSync(join(DOCS, "flux/flux-sync.sh"), join(dir, "flux-sync.sh"));
  copyFileSync(SCRIPT, join(dir, "capture.sh"));
  async function check(status, expect) {
    const bin = folder("bin");
    const ready = status.conditions?.[0] ?? {};
    const answers = { ...status, status: ready.status, message: ready.message, lastTransitionTime: ready.lastTransitionTime };
    const cases = Object.entries(answers).map(([name, value]) => `*.${name}}) printf '%s' '${value}' ;;`).join("\n");
    writeFileSync(join(bin, "kubectl"), `#!/bin/sh\ncase "$*" in\n"get kustomizations.kustomize.toolkit.fluxcd.io/apps --namespace flux-system --output "*) ;;\n*) exit 1 ;;\nesac\ncase "$*" in\n${cases}\nesac\n`);
    chmodSync(join(bin, "kubectl"), 0o755);
    const env = { CLUSTER: "east", NAMESPACE: "flux-system", KUSTOMIZATION: "apps" };
    const [row] = await sent(`sh '${dir}/flux-sync.sh'`, env, { path: `${bin}:${process.env.PATH}` });
    assert.deepEqual([row.cluster, row.syncState, row.syncCommit, row.syncMessage, row.syncAt], ["east", ...expect]);
  }
  const at = "2026-11-27T01:02:03Z";
  const ready = (status, message = "") => [{ status, message, lastTransitionTime: at }];
  await check({ conditions: ready("True"), lastAppliedRevision: "main@sha1:abc", lastAttemptedRevision: "main@sha1:abc" }, ["applied", "abc", "", at]);
  await check({ conditions: ready("False", "no \"such\" thing"), lastAppliedRevision: "main@sha1:abc", lastAttemptedRevision: "main@sha1:def" }, ["failed", "def", 'no "such" thing', at]);
  await check({ conditions: ready("Unknown"), lastAppliedRevision: "main/abc", lastAttemptedRevision: "feature/x/def" }, ["pending", "def", "", at]);
});

test("Argo CD's templates make the row that they are for", async () => {
  const [, config] = parseAllDocuments(text("argo-cd/argocd-notifications.yaml")).map((document) => document.toJS());
  const { url, headers } = parse(config.data["service.webhook.ringside"]);
  const operation = { phase: "Failed", message: 'a "quoted"\nline', startedAt: "2026-11-27T01:00:00Z", finishedAt: "2026-11-27T01:02:03Z", operation: { sync: { revision: "def" } }, syncResult: { revision: "abc" } };
  // Helm has the functions that Argo CD's templates have, and the same language.
  const chart = folder("argo");
  mkdirSync(join(chart, "templates"));
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: argo\nversion: 1.0.0\n");
  writeFileSync(join(chart, "values.yaml"), JSON.stringify({ app: { status: { operationState: operation } } }));
  const table = await newTable();
  for (const state of ["pending", "failed", "applied"]) {
    const { webhook: { ringside } } = parse(config.data[`template.ringside-${state}`]);
    writeFileSync(join(chart, "templates", "body.yaml"), `{{- with .Values }}\n${ringside.body}{{- end }}\n`);
    const body = execFileSync(find("helm"), ["template", chart], { encoding: "utf8" }).replace(/^---\n# Source.*\n/, "");
    JSON.parse(body);
    const place = url
      .replace("https://ACCOUNT.table.core.windows.net/deployments", `${table.azurite.endpoint}/${table.name}`)
      .replace("'trivia'", `'${encodeURIComponent(PARTITION.replace("'", "''"))}'`)
      .replace("$ringside-sas", table.sas({ permissions: "au" }));
    const response = await fetch(place, { method: ringside.method, body, headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])) });
    assert.equal(response.status, 204);
    const { PartitionKey, ...row } = (await rows(table))[0];
    assert.deepEqual(row, {
      RowKey: "sync-prod-east",
      kind: "sync",
      cluster: "prod-east",
      syncState: state,
      syncCommit: state === "applied" ? "abc" : "def",
      syncMessage: state === "pending" ? "" : operation.message,
      syncAt: state === "pending" ? operation.startedAt : operation.finishedAt,
    });
  }
  assert.equal((await rows(table)).length, 1);
});
