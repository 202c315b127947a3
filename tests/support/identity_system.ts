import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type Server as HttpServer, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { Server } from './server';

const KEY = 'q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o';
const ASSERTION = 'api.device_flow.external_subject_assertion';
const LIFE = 300;

/** Claims of the state and the assertion. */
export type Claims = Record<string, string | number>;

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function sign(claims: Claims, key: string): string {
  const signed = `${encode({ alg: 'HS256', kid: 'doorstep-shared-v1', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

/** An identity system that authenticates every browser as Grace, and does not verify the state. */
export class IdentitySystem {
  readonly email = 'grace@elsewhere.example';
  readonly issuer = 'https://id.elsewhere.example';
  /** The received states, unverified. */
  readonly states: Claims[] = [];
  /** The URLs to which browsers were redirected. */
  readonly sentBack: string[] = [];
  /** Claims with wrong values. */
  lies: Claims = {};
  /** The key with which it signs. */
  key = KEY;
  /** Called during the authentication. */
  meanwhile: () => Promise<void> = async () => {};
  /** Whether it redirects browsers back. */
  sendsBack = true;

  private constructor(private readonly http: HttpServer) {}

  /** Starts one, and restarts the server with it. */
  static async beside(server: Server, settings = ''): Promise<IdentitySystem> {
    const http = createServer();
    const system = new IdentitySystem(http);
    http.on('request', (request, response) => void system.answer(request.url ?? '', response));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    const keyFile = join(server.dataDir, 'external-key');
    await writeFile(keyFile, `${KEY}\n`, { mode: 0o600 });
    const device = `[device]\nexternal_acs_url = "http://127.0.0.1:${port}/acs"\nexternal_key_file = "${keyFile}"\n`;
    await server.configure(settings + device);
    return system;
  }

  private async answer(url: string, response: ServerResponse): Promise<void> {
    const state = new URL(url, 'http://127.0.0.1').searchParams.get('state');
    if (state === null) {
      // For instance the favicon.
      response.writeHead(204).end();
      return;
    }
    const claims = JSON.parse(Buffer.from(state.split('.')[1] ?? '', 'base64url').toString()) as Claims;
    this.states.push(claims);
    const location = this.wayBack(claims);
    this.sentBack.push(location);
    await this.meanwhile();
    response.writeHead(this.sendsBack ? 302 : 204, this.sendsBack ? { location } : {}).end();
  }

  private wayBack({ user_code, nonce, idp_callback_url }: Claims): string {
    const now = Math.floor(Date.now() / 1000);
    const { email, issuer } = this;
    const truth = { aud: ASSERTION, iat: now, exp: now + LIFE, email, issuer, user_code: user_code!, nonce: nonce! };
    const back = new URL(String(idp_callback_url));
    back.searchParams.set('sso_assertion', sign({ ...truth, ...this.lies }, this.key));
    return back.href;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }
}
