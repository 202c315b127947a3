import type { Server } from './server';

/** An answer of the API with its status. */
export interface Answer {
  status: number;
  code: string | null;
  data: Record<string, unknown> | null;
}

/** The user agent. */
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** A client of the API with separate cookies, to set up what a test needs. */
export class Client {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly server: Server) {}

  /** A client that has signed in with the password. */
  static async signedIn(server: Server): Promise<Client> {
    const client = new Client(server);
    const { username, password } = server;
    await client.demand('/api/auth/login', { username, password });
    return client;
  }

  async post(path: string, body: object): Promise<Answer> {
    return this.send('POST', path, body);
  }

  async send(method: string, path: string, body: object): Promise<Answer> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const agent = { 'user-agent': AGENT, origin: this.server.url, cookie };
    const headers = { 'content-type': 'application/json', ...agent };
    const answer = await fetch(this.server.url + path, { method, headers, body: JSON.stringify(body) });
    for (const header of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      if (name) this.cookies.set(name, value ?? '');
    }
    const { code, data } = (await answer.json()) as Omit<Answer, 'status'>;
    return { status: answer.status, code, data };
  }

  /** Like {@link post}, but fails if the request does. */
  async demand(path: string, body: object, method = 'POST'): Promise<Record<string, unknown>> {
    const answer = await this.send(method, path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer.data ?? {};
  }

  /** The challenge of a sign-in with a second step. */
  async challenge(): Promise<string> {
    const { username, password } = this.server;
    const { code, data } = await this.post('/api/auth/login', { username, password });
    if (code !== 'totp_required') throw new Error(`no second step is wanted: ${code}`);
    return String(data?.['challenge']);
  }
}
