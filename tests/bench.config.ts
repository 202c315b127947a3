import { defineConfig } from '@playwright/test';

import tests from './playwright.config';

/** `cargo xtask bench page`: benchmarks of pages, one visit at a time. */
export default defineConfig({
  ...tests,
  testDir: 'bench',
  testMatch: 'page.ts',
  reporter: 'line',
  workers: 1,
  retries: 0,
  // No timeout for all: each visit has its own.
  timeout: 0,
});
