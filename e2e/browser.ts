// What journeys have in common: the console built into a place of its own, served by the real server, in a real
// browser, as whoever the journey is about.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { expect } from "vitest";

import { startServer } from "../apps/server/src/server.ts";
import type { RelayAccess } from "../apps/server/src/sync/connection.ts";
import { exampleCredentials } from "../apps/server/src/testing.ts";
import { runTool } from "../scripts/tool.ts";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** `forgive` names complaints that belong to the journey, those that came and those that will. */
export type Walk = (page: Page, forgive: (complaint: RegExp) => void) => Promise<void>;

export interface Screen {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  /** Somebody of the example; nobody is signed in if left out. */
  readonly as?: string;
}

export interface Site {
  readonly origin: string;
  /** Of a server that nobody administers yet. */
  readonly setUpCode: string | null;
  /** A browser in which one is signed in, or nobody is. To be closed. */
  readonly open: (screen: Screen) => Promise<BrowserContext>;
  /** A page of its own at an address, closed afterwards. Whatever the browser complains about fails the journey. */
  readonly visit: (address: string, walk: Walk, screen?: Screen) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface SiteOptions {
  /** With the example organisation, or as it is after installing. */
  readonly example: boolean;
  /** The one that the server works with; without one nothing travels. */
  readonly relay?: RelayAccess;
  /** An empty database, for a journey that looks into it or holds it fast; the embedded one if left out. */
  readonly databaseUrl?: string;
}

/** A server with its console. */
export async function openSite({ example, relay, databaseUrl }: SiteOptions): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-journey-"));
  const built = join(folder, "console");
  const { exitCode, output } = await runTool("vite", ["build", "apps/console", "--outDir", built]);
  if (exitCode !== 0) throw new Error(output);
  const server = await startServer({
    port: 0,
    host: "127.0.0.1",
    publicOrigin: null,
    databaseUrl: databaseUrl ?? null,
    folder: join(folder, "database"),
    keyFile: join(folder, "keys", "key-encryption-key.json"),
    rootKeyFile: join(folder, "keys", "root-key.json"),
    relay: relay === undefined ? null : { ...relay, syncMinutes: 60 },
    example,
    console: built,
    providersOnLoopback: true,
    onGaveUp: (error) => {
      throw error;
    },
  });
  const { origin, setUpCode } = server;
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  const open = async ({ colorScheme = "light", width = 1280, as }: Screen) => {
    const context = await browser.newContext({
      baseURL: origin,
      colorScheme,
      viewport: { width, height: 900 },
      reducedMotion: "reduce",
    });
    if (as !== undefined) await enter(context, as);
    return context;
  };
  return {
    origin,
    setUpCode,
    open,
    visit: async (address, walk, screen = {}) => {
      const context = await open(screen);
      try {
        await walkIn(context, address, walk);
      } finally {
        await context.close();
      }
    },
    close: async () => {
      await browser.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function enter(context: BrowserContext, name: string): Promise<void> {
  const reply = await context.request.post("/api/v1/session", { data: exampleCredentials(name) });
  expect(reply.status(), `${name} can sign in`).toBe(200);
}

async function walkIn(context: BrowserContext, address: string, walk: Walk): Promise<void> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const forgiven: RegExp[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
  await settled(page);
  await walk(page, (complaint) => void forgiven.push(complaint));
  expect(complaints.filter((each) => !forgiven.some((complaint) => complaint.test(each)))).toEqual([]);
  await page.close();
}

/** Through the sign-in page, as people do. */
export async function signInAs(
  page: Page,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<void> {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Sign in");
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  await settled(page);
}

/** Whatever the page asks for is there. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy='true']") === null);
}

export const section = (page: Page, name: string) => page.getByRole("region", { name });
export const dialog = (page: Page) => page.getByRole("dialog");
export const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, ...(typeof name === "string" && { exact: true }) }).click();

/** Somewhere to look, and what to do there before looking. */
export interface Place {
  readonly address: string;
  readonly reach?: (page: Page) => Promise<void>;
  /** Left out: the one who holds every role. */
  readonly as?: string | null;
}

export type Places = Readonly<Record<string, Place>>;

/** Goes to every place and looks. Whoever goes there signs in once. */
async function tour(
  site: Site,
  places: Places,
  screen: Screen,
  look: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  for (const [as, these] of Map.groupBy(Object.entries(places), ([, { as = "mia" }]) => as)) {
    const context = await site.open({ ...screen, ...(as !== null && { as }) });
    try {
      for (const [name, { address, reach }] of these) {
        await walkIn(context, address, async (page) => {
          await reach?.(page);
          await look(page, name);
        });
      }
    } finally {
      await context.close();
    }
  }
}

/** @throws where somebody who does not see, or not well, would be left alone. */
export async function expectAccessible(
  site: Site,
  places: Places,
  colorScheme: "light" | "dark",
): Promise<void> {
  await tour(site, places, { colorScheme }, async (page, name) => {
    // In a frame without scripts the looking does not run either, and waits for ever.
    const { violations } = await new AxeBuilder({ page }).exclude("iframe[sandbox='']").analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    expect(found, name).toEqual([]);
  });
}

/** @throws where one would have to scroll sideways. */
export async function expectFitting(site: Site, places: Places, width: number): Promise<void> {
  await tour(site, places, { width }, async (page, name) => {
    const excess = await page.evaluate(() => {
      const places = [document.documentElement, ...document.querySelectorAll("dialog[open]")];
      return Math.max(...places.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
    });
    expect(excess, name).toBeLessThanOrEqual(0);
  });
}
