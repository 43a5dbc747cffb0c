// cspell:ignore Rcpt
// A real SMTP server on this machine, and the mails that it took, read as a mail program reads them.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

import type { Issued } from "../../directory/testing/certificates.ts";

export interface TestPost {
  readonly port: number;
  /** Everything that was taken, in the order of arrival. */
  readonly taken: readonly Taken[];
  /** Answers whoever a mail is for from now on with this; undefined takes it. */
  answer: { readonly code: number; readonly text: string } | undefined;
  stop(): Promise<void>;
}

export interface Taken {
  readonly to: readonly string[];
  readonly from: string;
  readonly mail: Email;
  /** Whether it came through TLS, and as whom. */
  readonly isSecure: boolean;
  readonly user: string | null;
}

export interface TestPostOptions {
  /** Offers STARTTLS with it. */
  readonly issued?: Issued;
  /** Who may sign in; nobody has to without. */
  readonly user?: { readonly name: string; readonly password: string };
  readonly port?: number;
}

export async function startPost({ issued, user, port = 0 }: TestPostOptions = {}): Promise<TestPost> {
  const taken: Taken[] = [];
  const post: { answer: TestPost["answer"] } = { answer: undefined };
  const options: SMTPServerOptions = {
    authOptional: user === undefined,
    disabledCommands: [
      ...(issued === undefined ? ["STARTTLS"] : []),
      ...(user === undefined ? ["AUTH"] : []),
    ],
    ...(issued === undefined
      ? {}
      : { key: readFileSync(issued.key), cert: readFileSync(issued.certificate) }),
    onAuth: ({ username = "", password = "" }, _session, done) => {
      const isRight = username === user?.name && password === user.password;
      if (isRight) done(null, { user: username });
      else done(new Error("wrong"));
    },
    onRcptTo: (_address, _session, done) => {
      const { answer } = post;
      if (answer === undefined) done();
      else done(Object.assign(new Error(answer.text), { responseCode: answer.code }));
    },
    onData: (stream, session, done) => {
      void buffer(stream).then(async (bytes) => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom === false ? "" : mailFrom.address,
          mail: await PostalMime.parse(bytes),
          isSecure: session.secure,
          user: typeof session.user === "string" ? session.user : null,
        });
        done();
      });
    },
  };
  const server = new SMTPServer(options);
  // Whoever does not trust the certificate hangs up.
  server.on("error", () => undefined);
  const listening = server.listen(port, "127.0.0.1");
  await once(listening, "listening");
  return {
    port: (listening.address() as AddressInfo).port,
    taken,
    get answer() {
      return post.answer;
    },
    set answer(answer) {
      post.answer = answer;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
