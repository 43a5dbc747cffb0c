// Single sign-on in words for the screen.

import type { Connection } from "./draft.ts";

export const claimWords: Record<Connection["claim"], { readonly name: string; readonly about: string }> = {
  preferred_username: {
    name: "preferred_username",
    about: "The name with which people sign in at the provider. It must not be theirs to choose.",
  },
  email: {
    name: "email",
    about: "The mail address, if the provider says that it has verified it.",
  },
};
