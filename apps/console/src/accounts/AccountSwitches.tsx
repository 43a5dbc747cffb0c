// What can be switched on an account, one below the other. What one cannot use is grey and says why.

import type { Account, Standing } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { BlockDialog, UnblockDialog } from "./BlockDialogs.tsx";
import { EndExemptionDialog, ExemptDialog } from "./ExemptionDialogs.tsx";
import { InviteDialog, ResendDialog, WithdrawDialog } from "./InvitationDialogs.tsx";
import { Line } from "./Line.tsx";
import { ResetFactorDialog, UnlinkDialog } from "./SignInDialogs.tsx";
import { SignInSwitches } from "./SignInSwitches.tsx";
import { Locked, VerdictButton } from "./VerdictButton.tsx";
import styles from "./accounts.module.css";

interface SwitchesProps {
  readonly organisationId: OrganisationId;
  readonly user: Standing["user"];
  readonly account: Account;
}

const dialogs = {
  block: BlockDialog,
  unblock: UnblockDialog,
  exempt: ExemptDialog,
  "end-exemption": EndExemptionDialog,
  invite: InviteDialog,
  resend: ResendDialog,
  withdraw: WithdrawDialog,
  "reset-factor": ResetFactorDialog,
  unlink: UnlinkDialog,
} as const;

type Opened = keyof typeof dialogs;

/** What the switches have in common. */
interface RowProps {
  readonly account: Account;
  readonly open: (dialog: Opened) => void;
  readonly of: { readonly organisationId: OrganisationId; readonly userId: Standing["user"]["id"] };
}

export function AccountSwitches({ organisationId, user, account }: SwitchesProps): ReactNode {
  const [opened, setOpened] = useState<Opened | null>(null);
  const Opened = opened && dialogs[opened];
  const row: RowProps = { account, open: setOpened, of: { organisationId, userId: user.id } };
  const hasAccount = account.account !== "none";
  return (
    <>
      <ul className={styles.switches}>
        {account.account !== "active" && <Invitation {...row} />}
        {hasAccount && <Block {...row} />}
        {hasAccount && <SignInSwitches of={row.of} open={setOpened} />}
        {account.account === "active" && <Disabled account={account} />}
        {account.account === "active" && <Exemption {...row} />}
      </ul>
      {Opened && (
        <Opened
          account={account}
          onClose={() => setOpened(null)}
          organisationId={organisationId}
          user={user}
        />
      )}
    </>
  );
}

function Invitation({ account, open, of }: RowProps): ReactNode {
  if (account.account === "none") {
    return (
      <Line about="Inviting makes an account, and posts the mail that activates it." name="Invitation">
        <VerdictButton action="invite-account" onClick={() => open("invite")} {...of}>
          Invite
        </VerdictButton>
      </Line>
    );
  }
  return (
    <Line
      about="The link in the mail works once, for three days. Another mail makes it void."
      name="Invitation"
    >
      <VerdictButton action="resend-invitation" onClick={() => open("resend")} {...of}>
        Send again
      </VerdictButton>
      <VerdictButton action="withdraw-invitation" onClick={() => open("withdraw")} {...of}>
        Withdraw
      </VerdictButton>
    </Line>
  );
}

function Block({ account, open, of }: RowProps): ReactNode {
  const isBlocked = account.block !== null;
  return (
    <Line
      about={
        isBlocked
          ? "Unblocking also enables the account: the days without activity count from zero."
          : "Sessions and tokens end at once, codes are void, and every workstation is posted a lock."
      }
      name="Block"
    >
      <VerdictButton action="block-account" onClick={() => open("block")} {...of}>
        {isBlocked ? "Change the block" : "Block"}
      </VerdictButton>
      {isBlocked && (
        <VerdictButton action="unblock-account" onClick={() => open("unblock")} {...of}>
          Unblock
        </VerdictButton>
      )}
    </Line>
  );
}

const onlySystem =
  "Only the system disables accounts, after too long without activity; only their owners enable them again, or whoever unblocks them.";

function Disabled({ account: { disabledAt } }: Pick<RowProps, "account">): ReactNode {
  return (
    <Line about={onlySystem} name="Disabled for inactivity">
      <Locked isOn={disabledAt !== null} label="Disabled for inactivity" why={onlySystem} />
    </Line>
  );
}

function Exemption({ account: { exemption }, open, of }: RowProps): ReactNode {
  const isExempt = exemption !== null;
  return (
    <Line
      about={
        isExempt
          ? `The system never disables it: “${exemption}”`
          : "For accounts that are meant to be used seldom. The system then never disables it."
      }
      name="Exempt from inactivity"
    >
      <VerdictButton
        action="edit-account-rules"
        onClick={() => open(isExempt ? "end-exemption" : "exempt")}
        {...of}
      >
        {isExempt ? "End the exemption" : "Exempt"}
      </VerdictButton>
    </Line>
  );
}
