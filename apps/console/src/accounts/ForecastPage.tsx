// What will happen by itself, day by day: accounts are disabled, blocks end, licences and codes expire.

import type { Expected } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { NativeSelect, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { countOf, wordsOfDate, wordsOfNumber } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import ui from "../ui/ui.module.css";
import { AccountsHead } from "./AccountsHead.tsx";
import { forecastDays } from "./address.ts";
import { forecastQuery, type ForecastKind } from "./queries.ts";
import { forecastWords } from "./words.ts";
import styles from "./accounts.module.css";

const route = getRouteApi("/organisations/$organisationId/accounts/forecast");
const kinds = Object.keys(forecastWords) as ForecastKind[];
const usual = "30";

export function ForecastPage(): ReactNode {
  const { organisationId } = route.useParams();
  const { days = usual } = route.useSearch();
  const navigate = route.useNavigate();
  const [kind, setKind] = useState<ForecastKind | null>(null);
  const query = useQuery(forecastQuery(organisationId, Number(days)));
  const all = query.data?.expected ?? [];
  return (
    <>
      <AccountsHead organisationId={organisationId} page="Forecast" />
      <section aria-label="Forecast" className={styles.card}>
        <div className={styles.filter} role="search">
          <NativeSelect
            aria-label="How far ahead"
            data={forecastDays.map((value) => ({ value, label: `The next ${value} days` }))}
            onChange={({ currentTarget: { value } }) =>
              void navigate({ search: { days: forecastDays.find((each) => each === value) } })
            }
            value={days}
          />
          <ul aria-label="What happens" className={styles.pills}>
            {kinds.map((each) => (
              <li key={each}>
                <button
                  aria-pressed={kind === each}
                  onClick={() => setKind(kind === each ? null : each)}
                  type="button"
                >
                  {forecastWords[each]}{" "}
                  <strong>{wordsOfNumber(all.filter((one) => one.kind === each).length)}</strong>
                </button>
              </li>
            ))}
          </ul>
        </div>
        <Loaded query={query} skeleton={<Skeleton height={240} />}>
          {({ expected }) => (
            <Days
              expected={expected.filter((each) => kind === null || each.kind === kind)}
              organisationId={organisationId}
            />
          )}
        </Loaded>
      </section>
    </>
  );
}

interface DaysProps {
  readonly organisationId: OrganisationId;
  readonly expected: readonly Expected[];
}

function Days({ organisationId, expected }: DaysProps): ReactNode {
  if (expected.length === 0) {
    return (
      <Note title="Nothing happens by itself in these days.">
        Nobody is disabled for inactivity, and no block, licence or activation code ends.
      </Note>
    );
  }
  const days = [...Map.groupBy(expected, ({ on }) => wordsOfDate(on))];
  return (
    <ol className={styles.days}>
      {days.map(([day, those]) => (
        <li key={day}>
          <h2>
            {day}
            {those[0] && (
              <span className={styles.quiet}>
                <Moment at={those[0].on} />
              </span>
            )}
          </h2>
          <ul>
            {[...Map.groupBy(those, ({ kind }) => kind)].map(([kind, same]) => (
              <li key={kind}>
                <h3 className={styles.what}>{forecastWords[kind]}</h3>
                <ul>
                  {same.map((one, at) => (
                    <Line key={`${kind} ${at}`} one={one} organisationId={organisationId} />
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function Line({ organisationId, one }: { readonly organisationId: OrganisationId; readonly one: Expected }) {
  const { user, licence } = one;
  return (
    <li>
      {user && (
        <span>
          <Link
            className={ui.link}
            params={{ organisationId, userId: user.id }}
            to="/organisations/$organisationId/users/$userId"
          >
            {user.name}
          </Link>{" "}
          <span className={styles.quiet}>{user.username}</span>
        </span>
      )}
      {licence && (
        <span>
          <Link className={ui.link} params={{ organisationId }} to="/organisations/$organisationId/licences">
            {licence.productId}
          </Link>{" "}
          <span className={styles.quiet}>
            {countOf(licence.users, "user holds", "users hold")} a seat of it
          </span>
        </span>
      )}
    </li>
  );
}
