import type { Page } from '@playwright/test';

import { accountMenu, alreadySignedIn, fillIn, open, signInForm, signInHere, welcome } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

/** Walks over every screen that there is, and looks at each. Provokes a 401 and a 404. */
async function everyScreen(page: Page, server: Server, look: (screen: string) => Promise<void>): Promise<void> {
  await open(page, '/login');
  await look('sign-in');
  await fillIn(page, server.username, 'not the password');
  await signInForm(page).submit.click();
  await expect(signInForm(page).alert).toBeVisible();
  await look('sign-in with an error');
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  await look('start page');
  await accountMenu(page).button.click();
  await expect(accountMenu(page).logOut).toBeVisible();
  await look('start page with the menu open');
  await open(page, '/login');
  await expect(alreadySignedIn(page)).toBeVisible();
  await look('continue as');
  await open(page, '/nowhere');
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await look('unknown address');
}

test('320 pixels are enough for every screen', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  provokes.status(404);
  await page.setViewportSize({ width: 320, height: 640 });
  await everyScreen(page, server, async (screen) => {
    const width = await page.evaluate(() => document.scrollingElement?.scrollWidth);
    expect.soft(width, `${screen} scrolls sideways`).toBeLessThanOrEqual(320);
    await checkAccessibility();
  });
});

test('every screen passes axe in the dark', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  provokes.status(404);
  await page.emulateMedia({ colorScheme: 'dark' });
  await everyScreen(page, server, async (screen) => {
    const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const channels = ground.match(/\d+/g)?.map(Number) ?? [255];
    expect.soft(Math.max(...channels), `${screen} is on ${ground}`).toBeLessThan(64);
    await checkAccessibility();
  });
});

test('every screen passes axe in forced colours', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  provokes.status(404);
  await page.emulateMedia({ forcedColors: 'active' });
  await everyScreen(page, server, checkAccessibility);
});

test('every screen passes axe with text twice as large', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  provokes.status(404);
  await page.setViewportSize({ width: 640, height: 512 });
  await page.addInitScript(() =>
    addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('font-size', '200%')),
  );
  await everyScreen(page, server, async (screen) => {
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('32px');
    const width = await page.evaluate(() => document.scrollingElement?.scrollWidth);
    expect.soft(width, `${screen} scrolls sideways`).toBeLessThanOrEqual(640);
    await checkAccessibility();
  });
});

test('a change of page changes the title and moves the focus to the heading; a first load does not', async ({
  page,
  server,
  provokes,
}) => {
  provokes.status(404);
  const heading = page.getByRole('heading', { level: 1 });
  await open(page, '/login');
  await expect(page).toHaveTitle('Sign in – Doorstep');
  await expect(signInForm(page).username).toBeFocused();
  await signInHere(page, server);
  await expect(welcome(page)).toBeFocused();
  await expect(page).toHaveTitle('Start – Doorstep');

  await page.reload();
  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveTitle('Start – Doorstep');
  await expect(heading).not.toBeFocused();

  await open(page, '/nowhere');
  await expect(page).toHaveTitle('Page not found – Doorstep');
  await expect(heading).not.toBeFocused();
  await page.getByRole('link', { name: 'Go to the start page' }).click();
  await expect(welcome(page)).toBeFocused();
  await expect(page).toHaveTitle('Start – Doorstep');

  await accountMenu(page).button.click();
  await accountMenu(page).logOut.click();
  await expect(signInForm(page).heading).toBeFocused();
  await expect(page).toHaveTitle('Sign in – Doorstep');
});
