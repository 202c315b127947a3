import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync } from 'node:zlib';

/** A minimal sign-in page: a form without script, style or picture. */
const FORM = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in</title><link rel="icon" href="data:,"></head>
<body><main><h1>Sign in</h1><form method="post" action="/login">
<p><label for="username">Username or email</label><br>
<input id="username" name="username" autocomplete="username" required autofocus></p>
<p><label for="password">Password</label><br>
<input id="password" name="password" type="password" autocomplete="current-password" required></p>
<p><button>Sign in</button></p></form></main></body></html>
`;

/** Serves that page like the server's own: with the same headers, compressed, over the same kind of connection. */
export class Reference {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async like(page: string): Promise<Reference> {
    const model = await fetch(page);
    await model.arrayBuffer();
    const own = ['content-length', 'content-encoding', 'connection', 'date', 'keep-alive', 'transfer-encoding', 'etag'];
    const headers = [...model.headers].filter(([name]) => !own.includes(name));
    const body = brotliCompressSync(FORM);
    const server = createServer((_, answer) => {
      answer.writeHead(200, { ...Object.fromEntries(headers), 'content-encoding': 'br', 'content-length': body.length });
      answer.end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Reference(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/login`);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
