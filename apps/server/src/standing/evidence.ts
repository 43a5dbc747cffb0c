// What each reason rests on, as codes, sentences and particulars.

import type { Standing } from "@lockstep/api";
import {
  differencesOf,
  emptyContent,
  type AccountReasonCode,
  type Content,
  type ContentId,
  type Difference,
  type EncryptionReasonCode,
  type Role,
} from "@lockstep/core";

import type {
  ActiveWorkstation,
  CausedRevision,
  Circumstances,
  WorkstationUpdate,
} from "./evidence/store.ts";

type Evidence = Standing["reasons"][number]["evidence"][number];

/** Everything that evidence can be found in. */
export interface Case {
  readonly circumstances: Circumstances;
  readonly workstations: readonly ActiveWorkstation[];
  readonly wanted: { readonly team: ContentId; readonly own: ContentId };
  /** The team's revision since which it has wanted what it wants; undefined if that was long ago. */
  readonly revision: (CausedRevision & { readonly by: string | null }) | undefined;
  /** Empty, as the names are, unless a reason `comparesContents`. */
  readonly contents: ReadonlyMap<ContentId, Content>;
  /** Names of keys by id. */
  readonly names: ReadonlyMap<string, string>;
}

const plain = { at: null, by: null, detail: {} };

const finders: Partial<Record<EncryptionReasonCode | AccountReasonCode, (grounds: Case) => Evidence[]>> = {
  "directory-missing": ({ circumstances }) =>
    dated(circumstances.missingSince, "missing-since", "The directory account has been missing since then."),
  "directory-account-disabled": ({ circumstances }) =>
    dated(
      circumstances.disabledThereSince,
      "disabled-there-since",
      "The directory account has been disabled since then.",
    ),
  "licence-expired": ({ circumstances }) => [
    {
      ...plain,
      code: "last-day",
      sentence: `The licence's last day was ${circumstances.licenceUntil ?? "unknown"}.`,
      detail: { until: circumstances.licenceUntil },
    },
  ],
  "code-outstanding": ({ circumstances }) =>
    dated(circumstances.codeExpiresAt, "code-expires", "The code can be entered until then."),
  "code-expired": ({ circumstances }) =>
    dated(circumstances.codeExpiresAt, "code-expired", "The code expired then."),
  "team-content-differs": (grounds) => [
    ...revisionOf(grounds),
    ...grounds.workstations.flatMap((workstation) => differing(workstation, "team", grounds)),
    ...rejections(grounds),
  ],
  "own-keys-changed": (grounds) =>
    grounds.workstations.flatMap((workstation) => differing(workstation, "own", grounds)),
  "update-outstanding": ({ workstations }) =>
    workstations.flatMap(({ name, updates }) =>
      updates.filter(({ endedAt }) => endedAt === null).map((update) => outstanding(name, update)),
    ),
  blocked: ({ circumstances: { blockedAt, block } }) =>
    dated(blockedAt, "blocked-since", "The account has been blocked since then.").map((evidence) =>
      block === null ? evidence : { ...evidence, sentence: blockSentence(block), detail: block },
    ),
  "disabled-for-inactivity": ({ circumstances }) =>
    dated(circumstances.disabledAt, "disabled-since", "The account has been disabled since then."),
};

/** Whether the evidence for a reason is found in what contents say, and not only in that they differ. */
export function comparesContents(code: EncryptionReasonCode | AccountReasonCode): boolean {
  return code === "team-content-differs" || code === "own-keys-changed";
}

/** The evidence for one reason; none if the reason says it all. */
export function evidenceFor(code: EncryptionReasonCode | AccountReasonCode, grounds: Case): Evidence[] {
  return finders[code]?.(grounds) ?? [];
}

/** Not the reason: the user may read this too. */
function blockSentence({ role, until }: NonNullable<Circumstances["block"]>): string {
  const by = blockers[role] ?? "An administrator";
  return until === null
    ? `${by} blocked the account.`
    : `${by} blocked the account. It ends by itself on ${until.slice(0, 10)}.`;
}

