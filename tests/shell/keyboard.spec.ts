import { type Locator, type Page, expect } from '@playwright/test';

import { turnOnTotp } from '../support/authenticator';
import { Device, halves } from '../support/device';
import { pseudoLocale } from '../support/pseudo_locale';
import { open } from '../support/screens';
import { test } from '../support/test';
import { Workspace } from '../support/workspace';

/** The client's address stands in a header: so a device can ask from another network. */
const PROXY = 'trusted_proxies = ["127.0.0.1/32"]\n';

/** Moves the focus on by the Tab key, until it is where the user wants to be. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 60; presses += 1) {
    if (await isThere()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key does not reach ${String(target)}`);
}

/** A second factor, a device of another network, a preview and a sign-out. Provokes a 401. */
async function walk(page: Page, server: Parameters<typeof turnOnTotp>[0]): Promise<void> {
  await server.configure(PROXY);
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': '192.0.2.10' });
  const project = await (await Workspace.of(server)).project('The bridge');
  const { app } = await turnOnTotp(server);
  const device = await Device.asks(server, { from: '198.51.100.7' });

  await open(page, '/login');
  await tabTo(page, page.locator('[name=username]'));
  await page.keyboard.type(server.username);
  await tabTo(page, page.locator('[name=password]'));
  await page.keyboard.type(server.password);
  await page.keyboard.press('Enter');
  await expect(page.locator('[autocomplete=one-time-code]')).toBeFocused();
  await page.keyboard.type(await app.code());
  await expect(page.locator('.menu-button')).toBeVisible();

  await open(page, device.link);
  await expect(page.locator('.card.device input')).toBeFocused();
  await page.keyboard.type(halves(device.code)[1]);
  await page.keyboard.press('Enter');
  await tabTo(page, page.locator('.elsewhere [type=checkbox]'));
  await page.keyboard.press('Space');
  await tabTo(page, page.locator('.equal button:last-child'));
  await page.keyboard.press('Enter');
  await expect(page.locator('.equal')).toHaveCount(0);
  await device.token();

  await open(page, project);
  await tabTo(page, page.locator('.page-head .button'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/portal');
  await tabTo(page, page.locator('.preview .button'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(project);

  await tabTo(page, page.locator('.menu-button'));
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page.locator('[name=username]')).toBeVisible();
}

test.describe('in German', () => {
  test.use({ locale: 'de-DE' });

  test('everything is reached by the keyboard alone', async ({ page, server, provokes }) => {
    provokes.status(401);
    await walk(page, server);
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  });
});

test('from right to left, everything is reached by the keyboard alone', async ({ page, server, provokes }) => {
  provokes.status(401);
  await pseudoLocale(page);
  await walk(page, server);
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
});
