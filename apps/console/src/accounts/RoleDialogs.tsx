// Granting a role in a place, and withdrawing it, with what follows said before it is done.

import { roleHolders, type Organisation, type RoleHolder } from "@lockstep/api";
import { holdsIn, isAtOrAbove, type GrantedRole, type OrganisationId, type UserId } from "@lockstep/core";
import { NativeSelect } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, organisationsQuery, sessionQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { useRightsIn } from "../sessions/rights.ts";
import { capitalised, roleWords } from "../sessions/words.ts";
import { Alternatives } from "../ui/Alternatives.tsx";
import ui from "../ui/ui.module.css";
import { PersonField } from "./PersonField.tsx";

/** What each role is for, in a sentence. */
const roleSentences: Record<GrantedRole, string> = {
  "system-administrator":
    "Looks after the installation, makes authorities, and administers the people of offices. Touches no keys.",
  "authority-administrator":
    "Makes, switches off and deletes the authority’s organisations, and administers their accounts.",
  "organisation-manager":
    "Does everything in the organisation: its people and accounts, keys, policies, licences and workstations.",
  helpdesk: "Reads everything of the organisation and changes nothing.",
};

/** Where people live who can hold a role here, of what one may look into: here first. */
function useHomes(place: Organisation): Organisation[] {
  const { data } = useQuery(organisationsQuery());
  const rightsIn = useRightsIn();
  const placeOf = ({ id: organisationId, authorityId, office }: Organisation) => ({
    organisationId,
    authorityId,
    office,
  });
  return (data?.organisations ?? [])
    .filter((home) => isAtOrAbove(placeOf(home), placeOf(place)))
    .filter((home) => rightsIn(home)("read-people").allowed)
    .toSorted((a, b) => Number(b.id === place.id) - Number(a.id === place.id));
}

interface GrantRoleDialogProps {
  /** An organisation, or the office of the authority or of the installation in which the role holds. */
  readonly place: Organisation;
  readonly onClose: () => void;
}

export function GrantRoleDialog({ place, onClose }: GrantRoleDialogProps): ReactNode {
  const roles = roleHolders.grantedRoles.filter((role) => holdsIn[role] === place.office);
  const [role, setRole] = useState(roles.at(-1));
  const homes = useHomes(place);
  const [homeId, setHomeId] = useState<OrganisationId>(place.id);
  const [userId, setUserId] = useState<UserId>();
  const grant = useChange(place.id, (params: { role: GrantedRole; holderId: UserId }) =>
    call(roleHolders.grantRole, { params: { organisationId: place.id, ...params } }),
  );
  return (
    <FormDialog
      action="Grant the role"
      change={grant}
      isReady={role !== undefined && userId !== undefined}
      onClose={onClose}
      onSubmit={(close) => {
        if (role === undefined || userId === undefined) return;
        grant.mutate({ role, holderId: userId }, { onSuccess: close });
      }}
      title={`Grant a role in ${place.name}`}
    >
      {homes.length > 1 && (
        <NativeSelect
          data={homes.map(({ id, name }) => ({ value: id, label: name }))}
          label="Lives in"
          onChange={({ currentTarget: { value } }) => {
            setHomeId(homes.find(({ id }) => id === value)?.id ?? place.id);
            setUserId(undefined);
          }}
          value={homeId}
        />
      )}
      <PersonField
        key={homeId}
        label="Person"
        onChange={setUserId}
        organisationId={homeId}
        placeholder="Search by name or username"
        value={userId}
      />
      {role !== undefined && <RoleChoice onChange={setRole} role={role} roles={roles} />}
      <p>
        It holds at once, and the person is told by mail. Whoever signed in by a directory or a provider so
        far may need a password of their own from now on.
      </p>
    </FormDialog>
  );
}

interface RoleChoiceProps {
  readonly roles: readonly GrantedRole[];
  readonly role: GrantedRole;
  readonly onChange: (role: GrantedRole) => void;
}

function RoleChoice({ roles, role, onChange }: RoleChoiceProps): ReactNode {
  const choices = roles.map((value) => ({ value, label: capitalised(roleWords[value]) }));
  return (
    <div>
      <Alternatives choices={choices} label="Role" onChange={onChange} value={role} />
      <p className={ui.quiet}>{roleSentences[role]}</p>
    </div>
  );
}

interface WithdrawRoleDialogProps {
  readonly place: Organisation;
  readonly holder: RoleHolder;
  readonly onClose: () => void;
}

export function WithdrawRoleDialog({ place, holder, onClose }: WithdrawRoleDialogProps): ReactNode {
  const { role, user } = holder;
  const { data: me } = useQuery(sessionQuery());
  const isOwn = me?.user.id === user.id;
  const queries = useQueryClient();
  const withdraw = useChange(place.id, async () => {
    await call(roleHolders.withdrawRole, {
      params: { organisationId: place.id, role, holderId: user.id },
    });
    // What one may do oneself has changed with it.
    if (isOwn) await queries.invalidateQueries(sessionQuery());
  });
  const words = roleWords[role];
  return (
    <FormDialog
      action="Withdraw the role"
      change={withdraw}
      isGrave
      onClose={onClose}
      onSubmit={(close) => withdraw.mutate(undefined, { onSuccess: close })}
      title={isOwn ? `Give back your role as ${words}` : `Withdraw the role from ${user.name}`}
    >
      <p>
        {isOwn
          ? `From the next moment on you may do no more what it allowed as ${words} in ${place.name}. You cannot give it back to yourself.`
          : `From the next moment on ${user.name} is no longer ${words} in ${place.name}. Whatever is open in a browser, or works by a token, goes on without the role. The account stays, and the person is told by mail.`}
      </p>
    </FormDialog>
  );
}
