// An authority administrator imports organisations with their people from one file, in the console.

import { afterAll, beforeAll, expect, test } from "vitest";

import { openSite, press, section, type Site } from "./browser.ts";

let site: Site;

beforeAll(async () => {
  site = await openSite({ example: true });
}, 180_000);

afterAll(() => site.close());

const csv = [
  "organisation,name,username,email,team,invite,role",
  "Southern Air,Vera Simic,vera.s@southern.example,vera@southern.example,,yes,organisation-manager",
  "Southern Air,Tara Nair,tara.n@southern.example,,Flight/Pilots,,",
  "Northwind Air,Bo Lindqvist,bo@northwind.example,,Pilots,,",
  "Northwind Air,Finn Aalto,finn.a@northwind.example,,Nowhere,,",
].join("\n");

test("a file is checked, the organisation that it would make is named, and it is made with its people", async () => {
  const walk: Parameters<Site["visit"]>[1] = async (page) => {
    await page.getByRole("link", { name: "Import", exact: true }).last().click();
    await page.waitForURL(/installation\/imports/);
    const file = { name: "all.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
    await page.locator("input[type=file]").setInputFiles(file);
    await press(page, "Check the file");
    const made = section(page, "Organisations that would be made");
    await made.getByText("Southern Air", { exact: true }).waitFor();
    await section(page, "Skipped rows").getByText("There is no such team.").waitFor();
    await press(page, "Import 2 people and 1 organisation");
    await page.waitForURL(/import=/);
    await section(page, "Organisations made").getByRole("link", { name: "Southern Air" }).click();
    await page.getByRole("link", { name: "Vera Simic" }).waitFor();
    await page.getByRole("link", { name: "Tara Nair" }).waitFor();
  };
  await site.visit("/installation", walk, { as: "noor" });
});

test("who manages an organisation is not offered to import others, and is told so at the address", async () => {
  await site.visit(
    "/installation/imports",
    async (page) => {
      await page.getByText("You cannot import organisations.").waitFor();
      expect(await page.locator("input[type=file]").count()).toBe(0);
    },
    { as: "ada" },
  );
});
