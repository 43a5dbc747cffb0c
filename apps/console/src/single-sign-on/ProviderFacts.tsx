// A provider for those who look on, what has to be registered there, and where people begin.

import type { SingleSignOn } from "@lockstep/api";
import type { ReactNode } from "react";

import { ActionButton } from "../ui/ActionButton.tsx";
import { CopyField } from "../ui/CopyField.tsx";
import { Fact } from "../ui/Fact.tsx";
import { wordsOfNumber } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import styles from "./single-sign-on.module.css";

interface StateProps {
  readonly state: SingleSignOn;
}

/** @param why somebody who looks at them cannot change them. */
export function ProviderFacts({ state, why }: StateProps & { readonly why: string }): ReactNode {
  const { connection } = state;
  const change = (
    <ActionButton onClick={() => undefined} why={why}>
      {connection === null ? "Set it up" : "Change"}
    </ActionButton>
  );
  return (
    <Section aside={change} title="Provider">
      {connection === null ? (
        <Note title="There is none: everybody signs in with a password.">{why}</Note>
      ) : (
        <dl className={styles.facts}>
          <Fact name="Name">{connection.name}</Fact>
          <Fact name="State">{connection.isOn ? "On" : "Off: nobody comes by it"}</Fact>
          <Fact name="Short name">{connection.shortName}</Fact>
          <Fact name="Issuer">{connection.issuer}</Fact>
          <Fact name="Client id">{connection.clientId}</Fact>
          <Fact name="Username">
            <code>{connection.claim}</code>
          </Fact>
        </dl>
      )}
    </Section>
  );
}

export function Registration({ returnAddress }: Pick<SingleSignOn, "returnAddress">): ReactNode {
  return (
    <Section title="To register there">
      <div className={styles.inset}>
        <div className={styles.copied}>
          <span>Redirect address</span>
          <CopyField label="Redirect address" text={returnAddress} />
          <span className={styles.quiet}>Exactly so; the provider leads back to no other one.</span>
        </div>
      </div>
      <dl className={styles.facts}>
        <Fact name="Kind">a web application with a client secret</Fact>
        <Fact name="Flow">authorisation code, with PKCE (S256)</Fact>
        <Fact name="Scopes">
          <code>openid profile email</code>
        </Fact>
      </dl>
    </Section>
  );
}

export function SignInAddress({ state: { connection, linked, returnAddress } }: StateProps): ReactNode {
  if (connection === null) return null;
  return (
    <Section title="Where people sign in">
      <div className={styles.inset}>
        <CopyField
          label="Where people sign in"
          text={new URL(`/sign-in/${connection.shortName}`, returnAddress).href}
        />
        <p className={styles.quiet}>
          Or they press “Single sign-on” and type {connection.shortName}. They exist here already; nobody is
          made by it. Who holds a role comes by it only where the rules for accounts allow it.
        </p>
      </div>
      <dl className={styles.facts}>
        <Fact name="Have come by it">{wordsOfNumber(linked)}</Fact>
      </dl>
    </Section>
  );
}
