// A provider's settings while they are typed, and as they are sent.

import type { singleSignOn, SingleSignOn } from "@lockstep/api";
import type { z } from "zod";

export type Connection = NonNullable<SingleSignOn["connection"]>;

/** The secret is never shown: left empty, the saved one stays. */
export type Draft = Connection & { readonly clientSecret: string };

const none: Draft = {
  name: "",
  shortName: "",
  issuer: "",
  clientId: "",
  clientSecret: "",
  claim: "preferred_username",
  isOn: true,
};

export const draftOf = (saved: Connection | null): Draft => ({ ...none, ...saved });

/** Whether the saved secret would go to where it did not go before, so that it has to be given again. */
export function needsSecret({ issuer, clientId }: Draft, saved: Connection | null): boolean {
  return saved === null || issuer !== saved.issuer || clientId !== saved.clientId;
}

export function isChanged(draft: Draft, saved: Connection | null): boolean {
  const former = draftOf(saved);
  return (Object.keys(former) as (keyof Draft)[]).some((name) => draft[name] !== former[name]);
}

export function bodyOf({
  clientSecret,
  ...settings
}: Draft): z.input<typeof singleSignOn.setSingleSignOn.body> {
  return { ...settings, ...(clientSecret !== "" && { clientSecret }) };
}
