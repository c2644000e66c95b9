// The page as its hooks and names have it: the one place that knows how things are found.

import { expect } from "@playwright/test";

/** One open page. */
export class Ringside {
  constructor(page, site) {
    this.page = page;
    this.site = site;

    this.html = page.locator("html");
    this.main = page.locator("main[data-view]");
    /** How many deployments there are: `data-total` are known, `data-shown` pass the filters. */
    this.count = page.locator("[data-total]");
    this.search = page.locator("input[type=search]");
    this.table = page.locator("table[aria-rowcount]");
    this.rows = page.locator("tr[data-deployment]");
    this.ringHeaders = page.locator("[data-ring-header]");
    this.details = page.locator("[data-details]");
    this.stages = this.details.locator("[data-stage]");
    this.problems = page.locator("[data-problem]");
    this.suggestions = page.getByRole("listbox").getByRole("option");
    this.refreshNow = page.getByRole("button", { name: "Refresh now" });
    this.theme = page.getByRole("button", { name: /^Theme/ });
  }

  /** Goes to the page with that query, and waits until there is something to see. */
  async open(query = "") {
    await this.page.goto(this.site.url + query);
    await this.ready();
  }

  async ready() {
    await expect(this.html).toHaveAttribute("data-ready", "true", { timeout: 20_000 });
  }

  /** Follows a link of the header: Rings, Deployments, Connections. */
  async go(name) {
    await this.link(name).click();
  }

  /** The header's link to a view, which may have a mark for problems behind its name. */
  link(name) {
    return this.page.getByRole("navigation").getByRole("link", { name: new RegExp(`^${name}\\b`) });
  }

  /** A service's header in the rings. */
  service(name) {
    return this.page.getByRole("rowheader", { name: new RegExp(`^${name}( |$)`) });
  }

  /** What the address says. */
  get query() {
    return new URL(this.page.url()).searchParams;
  }

  row(id) {
    return this.page.locator(`tr[data-deployment="${id}"]`);
  }

  /** The drawn cells of one column. */
  column(id) {
    return this.page.locator(`td[data-column="${id}"]`);
  }

  header(name) {
    return this.table.getByRole("columnheader", { name });
  }

  /** What a ring has of a service. */
  cell(service, ring) {
    return this.page.locator(`[data-service="${service}"][data-ring="${ring}"]`);
  }

  ringHeader(ring) {
    return this.page.locator(`[data-ring-header="${ring}"]`);
  }

  stage(kind) {
    return this.details.locator(`[data-stage="${kind}"]`);
  }

  problem(area, kind) {
    return this.page.locator(`[data-problem="${area}"]${kind ? `[data-kind="${kind}"]` : ""}`);
  }

  /** The button of a filter's menu. */
  menu(facet) {
    return this.page.locator(`button[data-filter="${facet}"]`);
  }

  /** A value in the open menu. */
  choice(name) {
    return this.page.getByRole("checkbox", { name });
  }

  chip(facet, value) {
    return this.page.getByRole("button", { name: `Remove filter ${facet}: ${value}` });
  }

  /** Opens the card of a connection, which begins closed where nothing is to be done. */
  async openSource(origin) {
    const card = this.page.locator("details", { has: this.credential(origin) });
    await card.waitFor({ state: "attached" });
    if (!(await card.evaluate((details) => details.open))) await card.locator("summary").first().click();
  }

  credential(origin) {
    return this.page.locator(`input[data-credential="${origin}"]`);
  }

  /** So many are known, and so many of them shown. */
  async expectCount(total, shown = total) {
    await expect(this.count).toHaveAttribute("data-total", String(total));
    await expect(this.count).toHaveAttribute("data-shown", String(shown));
  }

  /** Another address without loading the page anew, as the back button does it. */
  async visit(query) {
    await this.page.evaluate((query) => {
      history.pushState(null, "", query);
      dispatchEvent(new PopStateEvent("popstate"));
    }, query);
  }
}
