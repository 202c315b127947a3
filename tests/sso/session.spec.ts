import type { Page } from '@playwright/test';

import { alertsIn } from '../support/alerts';
import { proof, twoFactor } from '../support/account';
import { turnOnTotp } from '../support/authenticator';
import { OpenIdProvider } from '../support/openid_provider';
import { goThrough, link, providerLink } from '../support/providers';
import { accountMenu, logOut, sessionToken, signIn, signInForm, totpStage, welcome } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const REGISTERS = { allow_registration: true };

/** The first operator, with a linked account and two-factor authentication, signed out. */
async function operatorWithBoth(page: Page, server: Server, provider: OpenIdProvider) {
  await signIn(page, server);
  await link(page, provider.label);
  const { app } = await turnOnTotp(server);
  await page.context().clearCookies();
  return app;
}

test('a verification code is required after the provider', async ({ page, server, checkAccessibility, provokes }) => {
  await using provider = await OpenIdProvider.beside(server);
  const app = await operatorWithBoth(page, server, provider);
  await goThrough(page, provider.label, '/login?redirect=%2Faccount%2Fsessions');
  const stage = totpStage(page);
  await expect(stage.code).toBeFocused();
  await expect(page).toHaveURL('/login?redirect=%2Faccount%2Fsessions');
  await checkAccessibility();
  expect(await sessionToken(page), 'an incomplete sign-in has no session').toBeUndefined();
  provokes.status(401);
  await stage.code.fill(await app.wrongCode());
  await expect(stage.alert).toContainText('Incorrect or already used code.');
  await stage.code.fill(await app.code());
  await expect(page).toHaveURL('/account/sessions');
  await expect(page.getByRole('listitem').filter({ hasText: 'This session' })).toBeVisible();
});

test('the code is required within an hour of linking, although the provider asked for two factors', async ({
  page,
  server,
}) => {
  await using provider = await OpenIdProvider.beside(server);
  await operatorWithBoth(page, server, provider);
  provider.methods = ['pwd', 'otp'];
  // The provider remembers the factors.
  await page.context().clearCookies();
  await goThrough(page, provider.label);
  await expect(totpStage(page).heading).toBeVisible();
});

test('the code is not required later, when the provider asked for two factors', async ({ page, server }) => {
  await using provider = await OpenIdProvider.beside(server);
  await operatorWithBoth(page, server, provider);
  await server.alter('UPDATE identities SET created_at = created_at - 2 * 3600 * 1000');
  provider.methods = ['pwd', 'otp'];
  await page.context().clearCookies();
  await goThrough(page, provider.label);
  await expect(welcome(page)).toBeVisible();
});

test('an expired challenge restarts the sign-in, with an error', async ({ page, server, provokes }) => {
  await using provider = await OpenIdProvider.beside(server);
  const app = await operatorWithBoth(page, server, provider);
  await goThrough(page, provider.label);
  await expect(totpStage(page).heading).toBeVisible();
  await server.expireSignIns();
  provokes.status(401);
  await totpStage(page).code.fill(await app.code());
  await expect(signInForm(page).heading).toBeVisible();
  await expect(alertsIn(page)).toHaveText('This sign‑in has expired. Start again.');
  expect(await sessionToken(page)).toBeUndefined();
});

test('a session ends when the provider revokes it, not when the provider is unavailable', async ({ page, server, provokes }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  await goThrough(page, provider.label);
  const welcomed = welcome(page, 'Grace Hopper');
  await expect(welcomed).toBeVisible();
  const later = () => server.alter('UPDATE provider_sessions SET checked_at = 1');
  await later();
  await page.reload();
  await expect(welcomed, 'it is asked, and confirms').toBeVisible();
  await provider.stop();
  await later();
  await page.reload();
  await expect(welcomed, 'it is unavailable').toBeVisible();
  await provider.listen();
  provider.knowsPeople = false;
  await page.reload();
  await expect(welcomed, 'it is not asked again at once').toBeVisible();
  await later();
  provokes.perhaps(/status of 401/);
  await page.reload();
  await expect(signInForm(page).heading).toBeVisible();
  await expect(page).toHaveURL(/^[^?]+\/login/);
});

