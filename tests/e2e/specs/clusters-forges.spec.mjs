// What clusters run, as forges report it: tags, statuses and the order of commits, over real HTTP.

import { TOKENS, enterTokens } from "../support/forges.mjs";
import { expect, test } from "../support/test.mjs";

/** Opens the list of a ring's clusters, once something is known of them. */
const openClusters = (header) => header.getByRole("button", { name: /synced|behind|failed|unknown/ }).press("Enter", { timeout: 15_000 });

const cluster = (place, name) => place.locator(`[data-cluster="${name}"]`);

test.beforeEach(async ({ site, forges, trouble }) => {
  // Jobs that are runs, pictures that are not there: a browser writes every 404 to its console.
  trouble.expectNetwork();
  await forges.useAt(site);
});

test("three clusters of one repository on GitHub stand in three states", async ({ page, ringside, forges }) => {
  await enterTokens(page, forges);
  await ringside.open("?project=jobs");
  const header = ringside.ringHeader("dev");
  await openClusters(header);
  await expect(cluster(header, "east")).toHaveAttribute("data-sync", "synced", { timeout: 15_000 });
  await expect(cluster(header, "east")).toContainText(/synced \d+ h ago/);
  await expect(cluster(header, "west")).toHaveAttribute("data-sync", "pending");
  await expect(cluster(header, "west")).toContainText("1 deployment behind");
  await expect(cluster(header, "lab")).toHaveAttribute("data-sync", "failed");
  await expect(cluster(header, "lab")).toContainText("failed: health check failed");
  await expect(header).toHaveAttribute("data-sync", "failed");
  const names = await header.locator("[data-cluster]").evaluateAll((all) => all.map((c) => c.dataset.cluster));
  expect(names).toEqual(["lab", "west", "east"]);

  // The cell tells how many run it, and which.
  const cell = ringside.cell("quiz", "dev");
  await cell.getByRole("button", { name: /1 of 3 clusters/ }).click();
  await expect(cluster(cell, "east")).toContainText(/^east\s*runs/);
});

test("a deployment's details name each cluster by ancestry", async ({ page, ringside, forges }) => {
  await enterTokens(page, forges);
  await ringside.open("?view=deployments&deployment=jobs:jobs/jobs-succeeded");
  const sync = ringside.details.locator('[data-stage="sync"]');
  await expect(cluster(sync, "east")).toHaveAttribute("data-sync", "synced", { timeout: 15_000 });
  await expect(cluster(sync, "lab")).toHaveAttribute("data-sync", "synced");
  await expect(cluster(sync, "west")).toHaveAttribute("data-sync", "pending");
});

test("Azure DevOps and GitLab report their clusters too, and each leads to its commit", async ({ page, ringside, forges }) => {
  await enterTokens(page, forges);
  for (const [project, commit] of [["classic", /\/_git\/[^/]+\/commit\/[0-9a-f]{40}$/], ["lab", /\/-\/commit\/[0-9a-f]{40}$/]]) {
    await ringside.open(`?project=${project}`);
    await openClusters(ringside.ringHeaders.first());
    const east = cluster(ringside.ringHeaders.first(), "east");
    await expect(east).toHaveAttribute("data-sync", "synced", { timeout: 20_000 });
    await expect(east.getByRole("link")).toHaveAttribute("href", commit);
  }
});

test("a filter for a cluster finds what it has", async ({ page, ringside, forges }) => {
  await enterTokens(page, forges);
  await ringside.open("?view=deployments&project=jobs&cluster=west");
  await expect(ringside.row("jobs:jobs/jobs-succeeded")).toHaveCount(0);
  await ringside.open("?view=deployments&project=jobs&cluster=east");
  await expect(ringside.row("jobs:jobs/jobs-succeeded")).toBeVisible({ timeout: 15_000 });
});

test("a token that may not read statuses costs what only statuses tell", async ({ page, ringside, forges }) => {
  const narrow = "ghp_narrow";
  const reads = ["runs", "commits", "pull-requests", "deployments"];
  await forges.setTokens([
    ...Object.entries(TOKENS).map(([forge, text]) => ({ forge, text })),
    { forge: "github", text: narrow, reads },
  ]);
  await enterTokens(page, forges, { github: narrow });
  await ringside.open("?project=jobs");
  const header = ringside.ringHeader("dev");
  await openClusters(header);
  await expect(cluster(header, "west")).toHaveAttribute("data-sync", "pending", { timeout: 15_000 });
  await expect(cluster(header, "east")).toHaveCount(0);
  await expect(ringside.problem("manifests", "forbidden")).toContainText("Commit statuses: read");
});

test("a repository that is not there is said, and what rows tell stays", async ({ page, ringside, forges, site }) => {
  const projects = site.config.projects.map((project) =>
    project.name === "jobs" ? { ...project, manifests: { ...project.manifests, repository: "contoso/no-such" } } : project,
  );
  site.config = { ...site.config, projects };
  await enterTokens(page, forges);
  await ringside.open("?project=jobs");
  await expect(ringside.problem("manifests", "not-found")).toContainText("contoso/no-such", { timeout: 15_000 });
  await expect(ringside.cell("quiz", "dev")).toContainText("main-6014");
});
