// The Helm chart: linted, rendered with several sets of values, and held against Kubernetes' own schemas.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { parse, parseAllDocuments } from "yaml";

import { find } from "../capture/support.mjs";
import { checkManifest } from "../kubernetes.mjs";
import { folder } from "./site.mjs";

const CHART = fileURLToPath(new URL("../../chart/ringside", import.meta.url));
const CONFIG = { title: "Trivia", projects: [{ name: "trivia", storage: { kind: "azure-table", endpoint: "https://a.table.core.windows.net", table: "deployments" } }] };

function helm(command, values, ...more) {
  const file = join(folder("values"), "values.json");
  writeFileSync(file, JSON.stringify(values));
  const { status, stdout, stderr } = spawnSync(find("helm"), [...command, CHART, "--values", file, ...more], { encoding: "utf8" });
  return { status, stdout, stderr };
}

/** What it renders to, by kind. */
async function render(values, ...more) {
  const { status, stdout, stderr } = helm(["template", "site"], values, ...more);
  assert.equal(status, 0, stderr);
  const objects = parseAllDocuments(stdout).map((document) => document.toJS()).filter(Boolean);
  for (const object of objects) await checkManifest(object);
  return Object.fromEntries(objects.map((object) => [object.kind, object]));
}

function lint(values) {
  const { status, stdout, stderr } = helm(["lint", "--strict"], values);
  assert.equal(status, 0, stdout + stderr);
}

const container = ({ Deployment }) => Deployment.spec.template.spec.containers[0];
const checksum = ({ Deployment }) => Deployment.spec.template.metadata.annotations["checksum/config"];

test("as it is: unprivileged, with sample data", async () => {
  lint({});
  const objects = await render({});
  assert.deepEqual(Object.keys(objects).sort(), ["Deployment", "Pod", "Service", "ServiceAccount"]);
  const { spec } = objects.Deployment.spec.template;
  assert.equal(spec.automountServiceAccountToken, false);
  assert.equal(spec.securityContext.runAsNonRoot, true);
  assert.deepEqual(container(objects).securityContext, {
    allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] },
  });
  for (const probe of ["livenessProbe", "readinessProbe"]) {
    assert.deepEqual(container(objects)[probe].httpGet, { path: "/healthz", port: "http" });
  }
  assert.equal(spec.volumes, undefined);
  assert.equal(container(objects).image, `ringside:${parse(readFileSync(join(CHART, "Chart.yaml"), "utf8")).appVersion}`);
});

test("a configuration becomes a ConfigMap, whose change replaces the pods", async () => {
  const objects = await render({ config: CONFIG });
  assert.deepEqual(JSON.parse(objects.ConfigMap.data["config.json"]), CONFIG);
  assert.deepEqual(objects.Deployment.spec.template.spec.volumes, [{ name: "config", configMap: { name: "site-ringside" } }]);
  assert.deepEqual(container(objects).volumeMounts, [{ name: "config", mountPath: "/config", readOnly: true }]);
  assert.notEqual(checksum(objects), checksum(await render({ config: { ...CONFIG, title: "Other" } })));
  const file = join(folder("config"), "config.json");
  writeFileSync(file, JSON.stringify(CONFIG));
  const fromFile = await render({}, "--set-file", `config=${file}`);
  assert.deepEqual(JSON.parse(fromFile.ConfigMap.data["config.json"]), CONFIG);
});

test("a SAS never gets into a ConfigMap", async () => {
  function refused(values, expect) {
    const { status, stdout, stderr } = helm(["template", "site"], values);
    assert.notEqual(status, 0);
    assert.match(stderr, expect);
    assert.equal(stdout, "");
  }
  const storage = { ...CONFIG.projects[0].storage, sas: "sv=1&sig=x" };
  const withSas = { ...CONFIG, projects: [{ name: "trivia", storage }] };
  refused({ config: withSas }, /holds a SAS/);
  refused({ config: JSON.stringify(withSas) }, /holds a SAS/);
  refused({ config: JSON.stringify({ a: "https://x/?sv=1&sig=x" }) }, /holds a SAS/);
  refused({ config: '{"SAS" : "opaque"}' }, /holds a SAS/);
  refused({ config: "{" }, /JSON/);
  refused({ config: CONFIG, existingSecret: "s" }, /not both/);
  const objects = await render({ existingSecret: "ringside-config" });
  assert.equal(objects.ConfigMap, undefined);
  const [volume] = objects.Deployment.spec.template.spec.volumes;
  assert.deepEqual(volume.secret, { secretName: "ringside-config", items: [{ key: "config.json", path: "config.json" }] });
});

test("with everything that can be said", async () => {
  const values = {
    fullnameOverride: "rings",
    config: CONFIG,
    image: { repository: "registry.example/ringside", tag: "1.2", pullPolicy: "Always" },
    imagePullSecrets: [{ name: "pull" }],
    basePath: "/ringside",
    frameAncestors: "'self' https://portal.example",
    serviceAccount: { name: "own", annotations: { a: "b" } },
    service: { type: "NodePort", port: 8000 },
    ingress: {
      enabled: true, className: "nginx", annotations: { a: "b" }, tls: [{ secretName: "tls", hosts: ["x.example"] }],
      hosts: [{ host: "x.example", paths: [{ path: "/ringside" }] }],
    },
    autoscaling: { enabled: true, minReplicas: 2 },
    podAnnotations: { c: "d" }, podLabels: { e: "f" }, nodeSelector: { g: "h" }, tolerations: [{ operator: "Exists" }],
    affinity: { nodeAffinity: {} }, volumes: [{ name: "more", emptyDir: {} }], volumeMounts: [{ name: "more", mountPath: "/more" }],
  };
  lint(values);
  const objects = await render(values);
  assert.deepEqual(Object.keys(objects).sort(), ["ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Ingress", "Pod", "Service", "ServiceAccount"]);
  assert.equal(objects.Deployment.spec.replicas, undefined);
  assert.equal(objects.Deployment.metadata.name, "rings");
  assert.deepEqual(container(objects).env.slice(1), [
    { name: "RINGSIDE_BASE_PATH", value: "/ringside" },
    { name: "RINGSIDE_FRAME_ANCESTORS", value: "'self' https://portal.example" },
  ]);
  assert.equal(container(objects).volumeMounts.length, 2);
  const [rule] = objects.Ingress.spec.rules;
  assert.deepEqual(rule.http.paths[0].backend.service, { name: "rings", port: { name: "http" } });
  const { selector } = objects.Service.spec;
  const { labels } = objects.Deployment.spec.template.metadata;
  for (const [name, value] of Object.entries(selector)) assert.equal(labels[name], value);
});

test("values that cannot be meant are refused", () => {
  function refused(values, expect) {
    const { status, stdout, stderr } = helm(["template", "site"], values);
    assert.notEqual(status, 0, stdout);
    assert.match(stderr, expect);
  }
  refused({ replicas: 2 }, /replicas/);
  refused({ image: { repo: "x" } }, /repo/);
  refused({ service: { port: "http" } }, /port/);
  refused({ ingress: { hosts: [{ host: "x" }] } }, /paths/);
  refused({ basePath: "ringside/" }, /basePath/);
  refused({ frameAncestors: "*; script-src *" }, /frameAncestors/);
});
