// The tokens of one's programs: who has one works as oneself, so each is named, ends by itself, and can be ended.

import { sessions, type Token } from "@lockstep/api";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, tokensQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Loaded } from "../Loaded.tsx";
import { PlusIcon } from "../ui/icons.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import { MakeTokenDialog } from "./MakeTokenDialog.tsx";
import styles from "./sessions.module.css";

export function Tokens(): ReactNode {
  const tokens = useQuery(tokensQuery());
  const [isMaking, setMaking] = useState(false);
  const [ending, setEnding] = useState<Token | null>(null);
  const make = (
    <Button leftSection={<PlusIcon />} onClick={() => setMaking(true)}>
      Make a token
    </Button>
  );
  return (
    <Section aside={make} title="Tokens">
      <p className={styles.about}>
        With a token a program works as you: the command line <code>lockstep</code>, or one of your own.
      </p>
      <Loaded query={tokens} skeleton={<Skeleton height={80} />}>
        {({ tokens: all }) =>
          all.length === 0 ? (
            <p className={styles.none}>You have no token.</p>
          ) : (
            <ul className={styles.tokens}>
              {all.map((token) => (
                <TokenLine key={token.id} onEnd={() => setEnding(token)} token={token} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isMaking && <MakeTokenDialog onClose={() => setMaking(false)} />}
      {ending && <EndTokenDialog onClose={() => setEnding(null)} token={ending} />}
    </Section>
  );
}

interface TokenLineProps {
  readonly token: Token;
  readonly onEnd: () => void;
}

function TokenLine({ token, onEnd }: TokenLineProps): ReactNode {
  const { name, scope, madeAt, lastUsedAt, expiresAt } = token;
  return (
    <li>
      <div>
        <p className={styles.tokenName}>
          {name} {scope === "reading" && <span className={styles.here}>reads only</span>}
        </p>
        <p className={styles.quiet}>
          made <Moment at={madeAt} /> ·{" "}
          {lastUsedAt === madeAt ? (
            "never used"
          ) : (
            <>
              used <Moment at={lastUsedAt} />
            </>
          )}{" "}
          · ends <Moment at={expiresAt} />
        </p>
      </div>
      <Button aria-label={`End the token ${name}`} onClick={onEnd}>
        End
      </Button>
    </li>
  );
}

interface EndTokenDialogProps {
  readonly token: Token;
  readonly onClose: () => void;
}

function EndTokenDialog({ token, onClose }: EndTokenDialogProps): ReactNode {
  const end = useChange("session", () => call(sessions.endToken, { params: { tokenId: token.id } }));
  return (
    <FormDialog
      action="End the token"
      change={end}
      isGrave
      onClose={onClose}
      onSubmit={(close) => end.mutate(undefined, { onSuccess: close })}
      title={`End the token ${token.name}`}
    >
      <p>Whatever works with it is refused from then on. A token that has ended does not come back.</p>
    </FormDialog>
  );
}
