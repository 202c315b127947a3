import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { type Server as Listener, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Server } from './server';

const run = promisify(execFile);
/** The secret key of both servers. */
const SECRET = 'q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o';
/** The URL of a PostgreSQL in which databases may be created, set by `cargo xtask test --only browser`. */
export const POSTGRES = process.env['DOORSTEP_TEST_POSTGRES'];

/** Two servers over one PostgreSQL, behind an address that alternates between them. */
export class Pair {
  private constructor(
    readonly servers: [Server, Server],
    /** The number of requests that each received from the address. */
    readonly asked: [number, number],
    private readonly front: Listener,
    private readonly urls: [string, string],
  ) {}

  static async start(): Promise<Pair> {
    const database = await makeDatabase();
    const servers: [Server, Server] = [await Server.withEmptyDatabase(), await Server.withEmptyDatabase()];
    const asked: [number, number] = [0, 0];
    const urls: [string, string] = ['', ''];
    const front = createServer((incoming, answer) => {
      const turn = asked[0] > asked[1] ? 1 : 0;
      asked[turn] += 1;
      const { method, headers, url } = incoming;
      const outgoing = request(urls[turn] + url, { method, headers, agent: false }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
        response.pipe(answer);
      });
      outgoing.on('error', () => answer.destroy());
      incoming.pipe(outgoing);
    });
    await once(front.listen(0, '127.0.0.1'), 'listening');
    const publicUrl = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    for (const [number, server] of servers.entries()) {
      const secret = join(server.dataDir, 'shared-secret');
      await writeFile(secret, `${SECRET}\n`);
      await chmod(secret, 0o600);
      const settings = { database_url: database, public_url: publicUrl, secret_key_file: secret };
      const lines = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
      await server.configure(lines.join('\n'));
      urls[number] = server.url;
      // Requests to "the server" now alternate.
      server.url = publicUrl;
    }
    return new Pair(servers, asked, front, urls);
  }

  /** The status of a request to each server. */
  async each(path: string, headers: Record<string, string>): Promise<number[]> {
    return Promise.all(this.urls.map(async (url) => (await fetch(url + path, { headers })).status));
  }

  async remove(): Promise<void> {
    this.front.closeAllConnections();
    this.front.close();
    await Promise.all(this.servers.map((server) => server.remove()));
  }
}

/** Creates a database for the test. */
async function makeDatabase(): Promise<string> {
  if (!POSTGRES) throw new Error('there is no PostgreSQL');
  const name = `doorstep_pair_${process.pid}_${Date.now()}`;
  await run(process.env['PSQL_BIN'] ?? 'psql', ['--no-psqlrc', '--quiet', '--command', `CREATE DATABASE ${name}`, POSTGRES]);
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  return url.href;
}
