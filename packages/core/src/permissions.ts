// Who may do what, as data. Everything that is not listed is denied.

/** Roles of people; `system` is the product itself, acting by time. */
export const roles = [
  "system-administrator",
  "authority-administrator",
  "organisation-manager",
  "helpdesk",
  "user",
  "system",
] as const;
export type Role = (typeof roles)[number];

/** How a target stands to the actor; the first that fits. */
export const relations = [
  "self",
  "own-organisation",
  "own-authority-office",
  "own-authority",
  "installation-office",
  "other-authority-office",
  "elsewhere",
] as const;
export type Relation = (typeof relations)[number];

export const scopes = {
  self: ["self"],
  organisation: ["self", "own-organisation"],
  authority: ["self", "own-organisation", "own-authority-office", "own-authority"],
  offices: [
    "self",
    "own-organisation",
    "own-authority-office",
    "installation-office",
    "other-authority-office",
  ],
  installation: relations,
} as const satisfies Record<string, readonly Relation[]>;
export type Scope = keyof typeof scopes;

export const guards = ["not-self", "not-last-administrator", "not-set-above", "only-below"] as const;
export type Guard = (typeof guards)[number];

type Grants = Readonly<Partial<Record<Role, Scope>>>;
interface Permission {
  readonly grants: Grants;
  readonly guards?: readonly Guard[];
}

const readers: Grants = {
  "system-administrator": "installation",
  "authority-administrator": "authority",
  "organisation-manager": "organisation",
  helpdesk: "organisation",
  system: "installation",
};
const accountAdministrators: Grants = {
  "system-administrator": "offices",
  "authority-administrator": "authority",
  "organisation-manager": "organisation",
};
/** Of an organisation, of an authority with its organisations, of everything: whoever administers a place appoints in it. */
const appointers: Grants = {
  "system-administrator": "installation",
  "authority-administrator": "authority",
  "organisation-manager": "organisation",
};
/** Keys, policies, licences and workstations are the organisation manager's; system administrators touch no keys. */
const keepers: Grants = { "organisation-manager": "organisation" };

