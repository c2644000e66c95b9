import { defineConfig } from "@playwright/test";

// Set by `./x test`, which counts from it.
const report = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE;

export default defineConfig({
  testDir: "./specs",
  outputDir: "./results",
  snapshotPathTemplate: "{testDir}/../pictures/{arg}{ext}",
  // A test that fails now and then is a bug: it is not tried again.
  retries: 0,
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  expect: { timeout: 8_000 },
  reporter: report ? [["list"], ["json", { outputFile: report }]] : "list",
  use: {
    viewport: { width: 1600, height: 900 },
    screenshot: "only-on-failure",
    // Costs a third of the time. TRACE=on to see what a test did.
    trace: process.env.TRACE ?? "off",
  },
  projects: [
    {
      name: "chromium",
      use: {
        browserName: "chromium",
        launchOptions: {
          // The system's browser, which `./x` finds: none is downloaded.
          executablePath: process.env.CHROMIUM,
          // No sandbox, since it refuses to run as root; no calls home, since a test machine may have no way out.
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
          ],
        },
      },
    },
  ],
});
