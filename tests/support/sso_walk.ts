import { type Page, expect } from '@playwright/test';

import { dialog } from './account';
import { Device, chooserView, endView, lookUp } from './device';
import { OpenIdProvider } from './openid_provider';
import { endsWith, goThrough, identitiesPage, link, openIdentities, section } from './providers';
import { choose, forgotPage, resetLink, resetPage } from './resets';
import { open, signIn } from './screens';
import type { Server } from './server';

type Look = (screen: string) => Promise<void>;
type Path = (page: Page, server: Server) => Promise<void>;

const LONG = 'The identity system of a society with a name that does not end';
const OTHER = { name: 'other', label: LONG, issuer: 'https://id.example.org', client_id: 'doorstep', icon: 'building' };
const FOR_DEVICES = { device_external: true };

/** Single sign-on, and the page of linked accounts. */
export async function everySsoScreen(page: Page, server: Server, look: Look): Promise<void> {
  await using provider = await OpenIdProvider.beside(server, FOR_DEVICES, section({ ...OTHER, ...FOR_DEVICES }));
  await lookUp(page, await Device.asks(server));
  await expect(chooserView(page).heading).toBeVisible();
  await look('device with providers');
  await open(page, '/device?sso_error=access_denied');
  await expect(endView(page).ssoFailed).toBeVisible();
  await look('device that a provider said no to');
  await goThrough(page, provider.label);
  await endsWith(page, 'USER_NOT_REGISTERED');
  await look('sign-in with providers and a reason');
  await signIn(page, server);
  await openIdentities(page);
  await expect(identitiesPage(page).add(LONG)).toBeVisible();
  await look('no other ways in');
  await link(page, provider.label);
  await look('other ways in');
  await identitiesPage(page).remove(provider.label).click();
  await expect(dialog(page, `Unlink “${provider.label}”`).frame).toBeVisible();
  await look('dialog that removes a way in');
}

/** A password reset. Causes a 403. */
export async function everyResetScreen(page: Page, server: Server, look: Look): Promise<void> {
  await open(page, '/forgot-password');
  const [forgot, reset] = [forgotPage(page), resetPage(page)];
  await look('forgotten password');
  await forgot.submit.click();
  await expect(forgot.alert).toBeVisible();
  await look('forgotten password with an error');
  const email = 'a.rather.long.address.for.narrow.screens@mail.example.org';
  await forgot.email.fill(email);
  await forgot.submit.click();
  await expect(forgot.sent(email)).toBeVisible();
  await look('mail on its way');
  const mailed = await resetLink(server);
  await page.goto(mailed.href);
  await expect(reset.heading).toBeVisible();
  await look('password to be set');
  await reset.submit.click();
  await expect(reset.alert).toBeVisible();
  await look('password to be set with an error');
  await choose(page, 'nine herons under lisbon');
  await expect(reset.done).toBeVisible();
  await look('password set');
  await page.goto(mailed.href);
  await choose(page, 'ten herons under lisbon');
  await expect(reset.void).toBeVisible();
  await look('link that is good for nothing');
}

/** Pictures: each function brings the page to its screen. */
export const SSO_PICTURES: Record<string, { path: Path }> = {
  'login-providers': {
    path: async (page, server) => {
      const names = { okta: 'Okta', forge: 'The forge' };
      const sections = Object.entries(names).map(([name, label]) => section({ ...OTHER, name, label }));
      await server.configure(sections.join(''));
      await open(page, '/login');
    },
  },
  'forgot-password': { path: async (page) => open(page, '/forgot-password') },
  'reset-password': {
    path: async (page, server) => {
      await page.goto((await resetLink(server)).href);
      await resetPage(page).password.fill('nine herons under lisbon');
    },
  },
  identities: {
    path: async (page, server) => {
      await using provider = await OpenIdProvider.beside(server, { label: 'Okta' });
      await signIn(page, server);
      await link(page, 'Okta');
      await expect(identitiesPage(page).entries.first()).toContainText(provider.person.email);
    },
  },
};