export const permissions = {
  "read-standing": { grants: { ...readers, user: "self" } },
  "read-people": { grants: { ...readers, user: "self" } },
  "read-teams": { grants: readers },
  "read-licences": { grants: readers },
  "read-keys": { grants: readers },
  "read-installation": { grants: { "system-administrator": "installation" } },
  "verify-events": {
    grants: { "system-administrator": "installation", "authority-administrator": "authority" },
  },
  /** Taking personal data of many out of the product, wherever one administers: not for those who only look things up. */
  "export-people": {
    grants: {
      "system-administrator": "installation",
      "authority-administrator": "authority",
      "organisation-manager": "organisation",
    },
  },
  "edit-people": { grants: accountAdministrators },
  "move-people": { grants: keepers },
  "remove-people": { grants: keepers, guards: ["not-self"] },
  "edit-teams": { grants: keepers },
  "edit-policies": { grants: keepers },
  "edit-keys": { grants: keepers },
  /** Whoever has the file can open every file of the organisation, as whoever keeps its keys can give them to anybody. */
  "export-keys": { grants: keepers },
  /** The organisation's own signing keys open nothing; the file that signs its root is on the installation's server. */
  "edit-root": { grants: { ...keepers, "system-administrator": "installation" } },
  "edit-licences": { grants: keepers },
  "read-directory": { grants: readers },
  "edit-directory": { grants: keepers },
  "edit-single-sign-on": { grants: keepers },
  "generate-activation-code": { grants: keepers },
  "post-updates": { grants: keepers },
  "invite-account": { grants: accountAdministrators },
  "withdraw-invitation": { grants: accountAdministrators },
  "resend-invitation": { grants: accountAdministrators },
  "block-account": {
    grants: accountAdministrators,
    guards: ["not-self", "not-last-administrator", "not-set-above"],
  },
  "unblock-account": { grants: accountAdministrators, guards: ["not-self", "not-set-above"] },
  /** It opens half of an account, so only somebody who stands above does it; among the highest another one. */
  "reset-second-factor": { grants: accountAdministrators, guards: ["not-self", "only-below"] },
  /** Which role holds where is `holdsIn`: so nobody gives a role that stands above the own one. */
  "grant-role": { grants: appointers, guards: ["not-self"] },
  "withdraw-role": { grants: appointers, guards: ["not-last-administrator"] },
  "end-dated-block": { grants: { system: "installation" } },
  "set-disabled": { grants: { system: "installation" } },
  "clear-disabled": { grants: {} },
  "re-enable-account": {
    grants: {
      "system-administrator": "self",
      "authority-administrator": "self",
      "organisation-manager": "self",
      helpdesk: "self",
      user: "self",
    },
  },
  "request-deletion": {
    grants: {
      "system-administrator": "self",
      "authority-administrator": "self",
      "organisation-manager": "self",
      helpdesk: "self",
      user: "self",
    },
    guards: ["not-last-administrator"],
  },
  "withdraw-deletion": {
    grants: {
      "system-administrator": "self",
      "authority-administrator": "self",
      "organisation-manager": "self",
      helpdesk: "self",
      user: "self",
    },
  },
  /** To look at: nobody deletes somebody else's account. */
  "read-deletion-requests": {
    grants: {
      "system-administrator": "installation",
      "authority-administrator": "authority",
      "organisation-manager": "organisation",
    },
  },
  "execute-deletion": { grants: { system: "installation" } },
  /** Who may lift a block, and after how many days without activity accounts are disabled: not for managers to loosen. */
  "edit-account-rules": {
    grants: { "system-administrator": "offices", "authority-administrator": "authority" },
  },
  "create-organisation": { grants: { "authority-administrator": "authority" } },
  /** With it goes what the file asks for: organisations, people, their invitations and their roles below the authority. */
  "import-organisations": {
    grants: { "system-administrator": "installation", "authority-administrator": "authority" },
  },
  "edit-organisation": { grants: { "authority-administrator": "authority" } },
  "switch-organisation": {
    grants: { "system-administrator": "installation", "authority-administrator": "authority" },
  },
  "delete-organisation": { grants: { "authority-administrator": "authority" } },
  "create-authority": { grants: { "system-administrator": "installation" } },
  "delete-authority": { grants: { "system-administrator": "installation" } },
  "edit-mail-server": { grants: { "system-administrator": "installation" } },
  /** Without a mail server; the link in a mail lets whoever has it act for its user, so each opening is recorded. */
  "open-mails": { grants: { "system-administrator": "installation" } },
  "rotate-key-encryption-key": { grants: { "system-administrator": "installation" } },
} as const satisfies Record<string, Permission>;

export type Action = keyof typeof permissions;
export const actions = Object.keys(permissions) as Action[];

/** Whose office an organisation is: people of an authority or of the installation live in one. */
export const offices = ["none", "authority", "installation"] as const;
export type Office = (typeof offices)[number];

/** The roles that somebody is given; everybody is a user. */
export type GrantedRole = Exclude<Role, "user" | "system">;

/** In which kind of place each role holds. */
export const holdsIn = {
  "system-administrator": "installation",
  "authority-administrator": "authority",
  "organisation-manager": "none",
  helpdesk: "none",
} as const satisfies Record<GrantedRole, Office>;

/** An organisation, or the office of an authority or of the installation. */
export interface Place {
  readonly organisationId: string | null;
  readonly authorityId: string | null;
  readonly office: Office;
}

/**
 * Whether people of one place can be given a role in another: in their own, and in those below. Whoever administers
 * people can act as one of them, by a mail address of the own choice, and must not gain a role by that.
 */
export function isAtOrAbove(home: Place, place: Place): boolean {
  if (home.organisationId === place.organisationId || home.office === "installation") return true;
  const isOurs = home.authorityId !== null && home.authorityId === place.authorityId;
  return home.office === "authority" && place.office === "none" && isOurs;
}

/** Somebody in one role. Who holds several roles is several actors. */
export interface Actor {
  readonly role: Role;
  readonly userId: string | null;
  /** Where the role holds: the organisation itself, or the office of the authority or of the installation. */
  readonly organisationId: string;
  /** Null for the office of the installation, which belongs to no authority. */
  readonly authorityId: string | null;
}

