import type { Page } from '@playwright/test';

import { hold } from '../support/network';
import { accountMenu, running, section, signIn } from '../support/screens';
import { expect, test } from '../support/test';

const PLACES = ['header .brand', 'header nav a', '.menu-button', 'h1'];

/** The positions of the painted elements. */
const places = (page: Page) =>
  page.evaluate(
    (selectors) =>
      selectors.map((selector) => {
        const { x, y, width } = document.querySelector(selector)?.getBoundingClientRect() ?? {};
        return [selector, x, y, width].join(' ');
      }),
    PLACES,
  );

for (const width of [1200, 360]) {
  test(`header and heading are painted where the app draws them, ${width} px wide`, async ({
    page,
    server,
    checkAccessibility,
  }) => {
    await page.setViewportSize({ width, height: 720 });
    await signIn(page, server);
    for (const [address, heading] of [
      ['/', 'Welcome, admin'],
      ['/projects', 'Projects'],
      ['/account/security', 'Account settings'],
      ['/account/security/two-factor', 'Set up two‑factor authentication'],
    ] as const) {
      const app = await hold(page, '**/*.wasm');
      await page.goto(address, { waitUntil: 'domcontentloaded' });
      await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Account menu of admin' })).toBeVisible();
      await checkAccessibility();
      const before = await places(page);
      await section(page, 'Clients').focus();
      app.release();
      await running(page);
      expect(await places(page), address).toEqual(before);
      await expect(section(page, 'Clients'), 'the link keeps the focus').toBeFocused();
      await expect(page.locator('#outline')).toHaveCount(0);
      await expect(page.getByRole('banner')).toHaveCount(1);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await page.unroute('**/*.wasm');
    }
  });
}

test('a link of the page keeps the focus, and the menu waits for the app', async ({ page, server }) => {
  await signIn(page, server);
  const main = page.getByRole('main');
  for (const [address, link] of [
    ['/', main.getByRole('link', { name: 'Authorize a device' })],
    ['/account', main.getByRole('link', { name: 'Sessions' })],
  ] as const) {
    const app = await hold(page, '**/*.wasm');
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    await expect(accountMenu(page).button).toBeDisabled();
    await link.focus();
    app.release();
    await running(page);
    await expect(link).toBeFocused();
    await expect(accountMenu(page).button).toBeEnabled();
    await page.unroute('**/*.wasm');
  }
});

test('a section can be opened before the app runs', async ({ page, server }) => {
  await signIn(page, server);
  await hold(page, '**/*.wasm');
  await page.goto('/', { waitUntil: 'domcontentloaded' });
  await section(page, 'Projects').click();
  await expect(page).toHaveURL('/projects');
  await expect(section(page, 'Projects')).toHaveAttribute('aria-current', 'page');
});
