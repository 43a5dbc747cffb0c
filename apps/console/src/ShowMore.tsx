// The next page of a list, below those that are there.

import { Button } from "@mantine/core";
import type { ReactNode } from "react";

interface ShowMoreProps {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

/** Nothing where nothing follows. */
export function ShowMore({ query }: ShowMoreProps): ReactNode {
  if (!query.hasNextPage) return null;
  return (
    <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      Show more
    </Button>
  );
}
