// One simulated workstation, and the person who sits at it: it syncs by itself, and some seconds after a Key-File has
// arrived the person logs in, which applies it.

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import {
  activate,
  login,
  profileIn,
  sync,
  watch,
  WorkstationRefusal,
  type Profile,
  type Watched,
} from "@lockstep/workstation";

export interface Place {
  /** Has a folder for each workstation: the next start goes on with them. */
  readonly folder: string;
  /** How long a person takes at most to log in when a Key-File has arrived. */
  readonly paceSeconds: number;
  readonly signal: AbortSignal;
}

export interface Simulated {
  readonly name: string;
  /** One that is not only activates, and then never asks for anything. */
  readonly isOnline: boolean;
  /** Activates with it; null for one that is activated already. */
  readonly link: string | null;
  /** Called with "activated", or with what stands in the way. */
  readonly say: (sentence: string) => void;
}

/** Known to everybody who reads this: the keys behind it are an example's. */
const password = "simulated northwind";

const client = "lockstep-simulator 0.1.0";
const answerSeconds = 120;

async function profileOf({ folder }: Place, name: string): Promise<Profile> {
  return profileIn(join(folder, name), client, {
    machine: { id: name, name, os: "Simulated", client },
    keyring: null,
    runtimeFolder: null,
  });
}

/** Some time up to the pace, so that not everybody logs in at once. */
function hesitation({ paceSeconds, signal }: Place): Promise<void> {
  return pause((0.3 + 0.7 * Math.random()) * paceSeconds * 1000, undefined, { signal });
}

/** Logs in for as long as a Key-File waits. A login is not kept, so the next one waits for the person again. */
async function logIn(place: Place, profile: Profile): Promise<void> {
  for (let waiting = 1; waiting > 0;) {
    await hesitation(place);
    await login(profile, { password, keep: false });
    ({ waiting } = await sync(profile, { signal: place.signal }));
  }
}

/** Does something, and says so if the workstation refuses. Being ended is no trouble. */
async function unlessRefused(
  { signal }: Place,
  say: Simulated["say"],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof WorkstationRefusal)) throw error;
    say(error.message);
  }
}

/** Syncs until the end, with a person who comes whenever a Key-File waits. */
async function live(place: Place, profile: Profile, { say }: Simulated): Promise<void> {
  const visits = new Set<Promise<void>>();
  const see = (watched: Watched) => {
    if ("refusal" in watched || watched.round.waiting === 0 || visits.size > 0) return;
    const visit = unlessRefused(place, say, () => logIn(place, profile));
    visits.add(visit);
    void visit.then(() => visits.delete(visit));
  };
  await watch(profile, { signal: place.signal, onRound: see });
  await Promise.all(visits);
}

/** Switches a workstation on; ends when it is deactivated, when it refuses for good, or with the signal. */
export async function simulate(place: Place, simulated: Simulated): Promise<void> {
  const { name, isOnline, link, say } = simulated;
  await unlessRefused(place, say, async () => {
    const profile = await profileOf(place, name);
    const { signal } = place;
    if (link !== null) {
      await activate(profile, { code: link, password, waitSeconds: answerSeconds, signal });
      say("activated");
    }
    if (isOnline) await live(place, profile, simulated);
  });
}
