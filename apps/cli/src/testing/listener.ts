// For tests: whoever else may answer at an address: a proxy, a stranger, a network that breaks.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface Listener {
  readonly origin: string;
  /** What has arrived, in order. */
  readonly requests: readonly IncomingMessage[];
  stop(): Promise<void>;
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/html" }).end("<h1>not found</h1>");
}

/** Listens on a free port of this machine. */
export async function listen(answer = notFound): Promise<Listener> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, "127.0.0.1", () => resolve(undefined));
  await promise;
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    stop: async () => {
      const ended = Promise.withResolvers<undefined>();
      server.close(() => ended.resolve(undefined));
      server.closeAllConnections();
      await ended.promise;
    },
  };
}
