// A directory that answers as a script says: for what no server at hand does, such as pages without entries and ranges.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer, type TLSSocket } from "node:tls";

import { Ber, BerReader, BerWriter } from "ldapts";

import type { TestAuthority } from "./certificates.ts";

export interface Asked {
  readonly base: string;
  readonly attributes: readonly string[];
  readonly filter: Buffer;
  /** Of the page asked for: empty for the first one. */
  readonly cookie: string;
}

export interface Answer {
  readonly entries?: readonly {
    readonly dn: string;
    readonly attributes: Readonly<Record<string, readonly (string | Buffer)[]>>;
  }[];
  readonly references?: readonly string[];
  readonly cookie?: string;
  /** RFC 4511 §4.1.9; 0 if left out. */
  readonly result?: number;
  /** Instead of a result the connection breaks. */
  readonly breaks?: true;
}

export interface Scripted {
  readonly port: number;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

/** RFC 4511 §4.2, §4.5. */
const op = {
  bind: 0x60,
  bound: 0x61,
  unbind: 0x42,
  search: 0x63,
  entry: 0x64,
  done: 0x65,
  reference: 0x73,
} as const;
const paged = "1.2.840.113556.1.4.319";

export async function startScripted(
  authority: TestAuthority,
  script: (asked: Asked) => Answer,
): Promise<Scripted> {
  const { key, certificate } = await authority.issue();
  const asked: Asked[] = [];
  const sockets = new Set<TLSSocket>();
  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    let waiting: Buffer = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      waiting = Buffer.concat([waiting, bytes]);
      for (
        let length = lengthOf(waiting);
        length > 0 && length <= waiting.length;
        length = lengthOf(waiting)
      ) {
        const message = waiting.subarray(0, length);
        waiting = waiting.subarray(length);
        answer(socket, message, (search) => {
          asked.push(search);
          return script(search);
        });
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    stop: async () => {
      server.close();
      // Also those of clients that have died without a word.
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** Of the first message with its head; 0 while that is not there yet. */
function lengthOf(bytes: Buffer): number {
  if (bytes.length < 2) return 0;
  const short = bytes.readUInt8(1);
  if (short < 0x80) return short + 2;
  const size = short & 0x7f;
  return bytes.length < 2 + size ? 0 : bytes.readUIntBE(2, size) + 2 + size;
}

function answer(socket: TLSSocket, message: Buffer, script: (asked: Asked) => Answer): void {
  const reader = new BerReader(message);
  reader.readSequence();
  const id = reader.readInt() ?? 0;
  const kind = reader.readSequence();
  if (kind === op.bind) socket.write(resultOf(id, op.bound, {}));
  else if (kind === op.search) answerSearch(socket, id, script(searchOf(reader)));
  else socket.end();
}

function searchOf(reader: BerReader): Asked {
  const base = reader.readString() ?? "";
  for (let skipped = 0; skipped < 2; skipped++) reader.readEnumeration();
  for (let skipped = 0; skipped < 2; skipped++) reader.readInt();
  reader.readBoolean();
  const tag = reader.peek() ?? 0;
  const filter = reader.readString(tag, true) ?? Buffer.alloc(0);
  reader.readSequence();
  const end = reader.offset + reader.length;
  const attributes: string[] = [];
  while (reader.offset < end) attributes.push(reader.readString() ?? "");
  return { base, attributes, filter, cookie: cookieOf(reader) };
}

function cookieOf(reader: BerReader): string {
  if (reader.peek() !== 0xa0) return "";
  reader.readSequence(0xa0);
  reader.readSequence();
  reader.readString();
  if (reader.peek() === Ber.Boolean) reader.readBoolean();
  const value = new BerReader(reader.readString(Ber.OctetString, true) ?? Buffer.alloc(0));
  value.readSequence();
  value.readInt();
  return (value.readString(Ber.OctetString, true) ?? Buffer.alloc(0)).toString();
}

function answerSearch(
  socket: TLSSocket,
  id: number,
  { entries = [], references = [], ...rest }: Answer,
): void {
  for (const { dn, attributes } of entries) socket.write(entryOf(id, dn, attributes));
  for (const reference of references) {
    socket.write(
      messageOf(id, (writer) => {
        writer.startSequence(op.reference);
        writer.writeString(reference);
        writer.endSequence();
      }),
    );
  }
  if (rest.breaks === true) socket.destroy();
  else socket.write(resultOf(id, op.done, rest));
}

function messageOf(id: number, write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  write(writer);
  writer.endSequence();
  return writer.buffer;
}

function entryOf(
  id: number,
  dn: string,
  attributes: Readonly<Record<string, readonly (string | Buffer)[]>>,
): Buffer {
  return messageOf(id, (writer) => {
    writer.startSequence(op.entry);
    writer.writeString(dn);
    writer.startSequence();
    for (const [name, values] of Object.entries(attributes)) {
      writer.startSequence();
      writer.writeString(name);
      writer.startSequence(0x31);
      for (const value of values) writer.writeBuffer(Buffer.from(value), Ber.OctetString);
      writer.endSequence();
      writer.endSequence();
    }
    writer.endSequence();
    writer.endSequence();
  });
}

function resultOf(
  id: number,
  kind: number,
  { result = 0, cookie }: Pick<Answer, "result" | "cookie">,
): Buffer {
  return messageOf(id, (writer) => {
    writer.startSequence(kind);
    writer.writeEnumeration(result);
    writer.writeString("");
    writer.writeString("");
    writer.endSequence();
    if (cookie === undefined) return;
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(0);
    value.writeBuffer(Buffer.from(cookie), Ber.OctetString);
    value.endSequence();
    writer.startSequence(0xa0);
    writer.startSequence();
    writer.writeString(paged);
    writer.writeBuffer(value.buffer, Ber.OctetString);
    writer.endSequence();
    writer.endSequence();
  });
}
