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
  leaveSeconds,
  lookUp,
  openRequest,
} from './device';
import { IdentitySystem } from './identity_system';
import { pseudoLocale } from './pseudo_locale';
import { open, signIn } from './screens';
import { type Scene, few } from './scene';
import type { Server } from './server';

const PROXY = 'trusted_proxies = ["127.0.0.1/32"]\n';
const LABEL = "Ada's laptop";

/** Approves a device by the API. */
async function approved(server: Server, label: string): Promise<void> {
  const { code: user_code } = await Device.asks(server, { label });
  await (await Client.signedIn(server)).demand('/console/api/oauth/device/approve', { user_code });
}

/** Signs in, with a device that requests authorization from another network. */
async function fromElsewhere(page: Page, server: Server): Promise<void> {
  await server.configure(PROXY);
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': '192.0.2.10' });
  await signIn(page, server);
  await openRequest(page, await Device.asks(server, { label: LABEL, from: '198.51.100.7' }));
  await expect(authorizeView(page).elsewhere).toBeVisible();
}

/** A request, in another language. */
const inLanguage = (locale: string): Scene => ({
  locale,
  path: async (page, server) => {
    const device = await Device.asks(server, { label: LABEL });
    await open(page, '/login?redirect=%2Fdevice');
    await page.locator('#username').fill(server.username);
    await page.locator('#password').fill(server.password);
    await page.locator('#login-submit').click();
    await page.locator('#user-code').fill(device.code);
    await page.keyboard.press('Enter');
    await expect(page.locator('.user-code')).toBeVisible();
  },
});

/** Pictures of the device pages in rare states. */
export const DEVICE_SCENES: Record<string, Scene> = few({
  'device-link': {
    path: async (page, server) => {
      const device = await Device.asks(server, { label: LABEL });
      await signIn(page, server);
      await follow(page, device.link, device.code);
      await expect(entryView(page).half).toBeVisible();
    },
  },
  'device-chooser': {
    path: async (page, server) => {
      await using _system = await IdentitySystem.beside(server);
      await lookUp(page, await Device.asks(server, { label: LABEL }));
      await expect(chooserView(page).heading).toBeVisible();
    },
  },
  'device-other-network': { path: fromElsewhere },
  'device-other-network-unconfirmed': {
    path: async (page, server) => {
      await fromElsewhere(page, server);
      await authorizeView(page).allow.click();
      await expect(authorizeView(page).own).toBeFocused();
    },
  },
  'device-replaces': {
    path: async (page, server) => {
      await approved(server, LABEL);
      await signIn(page, server);
      await openRequest(page, await Device.asks(server, { label: LABEL }));
      await expect(authorizeView(page).terms).toHaveCount(2);
    },
  },
  'device-unknown-application': {
    path: async (page, server) => {
      await server.configure('[[device.clients]]\nid = "our-tool"\nname = "Our tool"\n');
      const device = await Device.asks(server, { client: 'our-tool', label: LABEL });
      await server.configure('');
      await signIn(page, server);
      await openRequest(page, device);
    },
  },
  'device-expired': {
    path: async (page, server) => {
      await signIn(page, server);
      const device = await Device.asks(server, { label: LABEL });
      await leaveSeconds(server, 8);
      await lookUp(page, device);
      await expect(endView(page).expired).toBeVisible({ timeout: 20_000 });
    },
  },
  'device-used': {
    provoked: 409,
    path: async (page, server) => {
      await signIn(page, server);
      const device = await Device.asks(server, { label: LABEL });
      await openRequest(page, device);
      const elsewhere = await Client.signedIn(server);
      await elsewhere.demand('/console/api/oauth/device/deny', { user_code: device.code });
      await authorizeView(page).allow.click();
      await expect(endView(page).used).toBeVisible();
    },
  },
  'device-wrong-code': {
    path: async (page) => {
      await open(page, '/device');
      await enter(page, 'BBBB-BBBB');
      await expect(entryView(page).alert).toBeVisible();
    },
  },
  'device-too-many-tries': {
    provoked: 429,
    path: async (page, server) => {
      await server.configure('[limits]\ndevice_lookup_per_5_minutes = 1\n');
      await open(page, '/device');
      await enter(page, 'BBBB-BBBB');
      await expect(entryView(page).alert).toBeVisible();
      await enter(page, 'FFFF-FFFF');
      await expect(entryView(page).wait).toBeVisible();
    },
  },
  'device-sso-failed': {
    path: async (page) => {
      await open(page, '/device?sso_error=sso_failed');
      await expect(endView(page).ssoFailed).toBeVisible();
    },
  },
  'device-sso': {
    path: async (page, server) => {
      await using _system = await IdentitySystem.beside(server);
      await lookUp(page, await Device.asks(server, { label: LABEL }));
      await chooserView(page).sso.click();
      await expect(authorizeView(page).heading).toBeVisible();
    },
  },
  'device-rtl': {
    path: async (page, server) => {
      const device = await Device.asks(server, { label: LABEL });
      await signIn(page, server);
      await openRequest(page, device);
      await pseudoLocale(page);
      await page.reload();
      await expect(page.locator('.user-code')).toBeVisible();
    },
  },
  'device-zh-Hans': inLanguage('zh-CN'),
  'device-de': inLanguage('de-DE'),
  'device-ru': inLanguage('ru-RU'),
  'no-devices': {
    path: async (page, server) => {
      await signIn(page, server);
      await open(page, '/account/devices');
      await expect(page.getByText('No authorized devices yet.')).toBeVisible();
    },
  },
  'revoke-device': {
    path: async (page, server) => {
      await approved(server, LABEL);
      await signIn(page, server);
      await open(page, '/account/devices');
      await page.getByRole('button', { name: `Revoke access for “${LABEL}”` }).click();
      await expect(dialog(page, /^Revoke /).frame).toBeVisible();
    },
  },
  'revoke-all-devices': {
    path: async (page, server) => {
      for (const label of [LABEL, 'build machine']) await approved(server, label);
      await signIn(page, server);
      await open(page, '/account/devices');
      await page.getByRole('button', { name: 'Revoke all access' }).click();
      await expect(dialog(page, 'Revoke all access').frame).toBeVisible();
    },
  },
});
