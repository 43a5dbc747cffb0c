// How much of a timeline is asked for: a little at first, all that the server gives on demand.

export const firstEntries = 20;
export const mostEntries = 200;
