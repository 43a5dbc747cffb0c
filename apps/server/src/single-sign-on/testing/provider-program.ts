// A real provider (oidc-provider) as a program of its own, on this machine. Whoever signs in there says, as the login,
// `NUMBER~USERNAME`, which is the subject; after another ~ comes what should be wrong about the statement.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import Provider, { type KoaContextWithOIDC } from "oidc-provider";

const [returnAddress = "", clientSecret = ""] = process.argv.slice(2);
const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const [own, others] = [await pair(), await pair()];

async function pair() {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(privateKey)), kid: "one", alg: "RS256", use: "sig" } };
}

const provider: Provider = new Provider(issuer, {
  clients: [
    {
      client_id: "lockstep",
      client_secret: clientSecret,
      redirect_uris: [returnAddress],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  jwks: { keys: [own.jwk] },
  claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"] },
  findAccount: (_context, id) => {
    const [, username = "", wrong = ""] = id.split("~");
    const isVerified = wrong !== "unverified";
    return {
      accountId: id,
      claims: () => ({ sub: id, preferred_username: username, email: username, email_verified: isVerified }),
    };
  },
  // Nobody is asked whether the client may know.
  loadExistingGrant: async ({ oidc }) => {
    const { client, session } = oidc;
    if (client === undefined || session?.accountId === undefined) return undefined;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});

/** A statement of the same provider with something wrong in it. */
async function spoilt(token: string): Promise<string> {
  const claims = decodeJwt(token);
  const [, , wrong] = (claims.sub ?? "").split("~");
  const past = Math.floor(Date.now() / 1000) - 3600;
  const changes = {
    audience: { aud: "somebody else" },
    expired: { iat: past - 60, exp: past },
    issuer: { iss: "https://elsewhere.example" },
  }[String(wrong)];
  if (changes === undefined && wrong !== "key") return token;
  return new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg: "RS256", kid: "one" })
    .sign(wrong === "key" ? others.privateKey : own.privateKey);
}

provider.use(async (context: KoaContextWithOIDC, next: () => Promise<void>) => {
  await next();
  const body: unknown = context.body;
  if (context.path !== "/token" || body === null || typeof body !== "object" || !("id_token" in body)) return;
  context.body = { ...body, id_token: await spoilt(String(body.id_token)) };
});

const answer = provider.callback();
server.on("request", (request, response) => void answer(request, response));
process.stdout.write(`at ${issuer}\n`);
