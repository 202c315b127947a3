// Benchmarks of pages: paint, typing and start of the app, relative to a static page: `cargo xtask bench page`.
//
// All pages are visited in turn, in several rounds, so that other load affects all alike; the table has
// the medians, and in parentheses their ratios to the reference.

import { type Browser, type Cookie, test } from '@playwright/test';

import { BINARY, Server } from '../support/server';
import { Reference } from './reference';
import { METRICS, type Metric, PROFILES, type Profile, type Target, type Visit, coldAndWarm } from './visit';

const ROUNDS = Number(process.env['DOORSTEP_BENCH_ROUNDS'] ?? 5);
/** An earlier build to compare with. */
const EARLIER = process.env['DOORSTEP_BENCH_BINARY'];

/** A page, with its name in the table. */
interface Subject {
  name: string;
  build: string;
  target: Target;
}

const PAGES: { name: string; path: string; field?: string; app: boolean; signedIn?: true }[] = [
  { name: '/login', path: '/login', field: '#username', app: true },
  { name: '/device', path: '/device', field: 'main input', app: true },
  { name: '/portal', path: '/portal', app: false },
  { name: 'dashboard', path: '/', app: true, signedIn: true },
];

const TITLES: Record<Metric, string> = {
  requests: 'requests',
  bytes: 'bytes',
  paint: 'first paint',
  largest: 'largest paint',
  typing: 'typing',
  running: 'running',
  thread: 'main thread',
};
const VISITS = ['cold', 'warm'] as const;

test('pages', async ({ browser }) => {
  const server = await Server.withEmptyDatabase(BINARY);
  const earlier = EARLIER === undefined ? undefined : await Server.withEmptyDatabase(EARLIER);
  const reference = await Reference.like(`${server.url}/login`);
  try {
    const subjects = [
      { name: 'reference', build: '', target: { url: reference.url, cookies: [], field: '#username', app: false } },
      ...(await pagesOf(server, 'this')),
      ...(earlier === undefined ? [] : await pagesOf(earlier, 'earlier')),
    ];
    for (const profile of PROFILES) console.log(await table(browser, profile, subjects));
  } finally {
    reference.close();
    await Promise.all([server.remove(), earlier?.remove()]);
  }
});

async function pagesOf(server: Server, build: string): Promise<Subject[]> {
  await server.setUp();
  const session = await signedIn(server);
  return PAGES.map(({ name, path, field, app, signedIn }) => ({
    name,
    build,
    target: {
      url: server.url + path,
      cookies: signedIn ? session : [],
      app,
      ...(field === undefined ? {} : { field }),
    },
  }));
}

/** The cookies of a user who has signed in. */
async function signedIn(server: Server): Promise<Cookie[]> {
  const { username, password, url } = server;
  const headers = { 'content-type': 'application/json', origin: url };
  const body = JSON.stringify({ username, password });
  const answer = await fetch(`${url}/api/auth/login`, { method: 'POST', headers, body });
  const pairs = answer.headers.getSetCookie().map((header) => /^([^=]+)=([^;]*)/.exec(header));
  return pairs.flatMap((pair) => {
    const [, name, value] = pair ?? [];
    if (name === undefined || value === undefined) return [];
    const place = { domain: '127.0.0.1', path: '/', expires: -1 };
    return [{ name, value, ...place, httpOnly: true, secure: false, sameSite: 'Lax' as const }];
  });
}

/** Visits all pages in turn, and formats the table. */
async function table(browser: Browser, profile: Profile, subjects: Subject[]): Promise<string> {
  const seen = subjects.map(() => ({ cold: [] as Visit[], warm: [] as Visit[] }));
  // The first round is a warm-up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, { target }] of subjects.entries()) {
      const [cold, warm] = await coldAndWarm(browser, target, profile);
      if (round === 0) continue;
      seen[index]?.cold.push(cold);
      seen[index]?.warm.push(warm);
    }
  }
  const rows = subjects.flatMap(({ name, build }, index) =>
    VISITS.map((kind) => {
      const cells = METRICS.map((metric) => {
        const value = median(seen[index]?.[kind] ?? [], metric);
        return cell(metric, value, index === 0 ? undefined : median(seen[0]?.[kind] ?? [], metric));
      });
      return [name, build, kind, ...cells];
    }),
  );
  const head = ['page', 'build', 'visit', ...METRICS.map((metric) => TITLES[metric])];
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const rule = `|---|---|---|${'---:|'.repeat(METRICS.length)}`;
  return [`\n${profile.name} (${ROUNDS} rounds)\n`, line(head), rule, ...rows.map(line), ''].join('\n');
}

function median(visits: Visit[], metric: Metric): number | undefined {
  const values = visits.map((visit) => visit[metric]).filter((value) => value !== undefined);
  values.sort((one, other) => one - other);
  const [low, high] = [values[(values.length - 1) >> 1], values[values.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Formats a count, or a time in milliseconds with its ratio to the reference. */
function cell(metric: Metric, value: number | undefined, reference: number | undefined): string {
  if (value === undefined) return '';
  const counted = metric === 'requests' || metric === 'bytes';
  const ratio = counted || !reference ? '' : ` (${(value / reference).toFixed(2)})`;
  return `${Math.round(value)}${counted ? '' : ' ms'}${ratio}`;
}
