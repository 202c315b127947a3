import { type Page, expect } from '@playwright/test';

import { dialog } from './account';
import { Client } from './client';
import {
  Device,
  authorizeView,
  chooserView,
  endView,
  enter,
  entryView,
  follow,
  followAndType,
  leaveSeconds,
  lookUp,
  openRequest,
} from './device';
import { IdentitySystem } from './identity_system';
import { open, signIn } from './screens';
import type { Server } from './server';

type Look = (screen: string) => Promise<void>;

const PROXY = 'trusted_proxies = ["127.0.0.1/32"]\n';
const LONG = 'Ada-s-laptop-with-a-name-that-does-not-end-and-has-no-space-in-it-anywhere, <b>mine</b>';

/** The default address of clients. */
const NEARBY = { 'x-forwarded-for': '192.0.2.10' };

/** The pages to authorize devices, and the list of devices. Causes a 409. */
export async function everyDeviceScreen(page: Page, server: Server, look: Look): Promise<void> {
  await using _system = await IdentitySystem.beside(server, PROXY);
  await page.setExtraHTTPHeaders(NEARBY);
  await beforeSigningIn(page, server, look);
  await deciding(page, server, look);
  await list(page, server, look);
}

async function beforeSigningIn(page: Page, server: Server, look: Look): Promise<void> {
  const device = await Device.asks(server, { label: LONG, from: '2001:db8:1234:5678:9abc:def0:1234:5678' });
  await open(page, '/device');
  await look('device code');
  await enter(page, 'BBBB-BBBB');
  await expect(entryView(page).alert).toBeVisible();
  await look('device code with an error');
  await follow(page, device.link, device.code);
  await look('device code of a link');
  await enter(page, device.code);
  await expect(chooserView(page).heading).toBeVisible();
  await look('account or single sign-on');
  await chooserView(page).sso.click();
  await expect(authorizeView(page).heading).toBeVisible();
  await look('request, for a user of single sign-on');
  await open(page, '/device?sso_error=sso_failed');
  await expect(endView(page).ssoFailed).toBeVisible();
  await look('single sign-on that failed');
}

async function deciding(page: Page, server: Server, look: Look): Promise<void> {
  await signIn(page, server);
  const view = authorizeView(page);
  const [first, second] = [await Device.asks(server, { label: LONG, from: '198.51.100.7' }), await Device.asks(server)];
  await followAndType(page, first.link, first.code);
  await expect(view.elsewhere).toBeVisible();
  await look('request from another network');
  await view.allow.click();
  await expect(view.own).toBeFocused();
  await look('request from another network that is not confirmed');
  await view.own.check();
  await view.allow.click();
  await expect(endView(page).approved).toBeVisible();
  await look('device authorized');
  await followAndType(page, second.link, second.code);
  await view.deny.click();
  await expect(endView(page).denied).toBeVisible();
  await look('device denied');

  const third = await Device.asks(server);
  await lookUp(page, third);
  await expect(view.code).toHaveText(third.code);
  const elsewhere = await Client.signedIn(server);
  await elsewhere.demand('/console/api/oauth/device/deny', { user_code: third.code });
  await view.own.check();
  await view.allow.click();
  await expect(endView(page).used).toBeVisible();
  await look('code that was used');
  await endView(page).otherCode.click();
  const last = await Device.asks(server);
  await leaveSeconds(server, 10);
  await enter(page, last.code);
  await expect(endView(page).expired).toBeVisible({ timeout: 20_000 });
  await look('code whose time is over');
}

async function list(page: Page, server: Server, look: Look): Promise<void> {
  const elsewhere = await Client.signedIn(server);
  const device = await Device.asks(server);
  await elsewhere.demand('/console/api/oauth/device/approve', { user_code: device.code });
  await open(page, '/account/devices');
  const entries = page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3 }) });
  await expect(entries).toHaveCount(2);
  await look('devices');
  await entries.filter({ hasText: LONG }).getByRole('button').click();
  await expect(dialog(page, /^Revoke /).frame).toBeVisible();
  await look('dialog that takes the access of one back');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Revoke all access' }).click();
  const asked = dialog(page, 'Revoke all access');
  await look('dialog that takes all access back');
  await asked.press('Revoke all access');
  await expect(page.getByText('No authorized devices yet.')).toBeVisible();
  await look('no devices');
}

/** Pictures: each function brings the page to its screen. */
export const DEVICE_PICTURES: Record<string, { path: (page: Page, server: Server) => Promise<void> }> = {
  'device-entry': { path: async (page) => open(page, '/device') },
  'device-authorize': { path: pictured },
  'device-done': {
    path: async (page, server) => {
      await pictured(page, server);
      await authorizeView(page).allow.click();
      await expect(endView(page).approved).toBeVisible();
    },
  },
  'device-denied': {
    path: async (page, server) => {
      await pictured(page, server);
      await authorizeView(page).deny.click();
      await expect(endView(page).denied).toBeVisible();
    },
  },
  devices: {
    path: async (page, server) => {
      for (const label of ["Ada's laptop", 'build machine']) {
        const device = await Device.asks(server, { label });
        const elsewhere = await Client.signedIn(server);
        await elsewhere.demand('/console/api/oauth/device/approve', { user_code: device.code });
      }
      await signIn(page, server);
      await open(page, '/account/devices');
      await expect(page.getByRole('heading', { name: 'build machine' })).toBeVisible();
    },
  },
};

async function pictured(page: Page, server: Server): Promise<void> {
  await signIn(page, server);
  await openRequest(page, await Device.asks(server, { label: "Ada's laptop" }));
}
