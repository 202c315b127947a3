import { test as base } from '@playwright/test';

import { Guard, type Provocations } from './guard';
import { Server } from './server';

export { expect } from '@playwright/test';

interface Options {
  /** Whether the first operator has chosen a password. */
  setUp: boolean;
}

interface World {
  /** A separate server with only the first operator. */
  server: Server;
  /** Fails the test for violations of any page. */
  guard: Guard;
  /** Declares errors that the test causes. */
  provokes: Provocations;
  /** Checks the page with axe, as at the end of each test. */
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
