import { type Locator, type Page, expect } from '@playwright/test';

import { turnOnTotp } from '../support/authenticator';
import { Device } from '../support/device';
import { tabAndPress, tabTo } from '../support/keyboard';
import { pseudoLocale } from '../support/pseudo_locale';
import { open, running } from '../support/screens';
import type { Server } from '../support/server';
import { test } from '../support/test';
import { Workspace } from '../support/workspace';

/** The client's address comes from a header, so that a device can be in another network. */
const PROXY = 'trusted_proxies = ["127.0.0.1/32"]\n';
/** Presses of the Tab key from the top of a page, past the link to its content and its header. */
const FROM_TOP = 10;
/** Presses of the Tab key from the focus to the next action. */
const NEAR = 6;

/** The texts of the headings. */
interface Headings {
  secondStep: string;
  authorize: string;
  authorized: string;
  projects: string;
  preview: string;
  signIn: string;
}

const GERMAN: Headings = {
  secondStep: 'Zwei-Faktor-Authentifizierung',
  authorize: 'difyctl autorisieren?',
  authorized: 'Gerät autorisiert',
  projects: 'Projekte',
  preview: 'Vorschau als The bridge · schreibgeschützt',
  signIn: 'Anmelden',
};

const heading = (page: Page, name: string): Locator => page.getByRole('heading', { level: 1, name, exact: true });

/** A sign-in with a second factor, a device in another network, a preview and a sign-out. Causes a 401. */
async function walk(page: Page, server: Server, says: Headings): Promise<void> {
  await server.configure(PROXY);
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': '192.0.2.10' });
  await (await Workspace.of(server)).project('The bridge');
  const { app } = await turnOnTotp(server);
  const device = await Device.asks(server, { from: '198.51.100.7' });
  const { keyboard } = page;

  // Both stages focus their field.
  await open(page, '/login');
  await tabTo(page, page.locator('[name=username]'), 0);
  await keyboard.type(server.username);
  await tabTo(page, page.locator('[name=password]'), 1);
  await keyboard.type(server.password);
  await keyboard.press('Enter');
  await expect(heading(page, says.secondStep)).toBeVisible();
  await expect(page.locator('[autocomplete=one-time-code]')).toBeFocused();
  await keyboard.type(await app.code());
  await expect(page).toHaveURL('/');

  await running(page);
  const authorizes = page.locator('main a[href="/device"]');
  await tabAndPress(page, authorizes, FROM_TOP);
  await expect(page).toHaveURL('/device');
  const field = page.locator('.card.device input');
  await expect(field).toBeFocused();
  await keyboard.type(device.code);
  await keyboard.press('Enter');
  await expect(heading(page, says.authorize), 'a screen reader reads the question').toBeFocused();
  const approve = page.locator('.equal button:last-child');
  await tabAndPress(page, approve, NEAR);
  const own = page.locator('.elsewhere [type=checkbox]');
  await expect(own, 'the missing checkbox has the focus').toBeFocused();
  await expect(page.locator('.elsewhere [role=alert]'), 'it is announced').toHaveText(/\S/);
  await keyboard.press('Space');
  await expect(own).toBeChecked();
  await tabAndPress(page, approve, NEAR);
  await expect(heading(page, says.authorized)).toBeFocused();
  await device.token();
  await tabAndPress(page, page.locator('.card.device a.primary'), NEAR);
  await expect(page).toHaveURL('/');

  await tabAndPress(page, page.locator('.nav a[href="/projects"]'), NEAR, 'Shift+Tab');
  await expect(heading(page, says.projects)).toBeFocused();
  await tabAndPress(page, page.locator('tbody a'), NEAR);
  await expect(heading(page, 'The bridge')).toBeFocused();
  const project = page.url();
  await tabAndPress(page, page.locator('.page-head .button'), NEAR);
  await expect(page).toHaveURL('/portal');
  await running(page);
  await expect(page.getByText(says.preview)).toBeVisible();
  await tabAndPress(page, page.locator('.preview .button'), NEAR);
  await expect(page).toHaveURL(project);

  await running(page);
  await tabAndPress(page, page.locator('.menu-button'), FROM_TOP);
  const items = page.locator('[role^=menuitem]');
  await expect(items.first()).toBeFocused();
  await keyboard.press('End');
  await expect(items.last()).toBeFocused();
  await tabTo(page, items.last(), 0);
  await keyboard.press('Enter');
  await expect(heading(page, says.signIn)).toBeVisible();
  await expect(page.locator('[name=username], h1').and(page.locator(':focus')), 'the focus is on the page').toHaveCount(1);
  await expect(page).toHaveURL('/login');
}

test.describe('in German', () => {
  test.use({ locale: 'de-DE' });

  test('everything can be reached by the keyboard', async ({ page, server, provokes }) => {
    provokes.status(401);
    await walk(page, server, GERMAN);
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  });
});

test('from right to left, everything can be reached by the keyboard', async ({ page, server, provokes }) => {
  provokes.status(401);
  await pseudoLocale(page);
  await walk(page, server, {
    secondStep: '[Two‑factor authentication]',
    authorize: '[Authorize difyctl?]',
    authorized: '[Device authorized]',
    projects: '[Projects]',
    preview: '[Previewing as The bridge · read‑only]',
    // Painted by the server, not translated.
    signIn: 'Sign in',
  });
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
});
