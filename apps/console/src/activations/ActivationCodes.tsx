// The codes that a user was given: the one that can still be used, with taking it back, and what became of the others.

import { activations, type ActivationCode, type Standing } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, codesQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { countOf } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import { IssueCodeButton } from "./IssueCodeButton.tsx";
import { IssueCodeDialog } from "./IssueCodeDialog.tsx";
import { canBeUsed, stateWords } from "./words.ts";
import styles from "./activations.module.css";

interface ActivationCodesProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
}

export function ActivationCodes({ organisationId, standing }: ActivationCodesProps): ReactNode {
  const query = useQuery(codesQuery(organisationId, standing.user.id));
  const [isIssuing, setIssuing] = useState(false);
  return (
    <Section
      aside={
        <IssueCodeButton
          onOpen={() => setIssuing(true)}
          organisationId={organisationId}
          standing={standing}
        />
      }
      title="Activation codes"
    >
      <Loaded query={query} skeleton={<Skeleton height={60} />}>
        {({ codes }) => (
          <>
            {!codes.some(canBeUsed) && (
              <p className={styles.calm}>
                {codes.length === 0 ? "None was issued yet." : "None can be used at present."}
              </p>
            )}
            <ul className={styles.codes}>
              {codes.filter(canBeUsed).map((code) => (
                <OpenCode
                  code={code}
                  key={code.id}
                  name={standing.user.name}
                  organisationId={organisationId}
                  userId={standing.user.id}
                />
              ))}
            </ul>
            <Former codes={codes.filter((code) => !canBeUsed(code))} />
          </>
        )}
      </Loaded>
      {isIssuing && (
        <IssueCodeDialog
          onClose={() => setIssuing(false)}
          organisationId={organisationId}
          standing={standing}
        />
      )}
    </Section>
  );
}

interface OpenCodeProps {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
  readonly name: string;
  readonly code: ActivationCode;
}

function OpenCode({ organisationId, userId, name, code }: OpenCodeProps): ReactNode {
  const [isVoiding, setVoiding] = useState(false);
  const mayVoid = useRights()("generate-activation-code").allowed;
  const { isOffered, issuedAt, expiresAt } = code;
  return (
    <li>
      <div>
        <p className={styles.state}>{isOffered ? "Can be used" : "Waits for the relay"}</p>
        <p className={styles.quiet}>
          issued <Moment at={issuedAt} />, until <Moment at={expiresAt} isAbsolute />
        </p>
      </div>
      {mayVoid && (
        <ActionButton label="Void the code" onClick={() => setVoiding(true)}>
          Void
        </ActionButton>
      )}
      {isVoiding && (
        <VoidDialog
          name={name}
          onClose={() => setVoiding(false)}
          organisationId={organisationId}
          userId={userId}
        />
      )}
    </li>
  );
}

interface VoidDialogProps {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
  readonly name: string;
  readonly onClose: () => void;
}

function VoidDialog({ organisationId, userId, name, onClose }: VoidDialogProps): ReactNode {
  const end = useChange(organisationId, () =>
    call(activations.voidActivationCode, { params: { organisationId, userId } }),
  );
  return (
    <FormDialog
      action="Void the code"
      change={end}
      isGrave
      onClose={onClose}
      onSubmit={(close) => end.mutate(undefined, { onSuccess: close })}
      title={`Void the code of ${name}`}
    >
      <p>Whoever enters it is told that it was taken back. Another one can be issued at any time.</p>
    </FormDialog>
  );
}

function Former({ codes }: { readonly codes: readonly ActivationCode[] }): ReactNode {
  if (codes.length === 0) return null;
  return (
    <details className={styles.former}>
      <summary>{countOf(codes.length, "former code")}</summary>
      <ul>
        {codes.map(({ id, state, issuedAt, usedAt, workstation }) => (
          <li key={id}>
            <span>
              {stateWords[state]}
              {workstation !== null && ` on ${workstation}`}
              {usedAt !== null && (
                <>
                  , <Moment at={usedAt} />
                </>
              )}
            </span>
            <span className={styles.quiet}>
              issued <Moment at={issuedAt} isAbsolute />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
