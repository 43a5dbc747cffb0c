// The latest mails of the installation, and how far each has come.

import { mails, type Mail } from "@lockstep/api";
import { NativeSelect, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { mailWords } from "../accounts/words.ts";
import { Loaded } from "../Loaded.tsx";
import { useInstallationRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { countOf } from "../ui/format.ts";
import { CheckIcon, ClockIcon, CrossIcon } from "../ui/icons.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import { Cell, HeadCell, Table, TableFoot } from "../ui/Table.tsx";
import ui from "../ui/ui.module.css";
import { OpenMailDialog } from "./OpenMailDialog.tsx";
import { mailsQuery, mostMails } from "./queries.ts";
import { languageWords, stateWords } from "./words.ts";
import styles from "./mails.module.css";

const route = getRouteApi("/installation/mails");

interface OutboxProps {
  readonly hasServer: boolean;
}

export function Outbox({ hasServer }: OutboxProps): ReactNode {
  const { state } = route.useSearch();
  const query = useQuery(mailsQuery(state));
  const [opening, setOpening] = useState<Mail | null>(null);
  return (
    <Section aside={<StateFilter />} title="Outbox">
      <Loaded query={query} skeleton={<Skeleton height={220} />}>
        {({ mails: all }) =>
          all.length === 0 ? (
            <Note title={state === undefined ? "No mail was posted yet." : "There is no such mail."} />
          ) : (
            <div aria-busy={query.isPlaceholderData}>
              <Table
                caption="Mails, newest first"
                columns={["Mail", "State", "To", "Posted", "(Actions)"]}
                isFirst
              >
                {all.map((mail) => (
                  <Row hasServer={hasServer} key={mail.id} mail={mail} onOpen={() => setOpening(mail)} />
                ))}
              </Table>
              <TableFoot>
                {all.length === mostMails && "The newest "}
                {countOf(all.length, "mail")}
              </TableFoot>
            </div>
          )
        }
      </Loaded>
      {opening && <OpenMailDialog mail={opening} onClose={() => setOpening(null)} />}
    </Section>
  );
}

function StateFilter(): ReactNode {
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <NativeSelect
      aria-label="State"
      data={[
        { value: "", label: "Any state" },
        ...mails.mailStates.map((each) => ({ value: each, label: stateWords[each] })),
      ]}
      onChange={({ currentTarget: { value } }) =>
        void navigate({
          search: (former) => ({ ...former, state: mails.mailStates.find((each) => each === value) }),
          resetScroll: false,
        })
      }
      size="xs"
      value={state ?? ""}
    />
  );
}

const icons = { waiting: ClockIcon, sent: CheckIcon, failed: CrossIcon } as const;

interface RowProps {
  readonly mail: Mail;
  readonly hasServer: boolean;
  readonly onOpen: () => void;
}

function Row({ mail, hasServer, onOpen }: RowProps): ReactNode {
  const { kind, language, state, user, organisationId, postedAt, failure, attempts } = mail;
  const Icon = icons[state];
  return (
    <tr>
      <HeadCell about={languageWords[language]}>{mailWords[kind]}</HeadCell>
      <Cell narrow="line">
        <span className={styles.mark} data-failed={state === "failed"}>
          <Icon />
          {stateWords[state]}
        </span>
        {failure !== null && (
          <p className={styles.quiet}>
            {failure} {countOf(attempts, "attempt")}.
          </p>
        )}
      </Cell>
      <Cell>
        <Link
          className={ui.link}
          params={{ organisationId, userId: user.id }}
          to="/organisations/$organisationId/users/$userId"
        >
          {user.name}
        </Link>
      </Cell>
      <Cell isQuiet narrow="end">
        <Moment at={postedAt} />
      </Cell>
      <Cell isTight narrow="corner">
        {state === "waiting" && <OpenButton hasServer={hasServer} onOpen={onOpen} to={user.name} />}
      </Cell>
    </tr>
  );
}

interface OpenButtonProps {
  readonly to: string;
  readonly hasServer: boolean;
  readonly onOpen: () => void;
}

function OpenButton({ to, hasServer, onOpen }: OpenButtonProps): ReactNode {
  const right = useInstallationRights()("open-mails");
  const why = hasServer ? "There is a mail server, so mails are sent and not opened." : null;
  return (
    <ActionButton label={`Open: mail to ${to}`} onClick={onOpen} why={right.allowed ? why : right.why}>
      Open
    </ActionButton>
  );
}
