import { defineConfig } from '@playwright/test';

import tests from './playwright.config';

/** `cargo xtask bench page`: how long pages take, one visit at a time. */
export default defineConfig({
  ...tests,
  testDir: 'bench',
  testMatch: 'page.ts',
  reporter: 'line',
  workers: 1,
  retries: 0,
  // As long as it takes: each visit has a bound of its own.
  timeout: 0,
});
