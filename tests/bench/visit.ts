import type { Browser, BrowserContext, CDPSession, Cookie } from '@playwright/test';

/** A device and its network: the slowdown of its processor, bytes per second and latency in milliseconds. */
export interface Profile {
  name: string;
  slowdown: number;
  line?: { bandwidth: number; latency: number };
}

const megabits = (count: number) => (count * 1_000_000) / 8;

export const PROFILES: Profile[] = [
  { name: 'this machine', slowdown: 1 },
  { name: 'slow phone, 10 Mbit/s, 60 ms', slowdown: 4, line: { bandwidth: megabits(10), latency: 60 } },
  { name: 'slow phone, 1.6 Mbit/s, 150 ms', slowdown: 4, line: { bandwidth: megabits(1.6), latency: 150 } },
];

/** A page to visit. */
export interface Target {
  url: string;
  cookies: Cookie[];
  /** The selector of the field to type into, if the page has one. */
  field?: string;
  /** Whether the page has an app, which sets a mark. */
  app: boolean;
}

/** The metrics: counts, bytes, and milliseconds since the start of the navigation. */
export const METRICS = ['requests', 'bytes', 'paint', 'largest', 'typing', 'running', 'thread'] as const;
export type Metric = (typeof METRICS)[number];
export type Visit = Partial<Record<Metric, number>>;

/** The timeout for loading a page, in milliseconds. */
const PATIENCE = 60_000;
/** The time for the last paint to be reported, in milliseconds. */
const SETTLE = 400;
const RUNNING = 'doorstep:running';

/** A visit with an empty cache, and another one with a filled cache. */
export async function coldAndWarm(browser: Browser, target: Target, profile: Profile): Promise<[Visit, Visit]> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 412, height: 823 } });
  try {
    await context.addCookies(target.cookies);
    return [await visit(context, target, profile), await visit(context, target, profile)];
  } finally {
    await context.close();
  }
}

async function visit(context: BrowserContext, target: Target, profile: Profile): Promise<Visit> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await emulate(session, profile);
  const traffic = await listen(session);
  await page.addInitScript(watchField, target.field ?? null);
  await page.goto(target.url, { waitUntil: 'load', timeout: PATIENCE });
  if (target.app) {
    const runs = (mark: string) => performance.getEntriesByName(mark, 'mark').length > 0;
    await page.waitForFunction(runs, RUNNING, { timeout: PATIENCE });
  }
  await page.waitForTimeout(SETTLE);
  const times = await page.evaluate(readTimes, RUNNING);
  const { metrics } = await session.send('Performance.getMetrics');
  const thread = metrics.find(({ name }) => name === 'TaskDuration')?.value;
  await page.close();
  return { ...traffic, ...times, ...(thread === undefined ? {} : { thread: thread * 1000 }) };
}

async function emulate(session: CDPSession, { slowdown, line }: Profile): Promise<void> {
  await session.send('Performance.enable');
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  if (!line) return;
  const throughput = { downloadThroughput: line.bandwidth, uploadThroughput: line.bandwidth };
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: line.latency, ...throughput });
}

/** Counts requests and bytes on the network, without those from the cache. */
async function listen(session: CDPSession): Promise<{ requests: number; bytes: number }> {
  const traffic = { requests: 0, bytes: 0 };
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    traffic.requests += encodedDataLength > 0 ? 1 : 0;
    traffic.bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  return traffic;
}

/** Records the first frame with the field. There are no frames before the styles are loaded. */
function watchField(field: string | null): void {
  if (field === null) return;
  const look = () => {
    const found = document.querySelector<HTMLElement>(field);
    if (found && found.offsetParent !== null) performance.mark('bench:typing');
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Runs in the page. */
async function readTimes(runningMark: string): Promise<Record<string, number>> {
  const largest = await new Promise<number | undefined>((found) => {
    new PerformanceObserver((list) => found(list.getEntries().at(-1)?.startTime)).observe({
      type: 'largest-contentful-paint',
      buffered: true,
    });
    setTimeout(() => found(undefined), 1000);
  });
  const times = {
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    largest,
    typing: performance.getEntriesByName('bench:typing')[0]?.startTime,
    running: performance.getEntriesByName(runningMark)[0]?.startTime,
  };
  const known = Object.entries(times).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(known);
}
