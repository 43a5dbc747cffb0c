// Server and relay are killed again and again while Key-Files are posted to everybody and workstations fetch and report.
// Then both are left alone: nothing that was acknowledged may be lost, and all must come to the same end.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { Database } from "../../apps/server/src/db/database.ts";
import { Draws } from "./draws.ts";
import { install, type Connection, type Installation } from "../installation.ts";
import { Violation } from "./machine.ts";
import type { Program } from "../program.ts";
import { beginScene, type Scene } from "./scene.ts";
import { awaitGreen, verify } from "./verify.ts";

export interface Torturing {
  readonly kills: number;
  readonly seed: number;
  /** Told after each. */
  readonly onKill?: (kills: number) => void;
}

/** What was done meanwhile, so that nobody takes idleness for health. */
export interface Survived {
  readonly kills: { readonly server: number; readonly relay: number };
  readonly postings: number;
  readonly commands: number;
  /** Key-Files that some workstation held, each counted once. */
  readonly keyFiles: number;
  readonly seconds: number;
}

/**
 * @param connection an empty database, or one that is only migrated.
 * @throws Error that names the seed, as soon as something happened that must not.
 */
export async function torture(connection: Connection, torturing: Torturing): Promise<Survived> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-torture-"));
  const database = new Database({ ...connection, max: 4 });
  let installation: Installation | undefined;
  try {
    installation = await install(connection, folder);
    const scene = await beginScene({ installation, database, folder }, torturing.seed);
    const survived = await endure(scene, torturing);
    await installation.stop();
    return survived;
  } catch (cause) {
    const said = [installation?.server.output, installation?.relay.output].join("\n").slice(-4000);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`with the seed ${torturing.seed}: ${why}\n${said}`, { cause });
  } finally {
    await installation?.end();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** At most so long a program runs before it is killed; where it takes longer to start, as long as that. */
const longestLifeMilliseconds = 500;

interface Tormenting {
  readonly draws: Draws;
  readonly isEnough: () => boolean;
  readonly onKill: () => void;
}

/** Kills a program and starts it again until it is enough; then it runs. */
async function torment(program: Program, { draws, isEnough, onKill }: Tormenting): Promise<void> {
  const killWithin = async (milliseconds: number) => {
    // A moment is drawn, and nothing is waited for: whatever the program does then is cut off.
    await pause(draws.below(milliseconds));
    await program.kill();
    onKill();
  };
  for (let startMilliseconds = longestLifeMilliseconds; !isEnough();) {
    await killWithin(Math.max(longestLifeMilliseconds, startMilliseconds));
    // Every fourth life ends while it still starts.
    while (!isEnough() && draws.once(4)) await Promise.all([program.start(), killWithin(startMilliseconds)]);
    const startedAt = performance.now();
    await program.start();
    startMilliseconds = (startMilliseconds + performance.now() - startedAt) / 2;
  }
}

async function endure(scene: Scene, { kills, seed, onKill }: Torturing): Promise<Survived> {
  const startedAt = performance.now();
  const { installation, machines, administrator, held } = scene;
  const counted = { server: 0, relay: 0 };
  const total = () => counted.server + counted.relay;
  let hasFailed = false;
  const isEnough = () => hasFailed || total() >= kills;
  const tormenting = (["server", "relay"] as const).map((name) =>
    torment(installation[name], {
      draws: new Draws(seed, name),
      isEnough,
      onKill: () => {
        counted[name] += 1;
        onKill?.(total());
      },
    }),
  );
  const working = [0, 1].map(async (lane) => {
    const own = machines.filter((_, at) => at % 2 === lane);
    const draws = new Draws(seed, `lane ${lane}`);
    while (!isEnough()) await draws.oneOf(own).sync();
  });
  const administering = (async () => {
    while (!isEnough()) await administrator.act();
  })();
  const everything = [...tormenting, ...working, administering].map(async (each) =>
    each.catch((error: unknown) => {
      hasFailed = true;
      throw error;
    }),
  );
  await Promise.allSettled(everything);
  await Promise.all(everything);
  await awaitGreen(scene);
  await verify(scene);
  const { postings, commands } = administrator.acknowledged;
  if (held.size <= machines.length) throw new Violation("no Key-File arrived");
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return { kills: counted, postings: postings.length, commands, keyFiles: held.size, seconds };
}
