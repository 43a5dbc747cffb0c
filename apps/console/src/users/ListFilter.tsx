// Which of them are listed: by the beginning of a name, and by account status.

import type { Counts } from "@lockstep/api";
import { accountStatuses, type AccountStatus } from "@lockstep/core";
import { NativeSelect } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { SearchField } from "../ui/SearchField.tsx";
import { wordsOfNumber } from "../ui/format.ts";
import styles from "./overview.module.css";

const route = getRouteApi("/");
const order = Object.keys(accountStatuses) as AccountStatus[];

interface ListFilterProps {
  readonly counts: Counts["account"] | undefined;
}

export function ListFilter({ counts }: ListFilterProps): ReactNode {
  const { search, account } = route.useSearch();
  const navigate = route.useNavigate();
  const options = order.map((status) => {
    const count = counts === undefined ? "" : ` (${wordsOfNumber(counts[status])})`;
    return { value: status, label: `${accountStatuses[status].label}${count}` };
  });
  return (
    <div className={styles.filter} role="search">
      <SearchField
        label="Search by the beginning of a name or username"
        onChange={(text) =>
          void navigate({
            search: (former) => ({ ...former, search: text === "" ? undefined : text }),
            replace: true,
            resetScroll: false,
          })
        }
        value={search ?? ""}
      />
      <NativeSelect
        aria-label="Account status"
        className={styles.accountFilter ?? ""}
        data={[{ value: "", label: "Any account" }, ...options]}
        onChange={({ currentTarget: { value } }) =>
          void navigate({
            search: (former) => ({ ...former, account: order.find((status) => status === value) }),
            resetScroll: false,
          })
        }
        value={account ?? ""}
      />
    </div>
  );
}
