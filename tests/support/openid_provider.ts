import { once } from 'node:events';
import { type Server as HttpServer, type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider } from 'oidc-provider';

import { type Settings, section } from './providers';
import type { Server } from './server';

const CLIENT = { client_id: 'doorstep', client_secret: 'a secret of this test alone' };

/** A user of the provider. */
export interface Person {
  sub: string;
  email: string;
  email_verified: boolean;
  name: string;
  preferred_username: string;
}

export const GRACE: Person = {
  sub: 'grace-0001',
  email: 'grace@elsewhere.example',
  email_verified: true,
  name: 'Grace Hopper',
  preferred_username: 'grace',
};

/** A certified OpenID provider, run locally. It authenticates every browser as the user that the test sets. */
export class OpenIdProvider {
  readonly name = 'elsewhere';
  readonly label = 'Elsewhere';
  person: Person = GRACE;
  /** The authentication methods (`amr`). */
  methods: string[] = ['pwd'];
  /** Whether the user denies. */
  refuses = false;
  /** The query of each authorization request. */
  readonly asked: URLSearchParams[] = [];
  /** Whether it redirects browsers back. */
  sendsBack = true;
  /** The URLs to which browsers were redirected. */
  readonly sentBack: string[] = [];
  /** Whether refresh tokens are valid. */
  knowsPeople = true;
  issuer = '';

  private http: HttpServer = createServer();
  private provider: Provider | undefined;
  private port = 0;

  /** Starts one, and restarts the server with it. */
  static async beside(server: Server, more: Settings = {}, settings = ''): Promise<OpenIdProvider> {
    const provider = new OpenIdProvider();
    await provider.listen();
    provider.provider = provider.build(server);
    await server.configure(settings + provider.settings(more));
    return provider;
  }

  /** Its section of the configuration. */
  settings(more: Settings = {}): string {
    const { name, label, issuer } = this;
    return section({ name, label, driver: 'openid', issuer, ...CLIENT, ...more });
  }

  /** Starts listening, after {@link stop} at the same address. */
  async listen(): Promise<void> {
    this.http = createServer((request, response) => void this.answer(request, response));
    this.http.listen(this.port, '127.0.0.1');
    await once(this.http, 'listening');
    this.port = (this.http.address() as AddressInfo).port;
    this.issuer = `http://127.0.0.1:${this.port}`;
  }

  /** Stops listening. */
  async stop(): Promise<void> {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.http.listening) await this.stop();
  }

  private build(server: Server): Provider {
    const redirect = `${server.url}/auth/login/${this.name}/callback`;
    const provider = new Provider(this.issuer, {
      clients: [
        {
          ...CLIENT,
          redirect_uris: [redirect],
          post_logout_redirect_uris: [`${server.url}/login`],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
        },
      ],
      claims: { openid: ['sub', 'amr', 'auth_time'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
      cookies: { keys: ['only for this test'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      issueRefreshToken: async () => true,
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, RefreshToken: 3600, Session: 3600 },
      findAccount: (_, sub) =>
        this.knowsPeople ? { accountId: sub, claims: () => ({ ...this.person, sub }) } : undefined,
    });
    // It warns of settings for tests, such as plain HTTP.
    provider.on('server_error', (_, error) => console.error(error));
    return provider;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.issuer);
    const provider = this.provider;
    this.watchWayBack(response);
    if (url.pathname === '/auth') this.asked.push(url.searchParams);
    if (provider && url.pathname.startsWith('/interaction/')) {
      await this.interact(provider, request, response);
    } else if (provider) {
      await provider.callback()(request, response);
    } else {
      response.writeHead(503).end();
    }
  }

  private watchWayBack(response: ServerResponse): void {
    const writeHead = response.writeHead.bind(response) as (status: number) => ServerResponse;
    response.writeHead = ((status: number) => {
      const location = String(response.getHeader('location') ?? '');
      if (!location.includes(`/auth/login/${this.name}/callback?`)) return writeHead(status);
      this.sentBack.push(location);
      if (this.sendsBack) return writeHead(status);
      response.removeHeader('location');
      return writeHead(204);
    }) as typeof response.writeHead;
  }

  /** Signs in and consents, or denies. */
  private async interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (this.refuses) {
      const result = { error: 'access_denied', error_description: 'The <b>person</b> said no' };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } else if (prompt.name === 'login') {
      const login = { accountId: this.person.sub, amr: this.methods };
      await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
    } else {
      const grant = new provider.Grant({ accountId: String(session?.accountId), clientId: String(params['client_id']) });
      grant.addOIDCScope(String(params['scope']));
      await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
    }
  }
}
