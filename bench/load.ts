// A closed loop of HTTP calls, in a process of its own: every connection stays open and sends one of its calls, chosen
// at random, as soon as the one before is answered. It is told what to send on standard input, and says on standard
// output how many calls were answered in each second.

import { connect, type Socket } from "node:net";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { z } from "zod";

const call = z.object({
  method: z.string(),
  path: z.string(),
  body: z.string().nullable(),
  /** Of what the revision is given with the call and taken from its reply; null for a call that needs none. */
  edits: z.string().nullable(),
});

const order = z.object({
  host: z.string(),
  port: z.int(),
  token: z.string(),
  seconds: z.int(),
  /** The calls of each connection. */
  connections: z.array(z.array(call)),
  /** Of everything that is edited. */
  revisions: z.record(z.string(), z.int()),
});

export type Call = z.output<typeof call>;
export type Order = z.output<typeof order>;

const answered = z.object({ perSecond: z.array(z.int()) });

export type Answered = z.output<typeof answered>;

export const parseAnswered = (text: string): Answered => answered.parse(JSON.parse(text));

interface Reply {
  readonly status: number;
  readonly etag: string | null;
}

/** One reply with a length, as the server sends them (RFC 9112 §6.2). */
class Line {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #answer: ((reply: Reply) => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (piece) => {
      this.#received = this.#received.length === 0 ? piece : Buffer.concat([this.#received, piece]);
      this.#read();
    });
    socket.on("error", (error) => {
      throw error;
    });
  }

  async send(text: string): Promise<Reply> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#socket.write(text);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(): void {
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = this.#received.toString("latin1", 0, end);
    const [, length = "0"] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
    if (this.#received.length < end + 4 + Number(length)) return;
    this.#received = Buffer.alloc(0);
    const [, etag = null] = /\r\netag: "(\d+)"/i.exec(head) ?? [];
    this.#answer?.({ status: Number(head.slice(9, 12)), etag });
  }
}

function textOf({ method, path, body }: Call, { host, port, token }: Order, revision?: number): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${host}:${port}`,
    `authorization: Bearer ${token}`,
    ...(revision === undefined ? [] : [`if-match: "${revision}"`]),
    ...(body === null
      ? []
      : ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`]),
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
}

async function load(given: Order): Promise<Answered> {
  const perSecond = Array.from({ length: given.seconds }, () => 0);
  const start = performance.now();
  const isOver = () => performance.now() - start >= given.seconds * 1000;
  const revisions = new Map(Object.entries(given.revisions));
  const keepCalling = async (calls: readonly Call[]) => {
    const line = new Line(connect(given.port, given.host));
    while (!isOver()) {
      const next = calls[Math.floor(Math.random() * calls.length)];
      if (next === undefined) throw new Error("every connection has calls");
      const revision = next.edits === null ? undefined : revisions.get(next.edits);
      const { status, etag } = await line.send(textOf(next, given, revision));
      if (status !== 200) throw new Error(`${next.method} ${next.path} was answered ${status}`);
      if (next.edits !== null) revisions.set(next.edits, Number(etag));
      const second = Math.floor((performance.now() - start) / 1000);
      if (second < perSecond.length) perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    line.close();
  };
  await Promise.all(given.connections.map(keepCalling));
  return { perSecond };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(JSON.stringify(await load(order.parse(await json(process.stdin)))));
}
