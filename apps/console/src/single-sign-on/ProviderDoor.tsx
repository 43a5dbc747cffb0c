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
import { keepWanted } from "./wanted.ts";

const choosing = getRouteApi("/sign-in/by-organisation");
const route = getRouteApi("/sign-in/$shortName");

export function ChooseProviderPage(): ReactNode {
  const search = choosing.useSearch();
  const [shortName, setShortName] = useState("");
  const navigate = useNavigate();
  const goOn = () =>
    void navigate({
      to: "/sign-in/$shortName",
      params: { shortName: shortName.trim().toLowerCase() },
      search,
    });
  useDocumentTitle("Single sign-on · Lockstep");
  return (
    <Door lead="By what name does your organisation sign in? Its administrators know." title="Single sign-on">
      <Form onSubmit={goOn}>
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
      <ByPassword {...search} />
    </Door>
  );
}

export function ProviderDoorPage(): ReactNode {
  const { shortName } = route.useParams();
  const { to } = route.useSearch();
  const query = useQuery(providerQuery(shortName));
  useDocumentTitle("Sign in · Lockstep");
  const start = useMutation({
    mutationFn: () => call(singleSignOn.startSingleSignOn, { body: { shortName } }),
    onSuccess: ({ address }) => {
      keepWanted(to);
      location.assign(address);
    },
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
      <ByPassword to={to} />
    </Door>
  );
}

function ByPassword({ to }: { readonly to?: string | undefined }): ReactNode {
  return (
    <Link className={styles.onward} search={{ to }} to="/sign-in">
      Sign in with a password
    </Link>
  );
}