test('the session cookie for Directus is set and cleared too', async ({ page, server, context }) => {
  await using provider = await OpenIdProvider.beside(server, { ...REGISTERS, mode: 'session' });
  await goThrough(page, provider.label);
  await expect(welcome(page, 'Grace Hopper')).toBeVisible();
  const find = async () => (await context.cookies()).find(({ name }) => name === 'directus_session_token');
  const cookie = await find();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  const me = async () =>
    (await fetch(`${server.url}/users/me`, { headers: { cookie: `directus_session_token=${cookie?.value}` } })).status;
  expect(await me()).toBe(200);
  await page.getByRole('button', { name: 'Account menu of Grace Hopper' }).click();
  await accountMenu(page).logOut.click();
  await expect(signInForm(page).heading).toBeVisible();
  await expect.poll(find).toBeUndefined();
  expect(await me()).toBe(401);
});

test('signing out offers to sign out at the provider', async ({ page, server, checkAccessibility }) => {
  await using provider = await OpenIdProvider.beside(server);
  await signIn(page, server);
  await link(page, provider.label);
  const leave = page.getByRole('link', { name: 'Sign out there too' });
  await logOut(page);
  await expect(signInForm(page).heading).toBeVisible();
  await expect(leave, 'not for a session that did not begin there').toHaveCount(0);
  await goThrough(page, provider.label);
  await expect(welcome(page)).toBeVisible();
  await logOut(page);
  await expect(leave).toBeVisible();
  await checkAccessibility();
  const address = new URL((await leave.getAttribute('href')) ?? '');
  expect(address.origin).toBe(provider.issuer);
  expect(address.searchParams.get('post_logout_redirect_uri')).toBe(`${server.url}/login`);
  expect(address.searchParams.has('id_token_hint'), 'URLs are logged').toBe(false);
});

test('a user without a password re-authenticates at the provider', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  await goThrough(page, provider.label, '/login?redirect=%2Faccount%2Fsecurity');
  const { turnOn, picture } = twoFactor(page);
  await expect(turnOn).toBeVisible();
  await server.ageProofs(11);
  provokes.status(403);
  await turnOn.click();
  const asked = proof(page);
  await expect(asked.frame).toBeVisible();
  await expect(asked.frame.getByRole('textbox'), 'there is no password').toHaveCount(0);
  await checkAccessibility();
  await asked.frame.getByRole('link', { name: `Continue with ${provider.label}` }).click();
  await expect(page).toHaveURL('/account/security/two-factor');
  await expect(picture, 'it continues on the same page').toBeVisible();
});

test('re-authentication at the provider requires a recent sign-in there', async ({ page, server }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  await goThrough(page, provider.label);
  await expect(welcome(page, 'Grace Hopper')).toBeVisible();
  const before = await sessionToken(page);
  await server.ageProofs(11);
  await page.goto(`/auth/login/${provider.name}?reauth=1&redirect=%2Faccount%2Fidentities`);
  await expect(page).toHaveURL('/account/identities');
  expect(provider.asked.at(-1)?.get('prompt')).toBe('login');
  expect(await sessionToken(page), 'the token is another one').not.toBe(before);
  const fresh = Number(await server.alter('SELECT max(proved_at) FROM sessions'));
  expect(Date.now() - fresh).toBeLessThan(60_000);
});

test.describe('before the app runs', () => {
  test.beforeEach(async ({ page }) => {
    await page.route('**/*.wasm', () => {}, { times: 1 });
  });

  test('the links to providers work', async ({ page, server }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    await page.goto('/login');
    await providerLink(page, provider.label).click();
    await expect(welcome(page, 'Grace Hopper')).toBeVisible();
  });

  test('they keep the return URL', async ({ page, server }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    await page.goto('/login?redirect=%2Faccount%2Fsessions');
    await providerLink(page, provider.label).click();
    await expect(page).toHaveURL('/account/sessions');
  });
});
