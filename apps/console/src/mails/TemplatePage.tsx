// What mails of one kind say in one language.

import { mails } from "@lockstep/api";
import { Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import accounts from "../accounts/accounts.module.css";
import { mailWords } from "../accounts/words.ts";
import { Loaded } from "../Loaded.tsx";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { mailTemplateQuery, type Which } from "./queries.ts";
import { TemplateEditor } from "./TemplateEditor.tsx";
import { languageWords, occasionWords } from "./words.ts";
import styles from "./templates.module.css";

const route = getRouteApi("/installation/mails/words/$kind/$language");

export function TemplatePage(): ReactNode {
  const which = route.useParams();
  const query = useQuery(mailTemplateQuery(which));
  useDocumentTitle(`${mailWords[which.kind]} · Mails · Lockstep`);
  return (
    <>
      <Where {...which} />
      <PageHead title={mailWords[which.kind]}>
        <span className={styles.quiet}>{occasionWords[which.kind]}</span>
      </PageHead>
      <Languages {...which} />
      <Loaded query={query} skeleton={<Skeleton height={480} radius={10} />}>
        {(template) => <TemplateEditor key={`${which.kind} ${which.language}`} template={template} />}
      </Loaded>
    </>
  );
}

function Where({ kind }: Which): ReactNode {
  const search = route.useSearch();
  const installation = (
    <Link search={search} to="/installation">
      Installation
    </Link>
  );
  const all = (
    <Link search={search} to="/installation/mails/words">
      What mails say
    </Link>
  );
  return (
    <Breadcrumbs
      parts={[
        { key: "installation", content: installation },
        { key: "all", content: all },
        { key: "this", content: mailWords[kind] },
      ]}
    />
  );
}

function Languages({ kind }: Which): ReactNode {
  const search = route.useSearch();
  return (
    <nav aria-label="Language" className={accounts.pages}>
      {mails.mailLanguages.map((language) => (
        <Link
          activeOptions={{ exact: true, includeSearch: false }}
          key={language}
          params={{ kind, language }}
          search={search}
          to="/installation/mails/words/$kind/$language"
        >
          {languageWords[language]}
        </Link>
      ))}
    </nav>
  );
}
