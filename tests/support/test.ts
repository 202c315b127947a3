import { test as base } from '@playwright/test';

import { Guard, type Provocations } from './guard';
import { Server } from './server';

export { expect } from '@playwright/test';

interface Options {
  /** Whether the first operator has chosen a password already. */
  setUp: boolean;
}

interface World {
  /** A server of the test's own, with the first operator and nothing else. */
  server: Server;
  /** Sees to it that no page of the test does what pages must not do. */
  guard: Guard;
  /** Where a test says that it provokes an error. */
  provokes: Provocations;
  /** Has axe look at the page now; at the end of a test it does so anyway. */
  checkAccessibility: () => Promise<void>;
}

export const test = base.extend<World & Options>({
  setUp: [true, { option: true }],
  server: async ({ setUp }, use, testInfo) => {
    const server = await Server.withEmptyDatabase();
    if (setUp) await server.setUp();
    await use(server);
    await server.remove();
    if (testInfo.status !== testInfo.expectedStatus) {
      console.error(`what the server said:\n${server.log}`);
    }
  },
  baseURL: async ({ server }, use) => {
    await use(server.url);
  },
  guard: async ({ context, javaScriptEnabled }, use) => {
    await use(await Guard.watch(context, { scripts: javaScriptEnabled }));
  },
  page: async ({ guard, page }, use) => {
    await use(page);
    await guard.checkOpenPages();
    const verdict = guard.verdict();
    if (verdict.length > 0) {
      throw new Error(`pages did what they must not do:\n${verdict.map((finding) => `- ${finding}`).join('\n')}`);
    }
  },
  provokes: async ({ guard }, use) => {
    await use(guard.provokes);
  },
  checkAccessibility: async ({ guard, page }, use) => {
    await use(() => guard.checkAccessibility(page));
  },
});
