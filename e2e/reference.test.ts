// The reference of the interface in a real browser, from the document that the real server gives.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { endpoints, refusals } from "@lockstep/api";
import { policySettings } from "@lockstep/core";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { startServer, type Server } from "../apps/server/src/server.ts";
import { exampleCredentials } from "../apps/server/src/testing.ts";
import { runTool } from "../scripts/tool.ts";

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"];

let folder: string;
let server: Server;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-reference-"));
  // Built into a place of its own: other journeys build and serve the usual one at this moment.
  const built = join(folder, "console");
  const { exitCode, output } = await runTool("vite", ["build", "apps/console", "--outDir", built]);
  if (exitCode !== 0) throw new Error(output);
  server = await startServer({
    port: 0,
    host: "127.0.0.1",
    publicOrigin: null,
    databaseUrl: null,
    folder: join(folder, "database"),
    keyFile: join(folder, "keys", "key-encryption-key.json"),
    rootKeyFile: join(folder, "keys", "root-key.json"),
    relay: null,
    example: true,
    console: built,
    onGaveUp: (error) => {
      throw error;
    },
  });
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
}, 180_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Screen {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
}

/** Signed in. Whatever the browser complains about fails the journey. */
async function read(address: string, walk: (page: Page) => Promise<void>, screen: Screen = {}) {
  const { colorScheme = "light", width = 1280 } = screen;
  const context = await browser.newContext({
    baseURL: server.origin,
    colorScheme,
    viewport: { width, height: 900 },
    reducedMotion: "reduce",
  });
  try {
    await context.request.post("/api/v1/session", { data: exampleCredentials("mia") });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(address);
    await page.getByRole("heading", { level: 1, name: "Reference" }).waitFor();
    await walk(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

const operation = (page: Page, id: string) => page.locator(`details#${id}`);
const shown = (page: Page) => page.locator("details").evaluateAll((all) => all.map(({ id }) => id).sort());

test("every operation of the interface is there", async () => {
  await read("/reference", async (page) => {
    expect(await shown(page)).toEqual(Object.keys(endpoints).sort());
  });
});

test("an address that names an operation opens it: who may, what it takes and how it refuses", async () => {
  await read("/reference#setTeamPolicy", async (page) => {
    const named = operation(page, "setTeamPolicy");
    await named.getByText("organisation managers in their organisation").waitFor();
    const head = named.getByRole("heading", { level: 3 });
    await expect.poll(async () => (await head.boundingBox())?.y).toBeLessThan(450);
    const text = await named.innerText();
    expect(text).toContain("If-Match");
    expect(text).toContain(policySettings["sync.interval"].description);
    expect(text).toContain("5 to 1,440");
    expect(text).toContain(refusals.revision_changed.title);
    expect(text).toContain(`curl -X PUT "${server.origin}/api/v1/organisations/$organisationId/teams`);
  });
});

test("with the keyboard alone one finds an operation and opens it", async () => {
  await read("/reference", async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("licence_suspended");
    await page.getByText("2 operations").waitFor();
    expect(await shown(page)).toEqual(["assignLicence", "replaceLicence"]);
    await operation(page, "assignLicence").locator("summary").focus();
    await page.keyboard.press("Enter");
    await operation(page, "assignLicence").getByText(refusals.licence_suspended.title).waitFor();
  });
});

test("a link to a shape leads to it", async () => {
  await read("/reference#renameTeam", async (page) => {
    await operation(page, "renameTeam").getByRole("link", { name: "Team", exact: true }).click();
    await expect.poll(() => page.url()).toMatch(/#Team$/);
    const shape = page.getByRole("region", { name: "Team", exact: true });
    await expect.poll(async () => (await shape.boundingBox())?.y).toBeLessThan(450);
  });
});

test.each([
  { width: 360, colorScheme: "light" },
  { width: 1280, colorScheme: "dark" },
  { width: 1920, colorScheme: "light" },
] as const)("all of it fits $width pixels and can be read by everybody ($colorScheme)", async (screen) => {
  const walk = async (page: Page) => {
    await page.getByRole("button", { name: "Open all" }).click();
    await page.getByRole("button", { name: "Close all" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(screen.width);
    // What all have in common is looked at in one noun.
    const { violations } = await new AxeBuilder({ page }).include("#teams").analyze();
    expect(violations).toEqual([]);
  };
  await read("/reference", walk, screen);
});
