import { OAuth2Server } from 'oauth2-mock-server';

import { section } from './providers';
import type { Server } from './server';

/** Claims of an ID token. */
export type Claims = Record<string, unknown>;

/** A local OpenID provider whose tokens can have arbitrary claims. */
export class LyingProvider {
  readonly name = 'liar';
  readonly label = 'Liar';
  /** Wrong claims; `undefined` removes a claim. */
  lies: Claims = {};
  /** Modifies a signed ID token. */
  forge: (token: string) => string = (token) => token;
  /** The user info. */
  userInfo: Claims | undefined;

  private constructor(private readonly http: OAuth2Server) {
    const truth = { sub: 'l-1', email: 'l@elsewhere.example', email_verified: true };
    http.service.on('beforeTokenSigning', ({ payload }: { payload: Claims }) => {
      Object.assign(payload, truth, this.lies);
    });
    http.service.on('beforeResponse', ({ body }: { body: Claims }) => {
      body['id_token'] = this.forge(String(body['id_token']));
    });
    http.service.on('beforeUserinfo', (answer: { body: Claims }) => {
      answer.body = this.userInfo ?? answer.body;
    });
  }

  /** Starts one that allows registration, and restarts the server with it. */
  static async beside(server: Server): Promise<LyingProvider> {
    const http = new OAuth2Server();
    const provider = new LyingProvider(http);
    await provider.takeNewKey();
    await http.start(0, '127.0.0.1');
    const { name, label, issuer } = provider;
    const client = { client_id: 'doorstep', client_secret: 'a secret of this test alone' };
    await server.configure(section({ name, label, driver: 'openid', issuer, ...client, allow_registration: true }));
    return provider;
  }

  get issuer(): string {
    return String(this.http.issuer.url);
  }

  /** The issuer in its discovery document and tokens. */
  set issuer(issuer: string) {
    this.http.issuer.url = issuer;
  }

  /** Adds a signing key. */
  async takeNewKey(algorithm = 'RS256'): Promise<void> {
    await this.http.issuer.keys.generate(algorithm);
  }

  /** The public half of its first key. */
  get publicKey(): Claims {
    return this.http.issuer.keys.toJSON()[0] ?? {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.http.stop();
  }
}
