import type { Page } from '@playwright/test';

import { alertsIn } from '../support/alerts';
import { open, running, sessionToken, welcome } from '../support/screens';
import { GRACE, OpenIdProvider } from '../support/openid_provider';
import { endsWith, goThrough, providerLink, sessionCount } from '../support/providers';
import { expect, test } from '../support/test';

const REGISTERS = { allow_registration: true };

test('a new user signs in with a provider, and gets to the return URL', async ({
  page,
  server,
  context,
  checkAccessibility,
}) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  await open(page, '/account/sessions');
  await expect(page).toHaveURL('/login?redirect=%2Faccount%2Fsessions');
  await checkAccessibility();
  await providerLink(page, provider.label).click();
  await expect(page).toHaveURL('/account/sessions');
  await expect(page.getByRole('main')).toContainText('Single sign‑on');
  await expect(page.getByRole('button', { name: 'Account menu of Grace Hopper' })).toBeVisible();
  await checkAccessibility();
  const [, account] = [await running(page), JSON.parse(await server.command(['user', 'list', '--json']))];
  expect(JSON.stringify(account)).toContain(GRACE.email);
  const tokens = (await context.cookies()).map(({ name }) => name).filter((name) => /^directus_[a-z_]+$/.test(name));
  expect(tokens, 'the default of the provider').toEqual(['directus_session_token']);
});

test('the authorization request is bound to the browser', async ({ page, server, context }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  provider.refuses = true;
  const [start] = await Promise.all([
    page.waitForResponse((response) => new URL(response.url()).pathname === `/auth/login/${provider.name}`),
    goThrough(page, provider.label),
  ]);
  expect(start.status()).toBe(302);
  const cookie = (await start.headersArray()).find(({ name }) => name.toLowerCase() === 'set-cookie')?.value ?? '';
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=Lax/);
  expect(Number(/Max-Age=(\d+)/.exec(cookie)?.[1])).toBeLessThanOrEqual(900);
  await endsWith(page, 'ACCESS_DENIED');
  const [asked] = provider.asked;
  expect(Object.fromEntries(asked ?? [])).toMatchObject({
    response_type: 'code',
    client_id: 'doorstep',
    redirect_uri: `${server.url}/auth/login/${provider.name}/callback`,
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  });
  const state = String(asked?.get('state'));
  expect(cookie).toContain(state);
  expect((await context.cookies()).filter(({ name }) => name.includes(state)), 'it is used once').toEqual([]);
  expect(server.log).not.toContain(state);
});

test('two tabs can sign in at once', async ({ page, server, context }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  const other = await context.newPage();
  provider.sendsBack = false;
  for (const [number, tab] of [page, other].entries()) {
    await goThrough(tab, provider.label, `/login?redirect=%2F%3Ftab%3D${number}`);
    await expect.poll(() => provider.sentBack.length).toBe(number + 1);
  }
  // The last one comes back first, and signs in. That clears the state of the other.
  await other.goto(provider.sentBack[1] ?? '');
  await expect(other).toHaveURL('/?tab=1');
  await page.goto(provider.sentBack[0] ?? '');
  await expect(page.getByRole('heading', { name: 'You are already signed in' })).toBeVisible();
});

