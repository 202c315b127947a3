import type { Page } from '@playwright/test';

import { alertsIn } from '../support/alerts';
import { dialog, told } from '../support/account';
import { Client } from '../support/client';
import { type Asked, Device, authorizeView, endView, openRequest, whoIs } from '../support/device';
import { open, signIn } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

/** The list of devices. */
function devices(page: Page) {
  const section = page.getByRole('region', { name: 'Authorized devices' });
  const entries = section.getByRole('listitem');
  return {
    section,
    entries,
    entry: (name: string) => entries.filter({ has: page.getByRole('heading', { name, exact: true }) }),
    heading: section.getByRole('heading', { level: 2 }),
    alert: alertsIn(section),
    revokeAll: section.getByRole('button', { name: 'Revoke all access' }),
  };
}

/** Authorizes a device without the browser; returns its token. */
async function letIn(server: Server, asked: Asked): Promise<string> {
  const [device, client] = [await Device.asks(server, asked), await Client.signedIn(server)];
  await client.demand('/console/api/oauth/device/approve', { user_code: device.code });
  return device.token();
}

test('devices are listed with their properties', async ({ page, server, checkAccessibility }) => {
  await server.configure('[device]\ntoken_days = 14\n[[device.clients]]\nid = "our-tool"\nname = "Our <b>tool</b>"\n');
  await signIn(page, server);
  await open(page, '/account/devices');
  const list = devices(page);
  await expect(page).toHaveTitle(/ – Doorstep$/);
  await expect(list.section).toContainText('No authorized devices yet.');
  const authorize = list.section.getByRole('link', { name: 'Authorize a device' });
  await expect(authorize, 'in the empty list').toHaveAttribute('href', '/device');
  await expect(list.section.locator('.panel-head').getByRole('link')).toHaveCount(0);
  await expect(list.revokeAll).toHaveCount(0);
  await checkAccessibility();

  await letIn(server, { client: 'difyctl' });
  const device = await Device.asks(server, { client: 'our-tool', label: 'a <i>laptop</i>' });
  await openRequest(page, device);
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  const token = await device.token();
  expect((await whoIs(server, token)).status).toBe(200);
  // From the outcome, without a reload.
  await endView(page).revoke.click();
  await expect(page).toHaveURL('/account/devices');
  await expect(list.entries).toHaveCount(2);
  await expect(list.section.locator('.panel-head').getByRole('link'), 'beside the heading now').toHaveCount(1);
  await expect(authorize).toHaveCount(1);
  const laptop = list.entry('a <i>laptop</i>');
  await expect(laptop.getByText('Expires'), 'outside the details').toBeVisible();
  await expect(laptop).toContainText('Our <b>tool</b>');
  await expect(laptop).toContainText('Act with full access to your account');
  const year = new Date().getFullYear();
  const fact = (name: string) => laptop.locator('dl > div').filter({ hasText: name }).locator('dd');
  await expect(fact('Authorized').locator('time')).toHaveAttribute('title', new RegExp(String(year)));
  await expect(fact('Last used').locator('time')).toHaveAttribute('title', new RegExp(String(year)));
  const end = new Date(Date.now() + 14 * 86_400_000);
  const isThisYear = end.getFullYear() === year;
  const day = end.toLocaleDateString('en-US', isThisYear ? { month: 'short', day: 'numeric' } : { dateStyle: 'medium' });
  await expect(fact('Expires'), 'with the year unless it is this one').toHaveText(day);
  await expect(fact('Expires').locator('time')).toHaveAttribute('title', new RegExp(String(end.getFullYear())));
  await expect(fact('Token prefix')).toHaveText(/^dfoa_.{1,8}…$/);
  expect(token).toContain(((await fact('Token prefix').textContent()) ?? '').replace('…', ''));
  await expect(list.section).not.toContainText(token);
  await expect(list.entry('difyctl').locator('dl > div').filter({ hasText: 'Last used' })).toContainText('Never');
  await checkAccessibility();
});

test('a device is revoked after confirmation', async ({ page, server, checkAccessibility }) => {
  await signIn(page, server);
  const [kept, taken] = [
    await letIn(server, { label: 'the desk' }),
    await letIn(server, { label: 'the train' }),
  ];
  await open(page, '/account/devices');
  const list = devices(page);
  await expect(list.entries).toHaveCount(2);
  const end = list.entry('the train').getByRole('button', { name: 'Revoke access for “the train”' });
  const asked = dialog(page, 'Revoke access for “the train”');
  await end.click();
  await expect(asked.frame).toContainText('It will lose access immediately.');
  await checkAccessibility();
  await page.keyboard.press('Escape');
  await expect(asked.frame).toBeHidden();
  await expect(end).toBeFocused();
  await end.click();
  await asked.cancel.click();
  await expect(end).toBeFocused();
  expect((await whoIs(server, taken)).status).toBe(200);

  await end.click();
  await asked.press('Revoke');
  await expect(told(page, 'Access revoked.')).toBeVisible();
  await expect(list.entries).toHaveCount(1);
  await expect(list.heading).toBeFocused();
  expect(await whoIs(server, taken)).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
  expect((await whoIs(server, kept)).status).toBe(200);
});

test('all devices are revoked at once', async ({ page, server, checkAccessibility }) => {
  await signIn(page, server);
  const tokens = [
    await letIn(server, { label: 'the desk' }),
    await letIn(server, {}),
    await letIn(server, {}),
  ];
  await open(page, '/account/devices');
  const list = devices(page);
  await expect(list.entries).toHaveCount(3);
  await list.revokeAll.click();
  await checkAccessibility();
  await dialog(page, 'Revoke all access').press('Revoke all access');
  await expect(told(page, 'Access revoked for all devices.')).toBeVisible();
  await expect(list.section).toContainText('No authorized devices yet.');
  await expect(list.heading).toBeFocused();
  for (const token of tokens) expect((await whoIs(server, token)).status).toBe(401);
});

test('a device with the same name gets a new token, and the old one ends', async ({ page, server }) => {
  await signIn(page, server);
  const old = await letIn(server, { label: 'the desk' });
  const current = await letIn(server, { label: 'the desk' });
  expect((await whoIs(server, old)).status).toBe(401);
  expect((await whoIs(server, current)).status).toBe(200);
  await open(page, '/account/devices');
  await expect(devices(page).entries).toHaveCount(1);
});

test('a list that fails to load shows an error', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  await signIn(page, server);
  await page.route('**/api/auth/devices', (route) => route.abort('connectionfailed'));
  await open(page, '/account/devices');
  await expect(devices(page).alert).toContainText("This content couldn't be loaded.");
});
