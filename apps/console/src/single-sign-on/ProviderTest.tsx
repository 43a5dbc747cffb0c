// What a provider says of itself when it is tried, and what of that is used.

import type { singleSignOn } from "@lockstep/api";
import type { ReactNode } from "react";
import type { z } from "zod";

import { Refused } from "../changes/Refused.tsx";
import { Fact } from "../ui/Fact.tsx";
import { wordsOfNumber } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import type { Connection } from "./draft.ts";
import styles from "./single-sign-on.module.css";

type Tested = z.output<typeof singleSignOn.testSingleSignOn.reply>;

interface ProviderTestProps {
  readonly test: {
    readonly data: Tested | undefined;
    readonly error: Error | null;
    readonly isPending: boolean;
  };
  readonly claim: Connection["claim"];
}

export function ProviderTest({ test: { data, error, isPending }, claim }: ProviderTestProps): ReactNode {
  return (
    <Section title="Test">
      <div aria-busy={isPending} aria-live="polite" className={styles.test}>
        <Refused error={error} />
        {data === undefined ? (
          <p className={styles.quiet}>
            “Try it” asks the issuer what it offers. Nothing is saved, and no secret is sent.
          </p>
        ) : (
          <Outcome claim={claim} tested={data} />
        )}
      </div>
      {data?.found && <Found claim={claim} found={data.found} />}
    </Section>
  );
}

interface OutcomeProps {
  readonly tested: Tested;
  readonly claim: Connection["claim"];
}

function Outcome({ tested: { failure, found }, claim }: OutcomeProps): ReactNode {
  if (failure !== null) return <Note isLine title={failure.sentence} tone="bad" />;
  const lacks = found !== null && found.claims.length > 0 && !found.claims.includes(claim);
  return (
    <>
      <Note isLine title="It can be used." tone="good">
        Whether the client id and the secret are right shows when somebody signs in.
      </Note>
      {lacks && (
        <Note isLine title={`It does not name the claim ${claim}.`} tone="bad">
          Without it nobody is found. Perhaps it gives it all the same: sign in once to see.
        </Note>
      )}
    </>
  );
}

interface FoundProps {
  readonly found: NonNullable<Tested["found"]>;
  readonly claim: Connection["claim"];
}

function Found({ found, claim }: FoundProps): ReactNode {
  const { authorizationAddress, keys, claims, hasPkce } = found;
  const named = claims.length === 0 ? "not said" : claims.includes(claim) ? "given" : "not named";
  return (
    <dl className={styles.facts}>
      <Fact name="Signs in at">{authorizationAddress}</Fact>
      <Fact name="Signing keys">{wordsOfNumber(keys)}</Fact>
      <Fact name="Claim">
        <code>{claim}</code>: {named}
      </Fact>
      <Fact name="PKCE">{hasPkce ? "offered" : "not mentioned; it is used all the same"}</Fact>
    </dl>
  );
}