test.describe('no session begins, and an error is shown:', () => {
  test('no account is created', async ({ page, server, checkAccessibility }) => {
    await using provider = await OpenIdProvider.beside(server);
    await goThrough(page, provider.label, '/login?redirect=%2Faccount%2Fsessions');
    await endsWith(page, 'USER_NOT_REGISTERED');
    await expect(page, 'the return URL is kept').toHaveURL('/login?redirect=%2Faccount%2Fsessions');
    await checkAccessibility();
    expect(await sessionCount(server)).toBe(0);
    await page.reload();
    await running(page);
    await expect(alertsIn(page), 'the error is shown once').toBeHidden();
  });

  test('the email is not verified', async ({ page, server }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    provider.person = { ...GRACE, email_verified: false };
    await goThrough(page, provider.label);
    await endsWith(page, 'USER_NOT_REGISTERED');
    expect(await server.command(['user', 'list'])).not.toContain(GRACE.email);
  });

  test('the email is that of an account, which is not linked', async ({ page, server }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    provider.person = { ...GRACE, email: 'Admin@localhost' };
    await goThrough(page, provider.label);
    await endsWith(page, 'EMAIL_TAKEN');
    expect(await sessionCount(server)).toBe(0);
  });

  test('the account is suspended', async ({ page, server }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    await goThrough(page, provider.label);
    await expect(welcome(page, 'Grace Hopper')).toBeVisible();
    await server.command(['user', 'suspend', 'grace']);
    await page.context().clearCookies();
    await goThrough(page, provider.label);
    await endsWith(page, 'USER_SUSPENDED');
    expect(await sessionCount(server)).toBe(0);
  });

  test('access was denied, and nothing from the provider is shown', async ({ page, server, checkAccessibility }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    provider.refuses = true;
    await goThrough(page, provider.label);
    await endsWith(page, 'ACCESS_DENIED');
    await checkAccessibility();
    expect(await page.content()).not.toContain('said no</b>');
    expect(page.url()).not.toContain('person');
    // Another attempt succeeds.
    provider.refuses = false;
    await providerLink(page, provider.label).click();
    await expect(welcome(page, 'Grace Hopper')).toBeVisible();
  });

  test('the provider is unavailable; the next attempt succeeds', async ({ page, server, checkAccessibility }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    await provider.stop();
    await goThrough(page, provider.label, '/login?redirect=%2F%3Fx%3D1');
    await endsWith(page, 'SERVICE_UNAVAILABLE');
    await checkAccessibility();
    await provider.listen();
    await providerLink(page, provider.label).click();
    await expect(page).toHaveURL('/?x=1');
  });

  test('the callback comes from another browser', async ({ page, server, browser }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    const callback = await wayBack(page, provider);
    const victim = await (await browser.newContext({ baseURL: server.url })).newPage();
    await victim.goto(callback);
    await endsWith(victim, 'COOKIE_LOST');
    // One that has been here before sends other cookies.
    await victim.context().addCookies([{ name: 'doorstep_theme', value: 'dark', url: server.url }]);
    await victim.goto(callback);
    await endsWith(victim, 'STATE_EXPIRED');
    await victim.context().close();
    expect(await sessionCount(server)).toBe(0);
  });

  test('the cookie has expired', async ({ page, server, checkAccessibility }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    const callback = await wayBack(page, provider);
    await page.context().clearCookies({ name: /^doorstep_sso_/ });
    await page.context().addCookies([{ name: 'doorstep_theme', value: 'light', url: server.url }]);
    await page.goto(callback);
    await endsWith(page, 'STATE_EXPIRED');
    await checkAccessibility();
    expect(await sessionCount(server)).toBe(0);
  });

  test('a callback is used once', async ({ page, server }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    await goThrough(page, provider.label);
    await expect(welcome(page, 'Grace Hopper')).toBeVisible();
    await page.context().clearCookies();
    await page.goto(provider.sentBack[0] ?? '');
    await endsWith(page, 'COOKIE_LOST');
  });

  test('the state is invalid or missing', async ({ page, server }) => {
    await using provider = await OpenIdProvider.beside(server, REGISTERS);
    for (const query of ['', '?code=x', '?state=x&code=x', '?state=%00%0d%0a&code=%3Cb%3E', '?error=access_denied']) {
      await page.goto(`/auth/login/${provider.name}/callback${query}`);
      await endsWith(page, 'STATE_EXPIRED');
    }
  });

  for (const [said, reason] of [
    ['error=server_error', 'SERVICE_UNAVAILABLE'],
    ['error=temporarily_unavailable', 'SERVICE_UNAVAILABLE'],
    ['error=something_newer&error_description=%3Cscript%3E', 'UNKNOWN_EXCEPTION'],
    ['', 'UNKNOWN_EXCEPTION'],
    ['code=wrong', 'INVALID_CREDENTIALS'],
    ['code=right&iss=https%3A%2F%2Fevil.example', 'INVALID_CREDENTIALS'],
  ] as const) {
    test(`what comes back is "${said}"`, async ({ page, server }) => {
      await using provider = await OpenIdProvider.beside(server, REGISTERS);
      const state = new URL(await wayBack(page, provider)).searchParams.get('state');
      await page.goto(`/auth/login/${provider.name}/callback?state=${state}&${said}`);
      await endsWith(page, reason);
      expect(page.url()).not.toContain('script');
      expect(await sessionCount(server)).toBe(0);
    });
  }
});

test('an unknown reason has a general message, and is removed from the address bar', async ({ page, server }) => {
  await using _provider = await OpenIdProvider.beside(server);
  for (const reason of ['SOMETHING_NEWER', '<b>x</b>', '']) {
    await open(page, `/login?reason=${encodeURIComponent(reason)}&redirect=%2F%3Fx%3D1`);
    await endsWith(page, 'UNKNOWN_EXCEPTION');
    await expect(page).toHaveURL('/login?redirect=%2F%3Fx%3D1');
  }
});

test('a signed-in user continues after another sign-in', async ({ page, server }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  await goThrough(page, provider.label);
  await expect(welcome(page, 'Grace Hopper')).toBeVisible();
  const before = await sessionToken(page);
  await page.goto(`/auth/login/${provider.name}?redirect=%2Faccount`);
  await expect(page).toHaveURL('/account');
  expect(await sessionToken(page), 'a sign-in has a new token').not.toBe(before);
  await running(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Account settings' })).toBeVisible();
});

/** Begins single sign-on; returns the callback URL instead of following it. */
async function wayBack(page: Page, provider: OpenIdProvider): Promise<string> {
  provider.sendsBack = false;
  await goThrough(page, provider.label);
  await expect.poll(() => provider.sentBack.length).toBe(1);
  return provider.sentBack[0] ?? '';
}
