import type { Page } from '@playwright/test';

import { openSecurity, passwordForm, proof } from '../support/account';
import { LyingProvider } from '../support/lying_provider';
import { OAuth2Provider } from '../support/oauth2_provider';
import { GRACE, OpenIdProvider } from '../support/openid_provider';
import { endsWith, goThrough } from '../support/providers';
import { running, sessionToken } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const REGISTERS = { allow_registration: true };
const HERE = '/account/identities';

/** The time of the last authentication. */
const proved = async (server: Server) => Number(await server.alter('SELECT max(proved_at) FROM sessions'));

/** Re-authenticates with a provider, which fails. */
async function inVain(page: Page, server: Server, name: string): Promise<void> {
  await server.ageProofs(11);
  const [before, session] = [await proved(server), await sessionToken(page)];
  await page.goto(`/auth/login/${name}?reauth=1&redirect=${encodeURIComponent(HERE)}`);
  await running(page);
  expect(new URL(page.url()).pathname, 'back on the same page').toBe(HERE);
  expect(await proved(server)).toBe(before);
  expect(await sessionToken(page), 'still signed in').toBe(session);
}

test('another user at the provider does not re-authenticate', async ({ page, server }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  await goThrough(page, provider.label, `/login?redirect=${encodeURIComponent(HERE)}`);
  await expect(page).toHaveURL(HERE);
  provider.person = { ...GRACE, sub: 'somebody-else' };
  await inVain(page, server, provider.name);
});

test('a provider that did not ask the user does not re-authenticate', async ({ page, server }) => {
  await using provider = await LyingProvider.beside(server);
  await goThrough(page, provider.label, `/login?redirect=${encodeURIComponent(HERE)}`);
  await expect(page).toHaveURL(HERE);
  await inVain(page, server, provider.name);
  provider.lies = { auth_time: Math.floor(Date.now() / 1000) - 3600 };
  await inVain(page, server, provider.name);
  provider.lies = { auth_time: String(Math.floor(Date.now() / 1000)) };
  await inVain(page, server, provider.name);
});

test('OAuth 2.0 does not re-authenticate', async ({ page, server }) => {
  await using provider = await OAuth2Provider.beside(server, REGISTERS);
  await goThrough(page, provider.label, `/login?redirect=${encodeURIComponent(HERE)}`);
  await expect(page).toHaveURL(HERE);
  await inVain(page, server, provider.name);
});

test('without a session there is neither re-authentication nor linking', async ({ page, server }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  const start = `/auth/login/${provider.name}?redirect=${encodeURIComponent(HERE)}`;
  await page.goto(`${start}&reauth=1`);
  await endsWith(page, 'INVALID_CREDENTIALS');
  // A navigation from the address bar links nothing.
  const headers = { 'sec-fetch-site': 'same-origin' };
  const answer = await page.request.get(`${start}&link=1`, { headers, maxRedirects: 0 });
  expect(answer.status()).toBe(302);
  expect(answer.headers()['location']).toMatch(/^\/login\?reason=REAUTH_REQUIRED&/);
  expect(provider.asked).toHaveLength(0);
});

test('setting a first password requires re-authentication', async ({ page, server, provokes }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  await goThrough(page, provider.label, `/login?redirect=${encodeURIComponent(HERE)}`);
  await expect(page).toHaveURL(HERE);
  await openSecurity(page);
  await server.ageProofs(11);
  provokes.status(403);
  const form = passwordForm(page);
  await form.section.getByRole('button', { name: 'Set password' }).click();
  await form.password.fill('a first password of ten words');
  await form.submit.click();
  await expect(proof(page).frame.getByRole('link', { name: `Continue with ${provider.label}` })).toBeVisible();
});
