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

/** The first operator, with an identity at the provider and one-time codes, signed out. */
async function operatorWithBoth(page: Page, server: Server, provider: OpenIdProvider) {
  await signIn(page, server);
  await link(page, provider.label);
  const { app } = await turnOnTotp(server);
  await page.context().clearCookies();
  return app;
}

test('a one-time code is asked for after the provider', async ({ page, server, checkAccessibility, provokes }) => {
  await using provider = await OpenIdProvider.beside(server);
  const app = await operatorWithBoth(page, server, provider);
  await goThrough(page, provider.label, '/login?redirect=%2Faccount%2Fsessions');
  const stage = totpStage(page);
  await expect(stage.code).toBeFocused();
  await expect(page).toHaveURL('/login?redirect=%2Faccount%2Fsessions');
  await checkAccessibility();
  expect(await sessionToken(page), 'half of a sign-in opens nothing').toBeUndefined();
  provokes.status(401);
  await stage.code.fill(await app.wrongCode());
  await expect(stage.alert).toContainText('Incorrect or already used code.');
  await stage.code.fill(await app.code());
  await expect(page).toHaveURL('/account/sessions');
  await expect(page.getByRole('listitem').filter({ hasText: 'This session' })).toBeVisible();
});

test('the code is asked for within an hour of linking, although the provider asked for two factors', async ({
  page,
  server,
}) => {
  await using provider = await OpenIdProvider.beside(server);
  await operatorWithBoth(page, server, provider);
  provider.methods = ['pwd', 'otp'];
  // The provider remembers how a user signed in there.
  await page.context().clearCookies();
  await goThrough(page, provider.label);
  await expect(totpStage(page).heading).toBeVisible();
});

test('and not later, when the provider says that it asked for two factors', async ({ page, server }) => {
  await using provider = await OpenIdProvider.beside(server);
  await operatorWithBoth(page, server, provider);
  await server.alter('UPDATE identities SET created_at = created_at - 2 * 3600 * 1000');
  provider.methods = ['pwd', 'otp'];
  await page.context().clearCookies();
  await goThrough(page, provider.label);
  await expect(welcome(page)).toBeVisible();
});

test('a code that comes too late begins anew, and the page says why', async ({ page, server, provokes }) => {
  await using provider = await OpenIdProvider.beside(server);
  const app = await operatorWithBoth(page, server, provider);
  await goThrough(page, provider.label);
  await expect(totpStage(page).heading).toBeVisible();
  await server.expireSignIns();
  provokes.status(401);
  await totpStage(page).code.fill(await app.code());
  await expect(signInForm(page).heading).toBeVisible();
  await expect(alertsIn(page)).toHaveText('This sign-in has expired. Start again.');
  expect(await sessionToken(page)).toBeUndefined();
});

test('a session ends when the provider takes its word back, and not when it is away', async ({ page, server, provokes }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  await goThrough(page, provider.label);
  const welcomed = welcome(page, 'Grace Hopper');
  await expect(welcomed).toBeVisible();
  const later = () => server.alter('UPDATE provider_sessions SET checked_at = 1');
  await later();
  await page.reload();
  await expect(welcomed, 'it is asked, and agrees').toBeVisible();
  await provider.stop();
  await later();
  await page.reload();
  await expect(welcomed, 'it is away').toBeVisible();
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

test('programs beside the browser get their cookie, and signing out ends both', async ({ page, server, context }) => {
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

test('signing out offers to sign out at the provider too', async ({ page, server, checkAccessibility }) => {
  await using provider = await OpenIdProvider.beside(server);
  await signIn(page, server);
  await link(page, provider.label);
  const leave = page.getByRole('link', { name: 'Sign out there too' });
  await logOut(page);
  await expect(signInForm(page).heading).toBeVisible();
  await expect(leave, 'this session did not begin there').toHaveCount(0);
  await goThrough(page, provider.label);
  await expect(welcome(page)).toBeVisible();
  await logOut(page);
  await expect(leave).toBeVisible();
  await checkAccessibility();
  const address = new URL((await leave.getAttribute('href')) ?? '');
  expect(address.origin).toBe(provider.issuer);
  expect(address.searchParams.get('post_logout_redirect_uri')).toBe(`${server.url}/login`);
  expect(address.searchParams.has('id_token_hint'), 'addresses stand in logs').toBe(false);
});

test('who has no password proves again at the provider who they are', async ({
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
  await expect(picture, 'it goes on where it was').toBeVisible();
});

test('a fresh proof at the provider is one: it asks anew, and must say when', async ({ page, server }) => {
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

test.describe('before the app is there', () => {
  test.beforeEach(async ({ page }) => {
    await page.route('**/*.wasm', () => {}, { times: 1 });
  });

  test('the way to a provider is open', async ({ page, server }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    await page.goto('/login');
    await providerLink(page, provider.label).click();
    await expect(welcome(page, 'Grace Hopper')).toBeVisible();
  });

  test('and leads on to where one was going', async ({ page, server }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    await page.goto('/login?redirect=%2Faccount%2Fsessions');
    await providerLink(page, provider.label).click();
    await expect(page).toHaveURL('/account/sessions');
  });
});
