// With what somebody signs in beside the password, and helping those who have lost it.

import type { OrganisationId, UserId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { sentenceOf } from "../api.ts";
import { Moment } from "../ui/Moment.tsx";
import { Line } from "./Line.tsx";
import { signInWaysQuery } from "./queries.ts";
import { VerdictButton } from "./VerdictButton.tsx";

interface SignInSwitchesProps {
  readonly of: { readonly organisationId: OrganisationId; readonly userId: UserId };
  readonly open: (dialog: "reset-factor" | "unlink") => void;
}

export function SignInSwitches({ of, open }: SignInSwitchesProps): ReactNode {
  const { data: ways, error } = useQuery(signInWaysQuery(of.organisationId, of.userId));
  const unknown = error === null ? "One moment." : sentenceOf(error).title;
  const { secondFactor = null, singleSignOn = null } = ways ?? {};
  const whyNot = (none: string) => (ways === undefined ? unknown : none);
  return (
    <>
      <Line
        about={
          secondFactor === null ? (
            "Without one the password alone signs in. Everybody sets up their own."
          ) : (
            <>
              Signing in asks for a code of an app, set up <Moment at={secondFactor.since} />.
            </>
          )
        }
        name="Second factor"
      >
        <VerdictButton
          action="reset-second-factor"
          instead={secondFactor === null ? whyNot("There is no second factor to reset.") : null}
          onClick={() => open("reset-factor")}
          {...of}
        >
          Reset
        </VerdictButton>
      </Line>
      <Line
        about={
          singleSignOn === null ? (
            "Has not come by the organisation’s provider."
          ) : (
            <>
              Is {singleSignOn.subject} at {singleSignOn.issuer}, since <Moment at={singleSignOn.since} />.
            </>
          )
        }
        name="Single sign-on"
      >
        <VerdictButton
          action="edit-single-sign-on"
          instead={singleSignOn === null ? whyNot("There is nothing to unlink.") : null}
          onClick={() => open("unlink")}
          {...of}
        >
          Unlink
        </VerdictButton>
      </Line>
    </>
  );
}
