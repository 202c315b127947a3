import { defineConfig } from '@playwright/test';

import tests from './playwright.config';

/** `cargo xtask pictures`: every screen, light and dark, wide and narrow, into docs/pictures. */
export default defineConfig({ ...tests, testMatch: 'pictures.ts' });
