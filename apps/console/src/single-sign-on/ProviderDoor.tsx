// Signing in by an organisation's provider: which one, and on to it. The short name says which; it is asked for from
// everybody alike, so that nothing tells who exists.

import { singleSignOn } from "@lockstep/api";
import { Button, TextInput } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { Loaded } from "../Loaded.tsx";
import { Door } from "../sessions/Door.tsx";
import styles from "../sessions/sessions.module.css";
import { Form } from "../ui/Form.tsx";
import { providerQuery } from "./queries.ts";

const route = getRouteApi("/sign-in/$shortName");

export function ChooseProviderPage(): ReactNode {
  const [shortName, setShortName] = useState("");
  const navigate = useNavigate();
  useDocumentTitle("Single sign-on · Lockstep");
  return (
    <Door lead="By what name does your organisation sign in? Its administrators know." title="Single sign-on">
      <Form
        onSubmit={() =>
          void navigate({ to: "/sign-in/$shortName", params: { shortName: shortName.trim().toLowerCase() } })
        }
      >
        <TextInput
          autoCapitalize="none"
          autoFocus
          label="Organisation"
          maxLength={40}
          onChange={({ currentTarget }) => setShortName(currentTarget.value)}
          pattern="\s*[A-Za-z0-9](?:[A-Za-z0-9\-]{0,38}[A-Za-z0-9])?\s*"
          required
          size="md"
          spellCheck={false}
          value={shortName}
        />
        <Button fullWidth size="md" type="submit" variant="filled">
          Go on
        </Button>
      </Form>
      <ByPassword />
    </Door>
  );
}

export function ProviderDoorPage(): ReactNode {
  const { shortName } = route.useParams();
  const query = useQuery(providerQuery(shortName));
  useDocumentTitle("Sign in · Lockstep");
  const start = useMutation({
    mutationFn: () => call(singleSignOn.startSingleSignOn, { body: { shortName } }),
    onSuccess: ({ address }) => location.assign(address),
  });
  return (
    <Door title="Sign in">
      <Loaded query={query} skeleton={null}>
        {({ name }) => (
          <Button
            fullWidth
            loading={start.isPending || start.isSuccess}
            onClick={() => start.mutate()}
            size="md"
            variant="filled"
          >
            Continue with {name}
          </Button>
        )}
      </Loaded>
      <Refused error={start.error} />
      <ByPassword />
    </Door>
  );
}

function ByPassword(): ReactNode {
  return (
    <Link className={styles.onward} to="/sign-in">
      Sign in with a password
    </Link>
  );
}
