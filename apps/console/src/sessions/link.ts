// The secret of a mail's link. It stands behind the #, which no server and no log sees; once read it leaves the address.

import { links } from "@lockstep/api";
import { queryOptions } from "@tanstack/react-query";
import { useRouter, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { call } from "../api.ts";

/** Empty where the address has none. */
export function useLinkSecret(): string {
  const router = useRouter();
  const { hash, pathname } = useRouterState({ select: ({ location }) => location });
  const [secret, setSecret] = useState(hash);
  useEffect(() => {
    if (hash === "") return;
    setSecret(hash);
    void router.navigate({ href: pathname, replace: true });
  }, [hash, pathname, router]);
  return secret;
}

/** What the link is for. Looking at it changes nothing. */
export const linkQuery = (secret: string) =>
  queryOptions({
    queryKey: ["link", secret],
    queryFn: () => call(links.showLink, { body: { secret } }),
    // What it is for does not change, and a page that is looked at again does not ask again.
    staleTime: "static",
  });
