// Reads people page by page: everybody, or who has changed since a mark. While one page is worked on the next one is on its
// way, and never more than these two are in memory.

import type { RunFailure } from "@lockstep/api";
import type { Entry as Raw, SearchOptions } from "ldapts";

import type { Entry } from "../plan.ts";
import type { Connection } from "./connection.ts";
import { unitsBelow } from "./dn.ts";
import { entryOf, laterMark, markOf, type Telling } from "./entry.ts";
import { DirectoryFailed } from "./failure.ts";
import { Paging } from "./paging.ts";
import { attributesOf, presets, type DirectoryKind, type Mapping } from "./presets.ts";
import { completeRanges } from "./ranges.ts";
import type { Server } from "./server.ts";

/** Who is read, and which attributes say what. */
export interface Query {
  readonly kind: DirectoryKind;
  readonly base: string;
  readonly filter: string;
  readonly mapping: Mapping;
  readonly usernameSuffix: string;
}

/** Up to where changes are known, and of which server: marks of another one mean nothing. */
export interface Mark {
  readonly server: string;
  readonly value: string;
}

export interface Page {
  readonly entries: readonly Entry[];
  /** Entries whose immutable id cannot be read. */
  readonly unidentified: number;
}

export interface Ending {
  /** Null when everybody was read whom the account may see. */
  readonly incompleteBecause: RunFailure | null;
  /** From where to ask for changes next; null if the directory says nothing to go by. */
  readonly mark: Mark | null;
}

export interface Reading {
  readonly connection: Connection;
  readonly server: Server;
  readonly query: Query;
  /** Null for everybody. */
  readonly since: Mark | null;
  readonly pageSize?: number;
}

/** Active Directory gives no more at a time unless told otherwise. */
const usualPageSize = 1000;
/** A server that follows another one gets its changes late, with the times they had there. */
const overlapMilliseconds = 10 * 60 * 1000;

/** RFC 4517 §3.3.13, as far as directories write it for times of their own. */
function earlierTime(time: string): string {
  const [, year = "", month = "", day = "", hour = "", minute = "", second = ""] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(time) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return new Date(at - overlapMilliseconds).toISOString().replace(/[-:T]|\.\d+/g, "");
}

/** @throws DirectoryFailed filter-invalid is the directory's to say. */
function filterOf({ kind, filter }: Query, since: Mark | null): string {
  if (since === null) return filter;
  const { mark } = presets[kind];
  const from = mark === "uSNChanged" ? String(BigInt(since.value) + 1n) : earlierTime(since.value);
  return `(&${filter}(${mark}>=${from}))`;
}

/** Partitions of Active Directory that hold no people, to which every search from the top refers. */
const withoutPeople = /\/\/[^/]*\/(DC=(Forest|Domain)DnsZones|CN=Configuration|CN=Schema),/i;

interface RawPage {
  readonly raws: readonly Raw[];
  readonly hasReferred: boolean;
  readonly isLast: boolean;
  readonly isTruncated: boolean;
}

/** Yields what was read; returns how it ended. @throws DirectoryFailed when it broke off. */
export async function* readPages(reading: Reading): AsyncGenerator<Page, Ending> {
  const { server, query, since } = reading;
  const preset = presets[query.kind];
  const telling: Telling = { ...query, preset, unitsOf: unitsBelow(query.base) };
  const fetch = fetching(reading);
  let latest = since?.value ?? "";
  let incompleteBecause: RunFailure | null = null;
  for (let next: Promise<RawPage> | null = fetch(); next !== null;) {
    const page: RawPage = await next;
    next = page.isLast ? null : fetch();
    // Whoever stops here waits for it no more; whoever goes on meets its failure above.
    next?.catch(() => undefined);
    const entries = page.raws.map((raw) => entryOf(raw, telling)).filter((entry) => entry !== null);
    for (const raw of page.raws) latest = laterMark(latest, markOf(raw, preset));
    const unidentified = page.raws.length - entries.length;
    incompleteBecause ??= lackOf(page, unidentified);
    yield { entries, unidentified };
  }
  const value = preset.mark === "uSNChanged" ? server.highestMark : latest;
  return { incompleteBecause, mark: value === "" ? null : { server: server.id, value } };
}

/** Why a page may not show everybody. */
function lackOf({ isTruncated, hasReferred }: RawPage, unidentified: number): RunFailure | null {
  if (isTruncated) return "size-limited";
  if (unidentified > 0) return "ids-unreadable";
  return hasReferred ? "referrals-left" : null;
}

/** What gives the next page each time. */
function fetching({ connection, query, since, pageSize = usualPageSize }: Reading): () => Promise<RawPage> {
  const paging = new Paging(pageSize);
  const preset = presets[query.kind];
  const options: SearchOptions = {
    scope: "sub",
    filter: filterOf(query, since),
    attributes: attributesOf(preset, query.mapping),
    explicitBufferAttributes: [preset.id.attribute],
  };
  return async () => {
    try {
      const { entries, references } = await connection.search(query.base, options, [paging]);
      const raws: Raw[] = [];
      for (const entry of entries) raws.push(await completeRanges(connection, entry));
      const hasReferred = references.some((reference) => !withoutPeople.test(reference));
      return { raws, hasReferred, isLast: paging.cookie.length === 0, isTruncated: false };
    } catch (error) {
      const isLimited = error instanceof DirectoryFailed && error.code === "size-limited";
      if (!isLimited) throw error;
      return { raws: [], hasReferred: false, isLast: true, isTruncated: true };
    }
  };
}