export interface Target extends Place {
  /** Null when the target is an organisation, an authority or the installation itself. */
  readonly userId: string | null;
  /** Null when the target is an authority or the installation itself. */
  readonly organisationId: string | null;
  /** Whether nobody else could administer the target's scope any more. */
  readonly isLastAdministrator: boolean;
  /** The role in which the block was set that stands, where nobody of a lower one may change or lift it. */
  readonly blockedBy?: Role;
  /** The highest role that the target holds anywhere; left out for who holds none. */
  readonly holds?: Role;
}

/** Whether one role stands above another: the higher, the earlier among `roles`. */
export function isAbove(one: Role, other: Role): boolean {
  return roles.indexOf(one) < roles.indexOf(other);
}

/** Nobody stands above the highest role, so of those one answers for the other. */
function isBelow(actor: Role, holds: Role): boolean {
  return isAbove(actor, holds) || (actor === roles[0] && holds === roles[0]);
}

export function relationOf(actor: Actor, target: Target): Relation {
  if (target.userId !== null && target.userId === actor.userId) return "self";
  if (target.organisationId === actor.organisationId) return "own-organisation";
  if (target.office === "installation") return "installation-office";
  const own = target.authorityId !== null && target.authorityId === actor.authorityId;
  if (target.office === "authority") return own ? "own-authority-office" : "other-authority-office";
  return own ? "own-authority" : "elsewhere";
}

export interface Verdict {
  readonly allowed: boolean;
  /** The rule that decided. Codes are forever. */
  readonly rule: "granted" | "role-may-not" | "out-of-scope" | Guard;
}

/** Ordered by how much they explain: the verdict shown to somebody of several roles is the best of them. */
const telling: readonly Verdict["rule"][] = [
  "granted",
  "not-last-administrator",
  "not-set-above",
  "only-below",
  "not-self",
  "out-of-scope",
  "role-may-not",
];

/** Whether somebody may do something in any of the roles held, in which one, and which rule decides. */
export function canInAnyRole(
  actors: readonly Actor[],
  action: Action,
  target: Target,
): Verdict & { readonly role: Role | null } {
  const verdicts = actors.map((actor) => ({ ...can(actor, action, target), role: actor.role }));
  const [best] = verdicts.sort((a, b) => telling.indexOf(a.rule) - telling.indexOf(b.rule));
  return best ?? { allowed: false, rule: "role-may-not", role: null };
}

/**
 * Whether somebody may give or take a role in a place: asked first of the place, because oneself is within everybody's
 * reach wherever one is; then of whom it is given to or taken from.
 */
export function canAppoint(
  actors: readonly Actor[],
  action: "grant-role" | "withdraw-role",
  { userId, isLastAdministrator, ...place }: Target,
): Verdict & { readonly role: Role | null } {
  const there = canInAnyRole(actors, action, { ...place, userId: null, isLastAdministrator: false });
  return there.allowed ? canInAnyRole(actors, action, { ...place, userId, isLastAdministrator }) : there;
}

/**
 * Whether an organisation exists for somebody: the own one, and every one that a role reaches. To all others it
 * must look as if it did not.
 */
export function sees(actors: readonly Actor[], organisation: Target): boolean {
  return actors.some(
    (actor) =>
      actor.organisationId === organisation.organisationId ||
      can(actor, "read-standing", organisation).allowed,
  );
}

/** Whether each guard lets an actor pass. */
const passes: Readonly<Record<Guard, (actor: Actor, target: Target) => boolean>> = {
  "not-self": (actor, target) => relationOf(actor, target) !== "self",
  "not-last-administrator": (_actor, { isLastAdministrator }) => !isLastAdministrator,
  "not-set-above": ({ role }, { blockedBy }) => blockedBy === undefined || !isAbove(blockedBy, role),
  "only-below": ({ role }, { holds }) => holds === undefined || isBelow(role, holds),
};

/** Whether an actor may do something to a target, and which rule decides. */
export function can(actor: Actor, action: Action, target: Target): Verdict {
  const { grants, guards: guarding = [] }: Permission = permissions[action];
  const scope = grants[actor.role];
  if (scope === undefined) return { allowed: false, rule: "role-may-not" };
  const relation = relationOf(actor, target);
  const reach: readonly Relation[] = scopes[scope];
  if (!reach.includes(relation)) return { allowed: false, rule: "out-of-scope" };
  const broken = guarding.find((guard) => !passes[guard](actor, target));
  if (broken !== undefined) return { allowed: false, rule: broken };
  return { allowed: true, rule: "granted" };
}
