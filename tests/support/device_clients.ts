import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Interface, createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const ROOT = join(import.meta.dirname, '../..');

/** Programs that use third-party libraries. `cargo xtask test` builds them and installs the libraries. */
export const PROGRAMS = {
  'oauth2 (crates.io)': [join(ROOT, 'target/debug/device-client')],
  'requests-oauthlib (PyPI)': [
    join(ROOT, 'target/device-client-python/bin/python'),
    join(import.meta.dirname, '../device/clients/python/device.py'),
  ],
} as const;

/** The output of a program, line by line. */
class Lines {
  /** The lines that were read so far. */
  readonly read: string[] = [];
  private readonly iterator: AsyncIterator<string>;

  constructor(stream: Readable) {
    const lines: Interface = createInterface({ input: stream });
    this.iterator = lines[Symbol.asyncIterator]();
  }

  /** The next line, which is JSON. */
  async json(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.next()) as Record<string, unknown>;
  }

  /** The capture of a pattern in the first matching line. */
  async find(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(await this.next());
      if (match) return match[1] ?? match[0];
    }
  }

  /** The remaining lines. */
  async rest(): Promise<string> {
    const rest: string[] = [];
    for (let line = await this.iterator.next(); !line.done; line = await this.iterator.next()) rest.push(line.value);
    return rest.join('\n');
  }

  private async next(): Promise<string> {
    const { value, done } = await this.iterator.next();
    if (done) throw new Error(`it ended after:\n${this.read.join('\n')}`);
    this.read.push(value);
    return value;
  }
}

/** A program that requests authorization, and waits for it. */
export class Program {
  /** Its standard output. */
  readonly output: Lines;
  /** Its standard error. */
  readonly errors: Lines;
  private readonly process: ChildProcess;
  private readonly exit: Promise<unknown[]>;

  constructor([command = '', ...words]: readonly string[], environment: Record<string, string> = {}) {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    this.process = child;
    this.output = new Lines(child.stdout);
    this.errors = new Lines(child.stderr);
    this.exit = once(child, 'exit');
    // Reported by `ended`.
    this.exit.catch(() => {});
  }

  /** Waits until it has succeeded; otherwise fails with its errors. */
  async ended(): Promise<void> {
    const [status] = await this.exit;
    if (status !== 0) throw new Error(`it ended with ${String(status)}: ${await this.errors.rest()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exit.catch(() => {});
  }
}

/** The content of a QR code that is drawn in a terminal with half blocks, light on dark. */
export async function scanTerminal(lines: string[]): Promise<string> {
  const rows = lines.filter((line) => /^[ ▀▄█]+$/u.test(line)).map((line) => [...line]);
  const width = Math.max(...rows.map((row) => row.length));
  const [size, margin] = [4, 4];
  const empty = Array.from({ length: width + 2 * margin }, () => 0);
  const half = (row: string[], lit: string) =>
    empty.map((_, column) => (lit.includes(row[column - margin] ?? '█') ? 0 : 1));
  const modules = [
    ...Array.from({ length: margin }, () => empty),
    ...rows.flatMap((row) => [half(row, '▀█'), half(row, '▄█')]),
    ...Array.from({ length: margin }, () => empty),
  ];
  const pixels = modules.flatMap((row) => {
    const line = row.flatMap((module) => Array.from({ length: size }, () => module)).join(' ');
    return Array.from({ length: size }, () => line);
  });
  const reader = spawn('zbarimg', ['--nodbus', '--quiet', '--raw', 'pbm:-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  reader.stdin.end(`P1\n${empty.length * size} ${modules.length * size}\n${pixels.join('\n')}\n`);
  const [read] = await Promise.all([text(reader.stdout), once(reader, 'exit')]);
  return read.trim();
}
