// Where a provider leads back to: what stands in the address is passed on once, and leaves the address. Then one
// goes to where one wanted.

import { singleSignOn } from "@lockstep/api";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState, type ReactNode } from "react";

import { call, hasCode } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { SecondStep } from "../second-factors/SecondStep.tsx";
import { Door } from "../sessions/Door.tsx";
import { useEnter } from "../sessions/entry.ts";
import styles from "../sessions/sessions.module.css";
import { keepWanted, readWanted } from "./wanted.ts";

export function ReturnPage(): ReactNode {
  const [parameters] = useState(() => location.search.slice(1));
  const [wanted] = useState(() => readWanted());
  const hasBegun = useRef(false);
  const enter = useEnter();
  const navigate = useNavigate();
  const { mutate, error } = useMutation({
    mutationFn: () => call(singleSignOn.finishSingleSignOn, { body: { parameters } }),
    onSuccess: (me) => enter(me, wanted),
  });
  useDocumentTitle("Signing in · Lockstep");
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    keepWanted(undefined);
    history.replaceState(history.state, "", location.pathname);
    mutate();
  }, [mutate]);
  if (hasCode(error, "second_factor_needed"))
    return (
      <SecondStep
        onDone={(me) => void enter(me, wanted)}
        onEnded={() => void navigate({ to: "/sign-in", search: { to: wanted } })}
      />
    );
  return (
    <Door title={error === null ? "Signing in …" : "Sign in"}>
      <Refused error={error} />
      {error !== null && (
        <Link className={styles.onward} search={{ to: wanted }} to="/sign-in">
          Back to the beginning
        </Link>
      )}
    </Door>
  );
}
