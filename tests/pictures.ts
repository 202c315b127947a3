import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { browsers, dialog, openSecurity, proof, shownCodes, twoFactor } from './support/account';
import { ACCOUNT_SCENES } from './support/account_scenes';
import { Authenticator, turnOnTotp, useUp } from './support/authenticator';
import { Client } from './support/client';
import { DEVICE_SCENES } from './support/device_scenes';
import { DEVICE_PICTURES } from './support/device_walk';
import { LOGIN_SCENES } from './support/login_scenes';
import { MAIL_PICTURES } from './support/mail_walk';
import { PORTAL_PICTURES } from './support/portal_walk';
import type { Scene } from './support/scene';
import {
  accountMenu,
  fillIn,
  open,
  recoveryStage,
  signIn,
  signInForm,
  signInHere,
  signInWithCode,
  tokenStage,
  totpStage,
  welcome,
} from './support/screens';
import type { Server } from './support/server';
import { SSO_PICTURES } from './support/sso_walk';
import { STATE_PICTURES } from './support/state_walk';
import { expect, test } from './support/test';
import { WORKSPACE_SCENES } from './support/workspace_scenes';
import { WORKSPACE_PICTURES } from './support/workspace_walk';

const FOLDER = process.env['PICTURES'] ?? join(import.meta.dirname, '../docs/pictures');
const SIZES = { wide: { width: 1120, height: 700 }, narrow: { width: 360, height: 720 } };

async function beginEnrolment(page: Page, server: Server): Promise<void> {
  await signIn(page, server);
  await openSecurity(page);
  await twoFactor(page).turnOn.click();
  await expect(twoFactor(page).picture).toBeVisible();
}

async function openBrowsers(page: Page, server: Server): Promise<void> {
  await Client.signedIn(server);
  await signIn(page, server);
  await open(page, '/account/sessions');
  await expect(browsers(page, 'Sessions').entries).toHaveCount(2);
}

const SCREENS: Record<string, Scene> = {
  ...LOGIN_SCENES,
  ...ACCOUNT_SCENES,
  ...DEVICE_SCENES,
  ...WORKSPACE_SCENES,
  ...STATE_PICTURES,
  ...DEVICE_PICTURES,
  ...SSO_PICTURES,
  ...WORKSPACE_PICTURES,
  ...PORTAL_PICTURES,
  ...MAIL_PICTURES,
  login: { path: async (page) => open(page, '/login') },
  'login-refused': {
    provoked: 401,
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
  'not-found': { provoked: 404, path: async (page) => open(page, '/nowhere') },
  'one-time-code': {
    provoked: 401,
    path: async (page, server) => {
      await turnOnTotp(server);
      await open(page, '/login');
      await signInHere(page, server);
      await expect(totpStage(page).heading).toBeVisible();
    },
  },
  'recovery-code': {
    provoked: 401,
    path: async (page, server) => {
      await turnOnTotp(server);
      await open(page, '/login');
      await signInHere(page, server);
      await totpStage(page).useRecovery.click();
      await expect(recoveryStage(page).heading).toBeVisible();
    },
  },
  'temporary-token': {
    path: async (page, server) => {
      await server.loginToken();
      await open(page, '/login');
      await tokenStage(page).link.click();
      await expect(tokenStage(page).heading).toBeVisible();
    },
  },
  'temporary-session': {
    path: async (page, server) => {
      const token = await server.loginToken();
      await open(page, '/login');
      await tokenStage(page).link.click();
      await tokenStage(page).token.fill(token);
      await tokenStage(page).submit.click();
      await page.getByRole('button', { name: 'Skip for now' }).click();
      await expect(welcome(page)).toBeVisible();
    },
  },
  profile: {
    path: async (page, server) => {
      await signIn(page, server);
      await open(page, '/account');
    },
  },
  security: {
    path: async (page, server) => {
      await signIn(page, server);
      await openSecurity(page);
    },
  },
  enrolment: { path: beginEnrolment },
  'recovery-codes': {
    path: async (page, server) => {
      await beginEnrolment(page, server);
      const secret = await twoFactor(page).secret.textContent();
      await twoFactor(page).firstCode.fill(await new Authenticator(secret?.replaceAll(' ', '') ?? '').code());
      await twoFactor(page).confirm.click();
      await shownCodes(page);
    },
  },
  'few-codes': {
    provoked: 401,
    path: async (page, server) => {
      const { app, codes } = await turnOnTotp(server);
      await useUp(server, codes.slice(0, 8));
      await signInWithCode(page, server, await app.code());
      await openSecurity(page);
    },
  },
  'turn-off': {
    provoked: 401,
    path: async (page, server) => {
      const { app } = await turnOnTotp(server);
      await signInWithCode(page, server, await app.code());
      await openSecurity(page);
      await twoFactor(page).turnOff.click();
      await expect(dialog(page, 'Turn off').frame).toBeVisible();
    },
  },
  browsers: { path: openBrowsers },
  'sign-out-others': {
    path: async (page, server) => {
      await openBrowsers(page, server);
      await browsers(page, 'Sessions').endOthers.click();
      await expect(dialog(page, 'Sign out everywhere else').frame).toBeVisible();
    },
  },
  proof: {
    provoked: 403,
    // The page behind waits for re-authentication.
    loading: true,
    path: async (page, server) => {
      await signIn(page, server);
      await openSecurity(page);
      await server.ageProofs(11);
      await twoFactor(page).turnOn.click();
      await expect(proof(page).frame).toBeVisible();
    },
  },
};

/** Waits until nothing is loading and the height of the page is stable. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"], .outline')).toHaveCount(0);
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  await expect
    .poll(async () => {
      const before = await height();
      await page.waitForTimeout(150);
      return (await height()) - before;
    })
    .toBe(0);
}

/** Each window with each theme; for a few, two of the four. */
const LOOKS = Object.entries(SIZES).flatMap(([size, viewport]) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ size, viewport, colorScheme })),
);
const FEW = LOOKS.filter(({ size, colorScheme }) => (size === 'wide') === (colorScheme === 'light'));

for (const [name, { path, setUp, provoked, networkFailure, loading, locale, media, widest, few }] of Object.entries(SCREENS)) {
  test.describe(name, () => {
    test.use({ setUp: setUp ?? true, ...(locale === undefined ? {} : { locale }) });

    test('wide and narrow, light and dark', async ({ page, server, provokes }) => {
      for (const status of [provoked ?? []].flat()) provokes.status(status);
      if (networkFailure) provokes.networkFailure();
      await path(page, server);
      if (!loading) await settled(page);
      for (const { size, viewport, colorScheme } of few ? FEW : LOOKS) {
        await page.setViewportSize({ ...viewport, width: Math.min(viewport.width, widest ?? Infinity) });
        await page.emulateMedia({ ...media, colorScheme });
        // The window is as high as the page, or fixed elements would be in the middle of the picture. The backdrop of
        // a dialog is as large as the window.
        if (!(await page.getByRole('dialog').isVisible())) {
          const height = await page.evaluate(() => document.documentElement.scrollHeight);
          await page.setViewportSize({ width: page.viewportSize()?.width ?? viewport.width, height });
        }
        await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`), caret: 'hide' });
      }
      // The guard checks the screen, not the print version.
      await page.emulateMedia({ media: 'screen' });
    });
  });
}
