// Hands mails over by SMTP. Only this file knows the library; nothing that a server answers is repeated, because it may
// repeat what it was sent.

// cspell:ignore EAUTH ETLS EDNS ECONNECTION ESOCKET

import { isIP } from "node:net";

import { createTransport } from "nodemailer";

import type { Rendered } from "./render.ts";

export interface MailAccess {
  readonly host: string;
  readonly port: number;
  readonly security: "tls" | "starttls" | "none";
  /** PEM; null to trust whom the system trusts. */
  readonly certificates: string | null;
  readonly sender: string;
  readonly signIn: { readonly userName: string; readonly password: string } | null;
}

/** A mail was not taken. */
export class MailNotSent extends Error {
  /** In words for administrators. */
  readonly sentence: string;
  /** What went wrong would go wrong again. */
  readonly isFinal: boolean;
  /** The next mail would meet the same. */
  readonly isOfServer: boolean;

  constructor(cause: unknown) {
    const { sentence, isFinal = false, isOfServer = false } = meaningOf(cause);
    super(sentence, { cause });
    this.name = "MailNotSent";
    this.sentence = sentence;
    this.isFinal = isFinal;
    this.isOfServer = isOfServer;
  }
}

interface Outgoing extends Omit<Rendered, "html"> {
  readonly to: string;
  readonly html?: string;
  /** The same for the same mail, so that whoever gets it twice can tell. */
  readonly messageId?: string;
}

export interface Postbox {
  /** @throws MailNotSent. */
  readonly send: (mail: Outgoing) => Promise<void>;
  readonly close: () => void;
}

const patienceMilliseconds = 15_000;

export function openPostbox({ host, port, security, certificates, sender, signIn }: MailAccess): Postbox {
  const transport = createTransport({
    host,
    port,
    pool: true,
    maxConnections: 1,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    tls: {
      minVersion: "TLSv1.2",
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(certificates === null ? {} : { ca: certificates }),
    },
    ...(signIn === null ? {} : { auth: { user: signIn.userName, pass: signIn.password } }),
    connectionTimeout: patienceMilliseconds,
    greetingTimeout: patienceMilliseconds,
    socketTimeout: patienceMilliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ to, ...mail }) => {
      try {
        await transport.sendMail({
          ...mail,
          from: sender,
          // As an object an address is one address, whatever signs are in it.
          to: { name: "", address: to },
          // RFC 3834 §5: nobody's absence is told to a machine.
          headers: { "Auto-Submitted": "auto-generated" },
        });
      } catch (error) {
        throw new MailNotSent(error);
      }
    },
    close: () => transport.close(),
  };
}

interface Meaning {
  readonly sentence: string;
  readonly isFinal?: boolean;
  readonly isOfServer?: boolean;
}

const meanings: Readonly<Record<string, Meaning>> = {
  EAUTH: { sentence: "The mail server did not accept the username and password.", isOfServer: true },
  ETLS: { sentence: "The mail server offers no TLS, or one that is not to be trusted.", isOfServer: true },
  EDNS: { sentence: "The name of the mail server is unknown.", isOfServer: true },
  ECONNECTION: { sentence: "The mail server cannot be reached.", isOfServer: true },
  ESOCKET: {
    sentence: "The mail server hung up, or its certificate is not trusted.",
    isOfServer: true,
  },
  ETIMEDOUT: { sentence: "The mail server did not answer in time.", isOfServer: true },
};

const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const replyOf = (error: unknown) =>
  error instanceof Error && "responseCode" in error && typeof error.responseCode === "number"
    ? error.responseCode
    : null;

function meaningOf(error: unknown): Meaning {
  // The library calls by one name what the network and what TLS did not do; the former names the system's call.
  const isAway = error instanceof Error && "syscall" in error;
  const known = meanings[isAway ? "ECONNECTION" : codeOf(error)];
  if (known !== undefined) return known;
  const reply = replyOf(error);
  if (reply === null) return { sentence: "The mail server did not take the mail." };
  // RFC 5321 §4.2.1: the first digit says whether trying again makes sense; 421 says that the server is closing.
  return {
    sentence: `The mail server did not take the mail: it answered ${reply}.`,
    isFinal: reply >= 500,
    isOfServer: reply === 421,
  };
}
