// The documents are true: what they link to, name and count exists, and what exists is in them.

import { existsSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";

import { expect, test } from "vitest";

import { operatorErrorCodes } from "../apps/server/src/db/operator-error.ts";
import { refusals } from "../packages/api/src/index.ts";
import {
  accountReasonCodes,
  conditionTypes,
  differenceCodes,
  encryptionReasonCodes,
  steps,
} from "../packages/core/src/index.ts";
import { repositoryFiles, root, textOf } from "./repository.ts";

const files = repositoryFiles();
const documents = files.filter((file) => file.endsWith(".md"));
const sources = files.filter((file) => /[.](?:[cm]?[jt]s|tsx)$/.test(file));
const testFiles = sources.filter((file) => /[.]test[.]tsx?$/.test(file));

/** Every match's first group, in order. */
function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, group = ""]) => group);
}

/** A document without its blocks of code, in which nothing is a link or a claim. */
function prose(document: string): string {
  return textOf(document).replaceAll(/^```[^]*?^```/gm, "");
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchors(document: string): string[] {
  return found(prose(document), /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test.each(documents)("every link in %s leads somewhere", (document) => {
  const dead = found(prose(document), /\]\(([^)\s]+)\)/g).filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? document : posix.join(posix.dirname(document), path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchors(target).includes(anchor);
  });
  expect(dead).toEqual([]);
});

test.each(documents)("every path that %s names exists", (document) => {
  const paths = found(prose(document), /`((?:[.]ci|apps|bench|docs|e2e|packages|scripts|tools)\/[\w./-]*)`/g);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

const decisions = documents.filter((file) => file.startsWith("docs/adr/"));

test("each decision has a number of its own, and is named after it", () => {
  const numbers = decisions.map((file) => /^docs\/adr\/(\d{4})-[a-z0-9-]+[.]md$/.exec(file)?.[1]);
  expect(numbers).not.toContain(undefined);
  expect(new Set(numbers).size).toBe(decisions.length);
});

test.each(decisions)(
  "%s says context, decision, consequences and what was not chosen, on one page",
  (file) => {
    const text = textOf(file);
    expect(text).toMatch(new RegExp(`^# ${/\d{4}/.exec(file)?.[0] ?? ""} `));
    expect(found(text, /^## (.*)$/gm)).toEqual(["Context", "Decision", "Consequences", "Not chosen"]);
    expect(text.split("\n").length).toBeLessThanOrEqual(60);
  },
);

test("every invariant is quoted in the title of a test, and every quoted invariant exists", () => {
  const written = found(textOf("docs/invariants.md"), /^## INV-(\d+) /gm);
  expect(written).toEqual(written.map((_, at) => String(at + 1)));
  const quoted = testFiles.flatMap((file) => found(textOf(file), /["'`]INV-(\d+)(?=[:,])/g));
  expect([...new Set(quoted)].sort()).toEqual([...written].sort());
});

test("every invariant that a source names exists", () => {
  const written = new Set(found(textOf("docs/invariants.md"), /^## INV-(\d+) /gm));
  const named = sources.flatMap((file) => found(textOf(file), /INV-(\d+)/g));
  expect(named.filter((number) => !written.has(number))).toEqual([]);
});

/** The codes that have a heading in a document. */
function sections(document: string): string[] {
  return found(textOf(document), /^#{2,4} `([\w-]+)`$/gm).sort();
}

test("docs/refusals.md has a section for every code, and for none that does not exist", () => {
  expect(sections("docs/refusals.md")).toEqual(Object.keys(refusals).sort());
});

test("docs/operating.md has a section for every reason not to start, and for none that does not exist", () => {
  expect(sections("docs/operating.md")).toEqual([...operatorErrorCodes].sort());
});

test("docs/standing.md has a row for every reason, difference, condition and step", () => {
  const rows = found(textOf("docs/standing.md"), /^\| `([\w-]+)`/gm);
  const codes = [
    ...encryptionReasonCodes,
    ...accountReasonCodes,
    ...differenceCodes,
    ...conditionTypes,
    ...Object.keys(steps),
  ];
  expect(codes.filter((code) => !rows.includes(code))).toEqual([]);
});

/** The files that say what a folder is for: its front, else what it decides, else its rows, else all it has. */
function mainFiles(folder: string): string[] {
  const inside = sources.filter((file) => dirname(file) === folder && !testFiles.includes(file));
  const front = ["main", "index", basename(folder), "commands", "store"];
  const [main] = front.flatMap((name) =>
    inside.filter((file) => /[^/]+(?=[.]\w+$)/.exec(file)?.[0] === name),
  );
  return main === undefined ? inside : [main];
}

test("the main file of every folder opens with a header of one to five lines", () => {
  const folders = [...new Set(sources.map((file) => dirname(file)))];
  const headless = folders.flatMap(mainFiles).filter((file) => {
    const header = /^(?:#!.*\n)?((?:[/][/].*\n)+)/.exec(textOf(file))?.[1] ?? "";
    const lines = header.split("\n").length - 1;
    return lines < 1 || lines > 5;
  });
  expect(headless).toEqual([]);
});

test("no file and no folder is called after nothing", () => {
  const bins =
    /(?:^|\/)(?:utils?|helpers?|common|shared|lib|services?|managers?|misc|(?:types|constants)(?=[.]))(?:[/.]|$)/;
  expect(files.filter((file) => bins.test(file))).toEqual([]);
});

test("a folder is no noun in two spellings: every file of sources is in kebab-case, or named after its component", () => {
  const named = sources.filter((file) => /^(?:apps|packages|scripts|bench|e2e)\//.test(file));
  const odd = named.filter((file) => {
    const isComponent = /[.]tsx$/.test(file) && /\/[A-Z][A-Za-z]*(?:[.]test)?[.]tsx$/.test(file);
    return !isComponent && !/^[a-z0-9/.-]+$/.test(file);
  });
  expect(odd).toEqual([]);
});

// Put together from pieces, so that this file does not find itself.
const telling = [
  ...["work", "home", "Users", "root"].map((folder) => new RegExp(`(?<![\\w.~>}-])/${folder}/\\w`)),
  new RegExp('"resolved"' + ': "http'),
  new RegExp("registry" + "[.][a-z]"),
];

test("no file names a folder of somebody's machine, or the address that a package was fetched from", () => {
  const texts = files.filter((file) => file !== "LICENSE" && !/[.](?:png|ico|woff2?)$/.test(file));
  const named = texts.filter((file) => {
    const text = textOf(file);
    return telling.some((pattern) => pattern.test(text));
  });
  expect(named).toEqual([]);
});

test("the project's words are in alphabetical order, each once", () => {
  const words = textOf("project-words.txt").trim().split("\n");
  const { compare } = new Intl.Collator("en-GB");
  expect(words).toEqual([...new Set(words)].sort(compare));
});

test("the rooms that README, ARCHITECTURE and CONTRIBUTING lead to exist", () => {
  const first = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"];
  expect(first.filter((file) => !files.includes(file))).toEqual([]);
  expect(dirname(join(root, "README.md"))).toBe(root);
});
