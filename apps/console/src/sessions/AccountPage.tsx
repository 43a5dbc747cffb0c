// What is one's own: who one is here, the password, where one is signed in, and the tokens of one's programs.

import { sessions } from "@lockstep/api";
import { Button, Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { call, hasCode, sentenceOf, sessionQuery } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { OwnDeletion } from "../deletions/OwnDeletion.tsx";
import { Loaded } from "../Loaded.tsx";
import { OwnSecondFactor } from "../second-factors/OwnSecondFactor.tsx";
import { Fact } from "../ui/Fact.tsx";
import { useFields } from "../ui/fields.ts";
import { Form } from "../ui/Form.tsx";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import { Section } from "../ui/Section.tsx";
import { Browsers } from "./Browsers.tsx";
import { leastPassword, PasswordHint } from "./PasswordHint.tsx";
import { Tokens } from "./Tokens.tsx";
import { capitalised, heldRoles, roleWords } from "./words.ts";
import styles from "./sessions.module.css";

export function AccountPage(): ReactNode {
  const session = useQuery(sessionQuery());
  useDocumentTitle("Your account · Lockstep");
  return (
    <>
      <PageHead title="Your account" />
      <div className={styles.columns}>
        <div className={styles.column}>
          <Browsers />
          <Tokens />
        </div>
        <div className={styles.column}>
          <Loaded query={session} skeleton={<Skeleton height={120} radius={10} />}>
            {({ user, roles }) => (
              <Section title="You">
                <dl className={styles.facts}>
                  <Fact name="Name">{user.name}</Fact>
                  <Fact name="Username">{user.username}</Fact>
                  {heldRoles(roles).map(({ role, organisationId, organisation }) => (
                    <Fact key={`${role} ${organisationId}`} name={capitalised(roleWords[role])}>
                      {organisation}
                    </Fact>
                  ))}
                </dl>
              </Section>
            )}
          </Loaded>
          <Password />
          <OwnSecondFactor />
          <OwnDeletion />
        </div>
      </div>
    </>
  );
}

const empty = { current: "", password: "" };

function Password(): ReactNode {
  const { values, field, clear, isClear } = useFields(empty);
  const change = useMutation({
    mutationFn: () => call(sessions.changePassword, { body: values }),
    onSuccess: clear,
  });
  const isWrong = hasCode(change.error, "sign_in_failed");
  return (
    <Section title="Password">
      <div className={styles.inset}>
        <Form label="Password" onSubmit={() => change.mutate()}>
          <PasswordField
            {...field("current")}
            autoComplete="current-password"
            error={isWrong && sentenceOf(change.error).title}
            label="Present password"
          />
          <PasswordField
            {...field("password")}
            autoComplete="new-password"
            description={<PasswordHint password={values.password} />}
            label="New password"
            minLength={leastPassword}
          />
          {change.isSuccess && isClear && (
            <Note isLine title="The password is changed." tone="good">
              Every other session of yours has ended, and so have your tokens.
            </Note>
          )}
          <Refused error={isWrong ? null : change.error} />
          <Button className={styles.start ?? ""} loading={change.isPending} size="sm" type="submit">
            Change the password
          </Button>
        </Form>
      </div>
    </Section>
  );
}
