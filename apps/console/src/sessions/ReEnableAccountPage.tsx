// Where the link of a reactivation mail leads: following it changes nothing, the button does.

import { invitations } from "@lockstep/api";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { Form } from "../ui/Form.tsx";
import { useLinkSecret } from "./link.ts";
import { LinkDoor } from "./LinkDoor.tsx";

export function ReEnableAccountPage(): ReactNode {
  const secret = useLinkSecret();
  const confirm = useMutation({
    mutationFn: () => call(invitations.reEnableAccount, { body: { secret } }),
  });
  return (
    <LinkDoor
      done={confirm.isSuccess ? "Your account is enabled again." : null}
      purpose="re-enable-account"
      secret={secret}
      title="Reactivate your account"
    >
      <Form onSubmit={() => confirm.mutate()}>
        <Refused error={confirm.error} />
        <Button fullWidth loading={confirm.isPending} size="md" type="submit" variant="filled">
          Confirm
        </Button>
      </Form>
    </LinkDoor>
  );
}
