// The only clock. Whatever needs the time is given one, so tests can choose it.

export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
