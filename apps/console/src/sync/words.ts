// The relay in words for the screen.

export const withoutRelayWords = "This server has no relay, so nothing can travel to workstations.";
