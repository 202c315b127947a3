import { OAuth2Server } from 'oauth2-mock-server';

import { section } from './providers';
import type { Server } from './server';

/** Claims of an ID token. */
export type Claims = Record<string, unknown>;

/** An OpenID provider on this machine that may say anything in its tokens. */
export class LyingProvider {
  readonly name = 'liar';
  readonly label = 'Liar';
  /** What the tokens say other than the truth; `undefined` leaves a claim out. */
  lies: Claims = {};
  /** Changes an ID token after it was signed. */
  forge: (token: string) => string = (token) => token;
  /** What the user info says. */
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

  /** Starts one that gives everybody an account, and restarts the server with it. */
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

  /** What it calls itself in its discovery document and its tokens from now on. */
  set issuer(issuer: string) {
    this.http.issuer.url = issuer;
  }

  /** Signs with a new key as well. */
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
