import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The binary to test. */
export const BINARY = resolve(process.env['DOORSTEP_BIN'] ?? join(import.meta.dirname, '../../target/release/doorstep'));
const READY = /^listening on (http:\/\/127\.0\.0\.1:(\d+))$/m;
const PATIENCE = 30_000;
const run = promisify(execFile);

/** The cookies that an answer sets, as a request header. */
const cookies = (answer: Response) => answer.headers.getSetCookie().map((header) => header.split(';')[0]).join('; ');

/** The release binary with a separate database. */
export class Server {
  /** The first operator. */
  readonly username = 'admin';
  readonly password = 'seven clouds over lisbon';
  /** The initial password, which `setUp` replaces. */
  readonly firstPassword = 'correct horse battery staple';
  /** The origin; the same after a restart. */
  url = '';
  /** The output of all processes. */
  log = '';

  private port = '0';
  private settings: string[] = [];
  private process: ChildProcess | undefined;

  /** For a test that times out, whose fixtures may not be removed. */
  private readonly lastResort = () => {
    this.process?.kill('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  };

  private constructor(
    readonly dataDir: string,
    private readonly binary: string,
  ) {
    process.on('exit', this.lastResort);
  }

  static async withEmptyDatabase(binary = BINARY): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'doorstep-test-')), binary);
    try {
      await server.start();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  /** Replaces the initial password. */
  async setUp(): Promise<void> {
    const { username, firstPassword, password } = this;
    const signedIn = await this.post('/api/auth/login', { username, password: firstPassword });
    const chosen = { username, password, confirm_password: password };
    const chose = await this.post('/api/auth/setup-authenticated', chosen, cookies(signedIn));
    await this.post('/api/auth/logout', {}, cookies(chose));
  }

  private async post(path: string, body: object, cookie = ''): Promise<Response> {
    const headers = { 'content-type': 'application/json', origin: this.url, cookie };
    const answer = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** Restarts the server with these settings, in TOML. */
  async configure(settings: string): Promise<void> {
    await this.stop();
    await writeFile(join(this.dataDir, 'settings.toml'), settings);
    this.settings = ['--config', join(this.dataDir, 'settings.toml')];
    await this.start();
  }

  /** Starts the server, after the first time on the same port and data. */
  async start(): Promise<void> {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('DOORSTEP_'));
    const where = ['--listen', `127.0.0.1:${this.port}`, '--data-dir', this.dataDir];
    const child = spawn(this.binary, ['serve', ...where, ...this.settings], {
      env: { ...Object.fromEntries(inherited), DOORSTEP_INITIAL_PASSWORD: this.firstPassword },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    const from = this.log.length;
    let isReady = false;
    await new Promise<void>((ready, failed) => {
      const fail = (reason: string) => failed(new Error(`${this.binary} ${reason}\n${this.log.slice(from)}`));
      const timer = setTimeout(() => fail('does not get ready'), PATIENCE);
      const hear = (chunk: Buffer) => {
        this.log += chunk.toString();
        if (isReady) return;
        const [, url, port] = READY.exec(this.log.slice(from)) ?? [];
        if (url && port) {
          isReady = true;
          [this.url, this.port] = [url, port];
          clearTimeout(timer);
          ready();
        }
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('error', (error) => fail(`can't be started: ${error.message}`));
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        fail(`ended with ${code ?? signal}`);
        if (this.process === child) {
          this.log += `(the process ended with ${code ?? signal}, and no test had asked for it)\n`;
        }
      });
    });
  }

  /** Runs a command of the binary while the server runs; returns its output. */
  async command(words: string[], input = ''): Promise<string> {
    const running = run(this.binary, [...words, '--data-dir', this.dataDir, ...this.settings]);
    // The command may have ended without reading.
    running.child.stdin?.on('error', () => undefined).end(input);
    const { stdout } = await running;
    return stdout;
  }

  /** Adds an account with the same password. */
  async addUser(username: string, email: string): Promise<void> {
    await this.command(['user', 'add', username, '--email', email], `${this.password}\n`);
  }

  /** A temporary sign-in token, as an operator creates one on the server. */
  async loginToken(): Promise<string> {
    const { token } = JSON.parse(await this.command(['login-token', '--json'])) as { token: string };
    await this.knowsOfLoginToken(true);
    return token;
  }

  /** Waits until pages show what another process has written: they cache it for a second. */
  private async knowsOfLoginToken(waits: boolean): Promise<void> {
    for (;;) {
      const answer = await fetch(`${this.url}/api/auth/setup-status`);
      const { data } = (await answer.json()) as { data: { temporary_login_token_enabled: boolean } };
      if (data.temporary_login_token_enabled === waits) return;
      await sleep(50);
    }
  }

  /** Makes all authentications this many minutes older. */
  async ageProofs(minutes: number): Promise<void> {
    await this.alter(`UPDATE sessions SET proved_at = proved_at - ${minutes * 60_000}`);
  }

  /** Expires temporary tokens and challenges. */
  async expireSignIns(): Promise<void> {
    await this.alter('UPDATE login_tokens SET expires_at = 1; UPDATE challenges SET expires_at = 1');
    await this.knowsOfLoginToken(false);
  }

  /** Changes the database while the server runs, in place of waiting. */
  async alter(statements: string): Promise<string> {
    const database = join(this.dataDir, 'doorstep.sqlite3');
    const { stdout } = await run('sqlite3', ['-cmd', '.timeout 5000', database, statements]);
    return stdout.trim();
  }

  /** Calls a function while another process holds the write lock of the database. */
  async whileItCannotWrite(work: () => Promise<void>): Promise<void> {
    const holder = spawn('sqlite3', [join(this.dataDir, 'doorstep.sqlite3')]);
    const gone = once(holder, 'exit');
    holder.stdin.write(".timeout 5000\nBEGIN IMMEDIATE;\nSELECT 'held';\n");
    await once(holder.stdout, 'data');
    try {
      await work();
    } finally {
      holder.stdin.end('COMMIT;\n');
      await gone;
    }
  }

  /** Kills the process. */
  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Terminates the process, and waits until it has ended. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends the process and removes its data. */
  async remove(): Promise<void> {
    await this.kill9();
    await rm(this.dataDir, { recursive: true, force: true });
    process.off('exit', this.lastResort);
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    }
  }
}
