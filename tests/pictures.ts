import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { accountMenu, fillIn, open, signIn, signInForm, welcome } from './support/screens';
import type { Server } from './support/server';
import { expect, test } from './support/test';

const FOLDER = join(import.meta.dirname, '../docs/pictures');
const SIZES = { wide: { width: 1120, height: 700 }, narrow: { width: 360, height: 720 } };

/** Brings the page to the screen that is to be pictured. */
type Path = (page: Page, server: Server) => Promise<void>;

const SCREENS: Record<string, { path: Path; setUp?: false; refused?: true }> = {
  login: { path: async (page) => open(page, '/login') },
  'login-refused': {
    refused: true,
    path: async (page, server) => {
      await open(page, '/login');
      await fillIn(page, server.username, 'not the password');
      await signInForm(page).submit.click();
      await expect(signInForm(page).alert).not.toBeEmpty();
    },
  },
  'choose-password': {
    setUp: false,
    path: async (page, server) => {
      await open(page, '/login');
      await fillIn(page, server.username, server.firstPassword);
      await signInForm(page).submit.click();
      await page.getByLabel('New password', { exact: true }).fill('seven clouds over lisbon');
    },
  },
  'continue-as': {
    path: async (page, server) => {
      await signIn(page, server);
      await open(page, '/login');
    },
  },
  start: { path: signIn },
  menu: {
    path: async (page, server) => {
      await signIn(page, server);
      await accountMenu(page).button.click();
      await expect(welcome(page)).toBeVisible();
    },
  },
  'not-found': { path: async (page) => open(page, '/nowhere') },
};

for (const [name, { path, setUp, refused }] of Object.entries(SCREENS)) {
  test.describe(name, () => {
    test.use({ setUp: setUp ?? true });

    test('wide and narrow, light and dark', async ({ page, server, provokes }) => {
      if (refused) provokes.status(401);
      if (name === 'not-found') provokes.status(404);
      await path(page, server);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`), caret: 'hide', fullPage: true });
        }
      }
    });
  });
}
