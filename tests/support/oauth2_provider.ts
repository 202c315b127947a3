import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type Server as HttpServer, type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { type Settings, section } from './providers';
import type { Server } from './server';

const CLIENT = { client_id: 'doorstep', client_secret: 'a secret of this test: alone' };

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A local OAuth 2.0 server like that of a code forge: no ID token, but a profile with a number. */
export class OAuth2Provider {
  readonly name = 'code-forge';
  /** The display name derived from `name`. */
  readonly label = 'Code Forge';
  profile: Record<string, unknown> = { id: 4711, login: 'ada', name: 'Ada Lovelace', mail: 'ada@forge.example', email_verified: true };
  /** Whether the user denies. */
  refuses = false;
  /** Wrong answers by path. */
  instead: Record<string, Answer> = {};

  private readonly challenges = new Map<string, { challenge: string; redirect: string }>();
  private readonly tokens = new Set<string>();

  private constructor(
    private readonly http: HttpServer,
    private readonly url: string,
  ) {}

  /** Starts one, and restarts the server with it. */
  static async beside(server: Server, more: Settings = {}): Promise<OAuth2Provider> {
    const http = createServer();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const provider = new OAuth2Provider(http, `http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    http.on('request', (request: IncomingMessage, response) => {
      void provider.answer(request).then(({ status, headers = {}, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
      });
    });
    await server.configure(provider.settings(more));
    return provider;
  }

  /** Its section of the configuration. */
  settings(more: Settings = {}): string {
    const { name, url } = this;
    const urls = { authorize_url: `${url}/authorize`, access_url: `${url}/token`, profile_url: `${url}/user` };
    const keys = { identifier_key: 'id', email_key: 'mail', scope: ['read:user'] };
    return section({ name, driver: 'oauth2', ...urls, ...CLIENT, ...keys, ...more });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const instead = this.instead[pathname];
    if (instead) return instead;
    if (pathname === '/authorize') return this.authorize(searchParams);
    if (pathname === '/token') return this.token(request, new URLSearchParams(await text(request)));
    const [, bearer = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    return this.tokens.has(bearer) ? { status: 200, body: this.profile } : { status: 401 };
  }

  private authorize(asked: URLSearchParams): Answer {
    const back = new URL(asked.get('redirect_uri') ?? '');
    if (this.refuses) {
      back.search = new URLSearchParams({ error: 'access_denied', state: asked.get('state') ?? '' }).toString();
      return { status: 302, headers: { location: back.href } };
    }
    const code = randomUUID();
    this.challenges.set(code, { challenge: asked.get('code_challenge') ?? '', redirect: back.href });
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    return { status: 302, headers: { location: back.href } };
  }

  private token({ headers }: IncomingMessage, asked: URLSearchParams): Answer {
    // RFC 6749 §2.3.1: both are encoded as in a form first.
    const form = (value: string) => new URLSearchParams({ x: value }).toString().slice(2);
    const credentials = Buffer.from(`${form(CLIENT.client_id)}:${form(CLIENT.client_secret)}`).toString('base64');
    if (headers.authorization !== `Basic ${credentials}`) return { status: 401, body: { error: 'invalid_client' } };
    const code = asked.get('code') ?? '';
    const known = this.challenges.get(code);
    this.challenges.delete(code);
    const challenge = createHash('sha256').update(asked.get('code_verifier') ?? '').digest('base64url');
    if (known?.challenge !== challenge || known.redirect !== asked.get('redirect_uri')) {
      return { status: 400, body: { error: 'invalid_grant' } };
    }
    const token = randomUUID();
    this.tokens.add(token);
    return { status: 200, body: { access_token: token, token_type: 'bearer', scope: 'read:user' } };
  }
}
