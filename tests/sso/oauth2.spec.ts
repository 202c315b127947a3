import { OAuth2Provider } from '../support/oauth2_provider';
import { endsWith, goThrough, providerLink, sessionCount } from '../support/providers';
import { open, welcome } from '../support/screens';
import { expect, test } from '../support/test';

const REGISTERS = { allow_registration: true };

test('signing in with OAuth 2.0 finds the same account the next time', async ({ page, server }) => {
  await using provider = await OAuth2Provider.beside(server, REGISTERS);
  await goThrough(page, provider.label, '/login?redirect=%2Faccount%2Fidentities');
  await expect(page).toHaveURL('/account/identities');
  await expect(page.getByText('ada@forge.example')).toBeVisible();
  // Only the number identifies the user.
  provider.profile = { ...provider.profile, login: 'countess', mail: 'countess@forge.example' };
  await page.context().clearCookies();
  await goThrough(page, provider.label);
  await expect(welcome(page, 'Ada Lovelace')).toBeVisible();
  const accounts = JSON.parse(await server.command(['user', 'list', '--json'])) as unknown[] | { items: unknown[] };
  expect(Array.isArray(accounts) ? accounts : accounts.items).toHaveLength(2);
});

test('a provider without a label shows its name', async ({ page, server, checkAccessibility }) => {
  await using provider = await OAuth2Provider.beside(server);
  await open(page, '/login');
  const link = providerLink(page, 'Code Forge');
  await expect(link).toHaveAttribute('rel', 'external');
  await expect(link).toHaveAttribute('href', new RegExp(`^/auth/login/${provider.name}`));
  await expect(link.locator('.initial')).toHaveAttribute('aria-hidden', 'true');
  await expect(link.locator('.initial')).toHaveAttribute('data-initial', 'C');
  await checkAccessibility();
});

test.describe('no session begins, and an error is shown:', () => {
  test('an unverified email creates no account', async ({ page, server }) => {
    await using provider = await OAuth2Provider.beside(server, REGISTERS);
    delete provider.profile['email_verified'];
    await goThrough(page, provider.label);
    await endsWith(page, 'USER_NOT_REGISTERED');
    expect(await sessionCount(server)).toBe(0);
  });

  test('access was denied', async ({ page, server }) => {
    await using provider = await OAuth2Provider.beside(server, REGISTERS);
    provider.refuses = true;
    await goThrough(page, provider.label);
    await endsWith(page, 'ACCESS_DENIED');
    expect(await sessionCount(server)).toBe(0);
  });

  test('the account is suspended', async ({ page, server }) => {
    await using provider = await OAuth2Provider.beside(server, REGISTERS);
    await goThrough(page, provider.label);
    await expect(page).toHaveURL('/');
    // Wait for all requests, so that none is refused when the session ends.
    await page.waitForLoadState('networkidle');
    await server.command(['user', 'suspend', 'ada']);
    await page.context().clearCookies();
    await goThrough(page, provider.label);
    await endsWith(page, 'USER_SUSPENDED');
    expect(await sessionCount(server)).toBe(0);
  });

  for (const [what, path, answer, reason] of [
    ['the token endpoint fails', '/token', { status: 500, body: 'oops' }, 'SERVICE_UNAVAILABLE'],
    ['the code is refused', '/token', { status: 400, body: { error: 'invalid_grant' } }, 'INVALID_CREDENTIALS'],
    ['the client is refused', '/token', { status: 401, body: { error: 'invalid_client' } }, 'INVALID_PROVIDER'],
    ['the profile fails', '/user', { status: 503 }, 'SERVICE_UNAVAILABLE'],
    ['the profile is elsewhere', '/user', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 'SERVICE_UNAVAILABLE'],
    ['the profile is no JSON', '/user', { status: 200, body: '<html>' }, 'INVALID_PROVIDER'],
    ['the profile has no id', '/user', { status: 200, body: { mail: 'x@forge.example' } }, 'INVALID_PROVIDER'],
    ['the profile has an empty name', '/user', { status: 200, body: { id: '' } }, 'INVALID_PROVIDER'],
    ['the profile has no end', '/user', { status: 200, body: { id: 'x'.repeat(2 ** 21) } }, 'SERVICE_UNAVAILABLE'],
  ] as const) {
    test(what, async ({ page, server }) => {
      await using provider = await OAuth2Provider.beside(server, REGISTERS);
      provider.instead = { [path]: answer };
      await goThrough(page, provider.label);
      await endsWith(page, reason);
      expect(await sessionCount(server)).toBe(0);
    });
  }
});
