import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

import { Client } from './client';
import type { Server } from './server';

const PERIOD = 30_000;
/** A code of the step before is taken only if it arrives before the next one begins. */
const LATE = 15_000;
const run = promisify(execFile);

/** An authenticator app: another program than ours makes its codes. */
export class Authenticator {
  /** The last step that a code was made for; earlier ones are as good as used. */
  private last = 0;

  constructor(readonly secret: string) {}

  /** Scans the picture of a QR code. */
  static async scan(png: Buffer): Promise<{ url: URL; app: Authenticator }> {
    const reader = spawn('zbarimg', ['--nodbus', '--quiet', '--raw', 'png:-'], { stdio: ['pipe', 'pipe', 'inherit'] });
    reader.stdin.end(png);
    const [read] = await Promise.all([text(reader.stdout), once(reader, 'exit')]);
    const url = new URL(read.trim());
    return { url, app: new Authenticator(url.searchParams.get('secret') ?? '') };
  }

  /** A code that is good now and was not used before. The server takes the steps beside the present one as well. */
  async code(): Promise<string> {
    const earliest = Date.now() % PERIOD < LATE ? Authenticator.now() - 1 : Authenticator.now();
    const step = Math.max(this.last + 1, earliest);
    // Three codes in a row are made without waiting; nothing but the clock tells when the next one is good.
    while (Authenticator.now() < step - 1) await setTimeout(250);
    this.last = step;
    return this.codeOf(step);
  }

  /** The code of a step. */
  async codeOf(step: number): Promise<string> {
    const now = new Date(step * PERIOD).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
    const { stdout } = await run('oathtool', ['--totp', '--base32', '--now', now, this.secret]);
    return stdout.trim();
  }

  /** A code that is not good for a good while. */
  async wrongCode(): Promise<string> {
    return this.codeOf(Authenticator.now() - 1000);
  }

  /** The present step. */
  static now(): number {
    return Math.floor(Date.now() / PERIOD);
  }
}

/** Turns two-factor sign-in on past the browser; all sessions of the account but the one that does it end. */
export async function turnOnTotp(server: Server): Promise<{ client: Client; app: Authenticator; codes: string[] }> {
  const client = await Client.signedIn(server);
  const { secret } = await client.demand('/api/auth/totp/setup', {});
  const app = new Authenticator(String(secret));
  const confirmed = await client.demand('/api/auth/totp/setup', { secret, code: await app.code() });
  return { client, app, codes: confirmed['recovery_codes'] as string[] };
}

/** Signs in with each of these recovery codes, past the browser. */
export async function useUp(server: Server, codes: string[]): Promise<void> {
  for (const code of codes) {
    const client = new Client(server);
    await client.demand('/api/auth/login', { challenge: await client.challenge(), code });
  }
}
