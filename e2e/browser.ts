// What journeys have in common: the console, served by the real server, in a real browser, as whoever the journey is about.

import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { expect, test } from "vitest";

import { startServer } from "../apps/server/src/server.ts";
import type { RelayAccess } from "../apps/server/src/sync/connection.ts";
import { exampleCredentials } from "../apps/server/src/testing.ts";
import { ensureConsole } from "../scripts/start.ts";

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
  const built = await ensureConsole();
  const folder = await mkdtemp(join(tmpdir(), "lockstep-journey-"));
  // Where root's PostgreSQL has a user of its own, who cannot enter it, the database would be elsewhere, and stay there.
  await chmod(folder, 0o711);
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
  const open = async ({ width = 1280, as }: Screen) => {
    const context = await browser.newContext({
      baseURL: origin,
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
  /** What of the page is judged for those who do not see it well: a part that has all that the rest has. Left out: all of it. */
  readonly within?: string;
}

export type Places = Readonly<Record<string, Place>>;

/**
 * Tests that nobody is left alone at any of the places: neither who does not see, or not well, nor who has little room.
 * Whoever goes there signs in once.
 */
export function testForEverybody(what: string, where: () => { site: Site; places: Places }): void {
  test.each([
    { screen: "wide", width: 1280, wider: 1920 },
    { screen: "narrow", width: 360, wider: 768 },
  ])(
    `everybody can use ${what} on a $screen screen`,
    async ({ width, wider }) => {
      const { site, places } = where();
      await tour(site, places, width, async (page, name, place) => {
        await expectFitting(page, name, width);
        await expectAccessible(page, name, place);
        await expectFitting(page, name, wider);
      });
    },
    300_000,
  );
}

/** Goes to every place and looks. */
async function tour(
  site: Site,
  places: Places,
  width: number,
  look: (page: Page, name: string, place: Place) => Promise<void>,
): Promise<void> {
  for (const [as, these] of Map.groupBy(Object.entries(places), ([, { as = "mia" }]) => as)) {
    const context = await site.open({ width, ...(as !== null && { as }) });
    try {
      for (const [name, place] of these) {
        await walkIn(context, place.address, async (page) => {
          await place.reach?.(page);
          await look(page, name, place);
        });
      }
    } finally {
      await context.close();
    }
  }
}

async function expectAccessible(page: Page, name: string, { within = "html" }: Place): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    // In a frame without scripts the looking does not run either, and waits for ever.
    const { violations } = await new AxeBuilder({ page })
      .include(within)
      .exclude("iframe[sandbox='']")
      .analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
  }
}

async function expectFitting(page: Page, name: string, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  const excess = await page.evaluate(() => {
    const places = [document.documentElement, ...document.querySelectorAll("dialog[open]")];
    return Math.max(...places.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  });
  expect(excess, `${name}, ${width} pixels wide`).toBeLessThanOrEqual(0);
}
