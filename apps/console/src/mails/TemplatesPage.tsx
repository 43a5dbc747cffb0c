// What mails say: every kind, when it is posted, and in which languages its words were changed.

import { mails, type MailKind, type MailTemplate } from "@lockstep/api";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { mailWords } from "../accounts/words.ts";
import { Loaded } from "../Loaded.tsx";
import { countOf } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import { Cell, HeadCell, rowLink, Table, TableFoot } from "../ui/Table.tsx";
import { MailsHead } from "./MailsHead.tsx";
import { mailTemplatesQuery } from "./queries.ts";
import { languageWords, occasionWords } from "./words.ts";
import styles from "./templates.module.css";

const route = getRouteApi("/installation/mails/words");

export function TemplatesPage(): ReactNode {
  const query = useQuery(mailTemplatesQuery());
  return (
    <>
      <MailsHead page="What they say" />
      <Loaded query={query} skeleton={<Skeleton height={480} radius={10} />}>
        {({ templates }) => (
          <Section aside={<span>{changedOf(templates)}</span>} title="Every mail">
            <Table
              caption="Mails, and whether their words were changed"
              columns={["Mail", "Posted when", ...mails.mailLanguages.map((each) => languageWords[each])]}
              isFirst
            >
              {mails.mailKinds.map((kind) => (
                <Row key={kind} kind={kind} templates={templates.filter((each) => each.kind === kind)} />
              ))}
            </Table>
            <TableFoot>
              Which language somebody gets is a rule of the organisation. Mails that wait say what the words
              say when they go out.
            </TableFoot>
          </Section>
        )}
      </Loaded>
    </>
  );
}

function changedOf(templates: readonly MailTemplate[]): string {
  const changed = templates.filter(({ isOwn }) => isOwn).length;
  return changed === 0 ? "All as they came" : `${countOf(changed, "text")} changed`;
}

interface RowProps {
  readonly kind: MailKind;
  /** One for each language. */
  readonly templates: readonly MailTemplate[];
}

function Row({ kind, templates }: RowProps): ReactNode {
  const { organisation } = route.useSearch();
  const [first] = templates;
  return (
    <tr>
      <HeadCell about={first?.subject}>
        <Link
          className={rowLink}
          params={{ kind, language: first?.language ?? "en" }}
          search={{ organisation }}
          to="/installation/mails/words/$kind/$language"
        >
          {mailWords[kind]}
        </Link>
      </HeadCell>
      <Cell isQuiet narrow="line">
        {occasionWords[kind]}
      </Cell>
      {templates.map(({ language, isOwn }) => (
        <Cell isTight key={language} label={languageWords[language]}>
          <Link
            aria-label={`${isOwn ? "Changed" : "As it came"}: ${mailWords[kind]}, ${languageWords[language]}`}
            className={styles.language}
            data-own={isOwn}
            params={{ kind, language }}
            search={{ organisation }}
            to="/installation/mails/words/$kind/$language"
          >
            {isOwn ? "Changed" : "As it came"}
          </Link>
        </Cell>
      ))}
    </tr>
  );
}
