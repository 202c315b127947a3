import type { Page } from '@playwright/test';

import { accountMenu, open, signInForm, signInHere, welcome } from '../support/screens';
import { expect, test } from '../support/test';
import { WALKS } from '../support/walks';

for (const [walked, { walk, statuses }] of Object.entries(WALKS)) {
  test.describe(walked, () => {
    test.beforeEach(({ provokes }) => statuses.forEach((status) => provokes.status(status)));

    test('every screen fits in 320 pixels', async ({ page, server, checkAccessibility }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      await walk(page, server, async (screen) => {
        expect.soft(await tooWide(page), `${screen} scrolls sideways`).toEqual([]);
        await checkAccessibility();
      });
    });

    test('every screen passes axe in the dark theme', async ({ page, server, checkAccessibility }) => {
      await page.emulateMedia({ colorScheme: 'dark' });
      await walk(page, server, async (screen) => {
        const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
        const channels = ground.match(/\d+/g)?.map(Number) ?? [255];
        expect.soft(Math.max(...channels), `${screen} is on ${ground}`).toBeLessThan(64);
        await checkAccessibility();
      });
    });

    for (const colorScheme of ['light', 'dark'] as const) {
      test(`every screen passes axe in forced colours, ${colorScheme}`, async ({ page, server, checkAccessibility }) => {
        await page.emulateMedia({ forcedColors: 'active', colorScheme });
        await walk(page, server, checkAccessibility);
      });
    }

    test('every screen passes axe with text twice as large', async ({ page, server, checkAccessibility }) => {
      await page.setViewportSize({ width: 640, height: 512 });
      await page.addInitScript(() =>
        addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('font-size', '200%')),
      );
      await walk(page, server, async (screen) => {
        expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('32px');
        expect.soft(await tooWide(page), `${screen} scrolls sideways`).toEqual([]);
        await checkAccessibility();
      });
    });
  });
}

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
  // The home page is in the dashboard, which is loaded now.
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveTitle('Home – Doorstep');
  await expect(heading).not.toBeFocused();

  await open(page, '/nowhere');
  await expect(page).toHaveTitle('Page not found – Doorstep');
  await expect(heading).not.toBeFocused();
  await page.getByRole('link', { name: 'Go to home' }).click();
  await expect(welcome(page)).toBeFocused();
  await expect(page).toHaveTitle('Home – Doorstep');

  await accountMenu(page).button.click();
  await accountMenu(page).logOut.click();
  await expect(signInForm(page).username).toBeFocused();
  await expect(page).toHaveTitle('Sign in – Doorstep');
});

/** Horizontally scrollable elements: the page, dialogs and popovers. */
async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolling = [document.documentElement, ...document.querySelectorAll('dialog[open], [popover]:popover-open')];
    const wide = scrolling.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
    return wide.map(({ tagName, scrollWidth, clientWidth }) => `${tagName}: ${scrollWidth} in ${clientWidth}`);
  });
}