const blockers: Partial<Record<Role, string>> = {
  "system-administrator": "A system administrator",
  "authority-administrator": "An authority administrator",
  "organisation-manager": "An organisation manager",
};

function dated(at: string | null, code: string, sentence: string): Evidence[] {
  return at === null ? [] : [{ ...plain, code, sentence, at }];
}

function revisionOf({ revision }: Case): Evidence[] {
  if (revision === undefined) return [];
  const { team, at, by } = revision;
  return [
    {
      code: "team-revised",
      sentence: `The team's content is as it is since a change in ${team}.`,
      at,
      by,
      detail: { team, revision: revision.revision },
    },
  ];
}

/** How one workstation's team or own content, as it is or will be, differs from the wanted one. */
function differing(workstation: ActiveWorkstation, part: "team" | "own", grounds: Case): Evidence[] {
  const { name, updates, appliedTeam, appliedOwn } = workstation;
  const newest = updates
    .filter(({ endedAt, version }) => endedAt === null && version !== null)
    .reduce<WorkstationUpdate | null>(
      (best, each) => ((best?.version ?? 0) > (each.version ?? 0) ? best : each),
      null,
    );
  const held = (part === "team" ? newest?.team : newest?.own) ?? (part === "team" ? appliedTeam : appliedOwn);
  if (held === grounds.wanted[part]) return [];
  const contentOf = (id: ContentId) => grounds.contents.get(id) ?? emptyContent;
  const superseded: Evidence[] =
    newest === null
      ? []
      : [
          {
            ...plain,
            code: "superseded-outstanding",
            sentence: `The Key-File on its way to ${name} is no longer what is wanted.`,
            at: newest.postedAt,
            detail: { workstation: name, version: newest.version },
          },
        ];
  const differences = differencesOf(contentOf(held), contentOf(grounds.wanted[part]));
  return [...superseded, ...differences.map((difference) => described(name, difference, grounds))];
}

function described(workstation: string, difference: Difference, { names }: Case): Evidence {
  const { code, ...particulars } = difference;
  const detail = { workstation, ...particulars };
  const sentenceOf = (): string => {
    if (difference.code === "policy-changed") {
      const { setting, has, wants } = difference;
      return `${workstation} has ${setting} ${has ?? "unset"} and should have ${wants ?? "it unset"}.`;
    }
    const key = names.get(difference.key) ?? difference.key;
    switch (difference.code) {
      case "key-added":
        return `${workstation} lacks the key ${key}, version ${difference.version}.`;
      case "key-removed":
        return `${workstation} holds the key ${key}, version ${difference.version}, and should not.`;
      case "key-rotated":
        return difference.from === difference.to
          ? `${workstation} holds the versions of the key ${key} for another use.`
          : `${workstation} holds the key ${key} in version ${difference.from} and should have ${difference.to}.`;
    }
  };
  return { code, sentence: sentenceOf(), at: null, by: null, detail };
}

function rejections({ workstations }: Case): Evidence[] {
  return workstations.flatMap(({ name, version: applied, updates }) =>
    updates
      .filter(
        ({ kind, endedAt, version }) => kind === "key-file" && endedAt !== null && (version ?? 0) > applied,
      )
      .map(({ state, endedAt, version }) => ({
        ...plain,
        code: state === "rejected" ? "key-file-rejected" : "key-file-failed",
        sentence: `${name} did not take the Key-File of version ${version ?? 0}.`,
        at: endedAt,
        detail: { workstation: name, version },
      })),
  );
}

function outstanding(workstation: string, { kind, state, postedAt, version }: WorkstationUpdate): Evidence {
  const what = kind === "key-file" ? `The Key-File of version ${version ?? 0}` : `The command ${kind}`;
  const where = state === "fetched" ? "was fetched and not yet answered" : "waits to be fetched";
  return {
    code: kind === "key-file" ? "key-file-posted" : "command-outstanding",
    sentence: `${what} for ${workstation} ${where}.`,
    at: postedAt,
    by: null,
    detail: { workstation, kind, state, version },
  };
}
