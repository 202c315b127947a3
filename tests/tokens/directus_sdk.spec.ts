import {
  disableTwoFactor,
  enableTwoFactor,
  generateTwoFactorSecret,
  logout,
  passwordRequest,
  passwordReset,
  readMe,
  readProviders,
  refresh,
} from '@directus/sdk';

import { Authenticator, turnOnTotp } from '../support/authenticator';
import { directus, refusal, signedIn } from '../support/directus';
import { section } from '../support/providers';
import { linkOf } from '../support/resets';
import { expect, test } from '../support/test';

const ADMIN = 'admin@localhost';
const NEW = 'nine herons under lisbon';
const QUARTER = 15 * 60_000;

test('json: tokens are only in the answer', async ({ server }) => {
  const { client, jar, data } = await signedIn(server);
  expect(data).toMatchObject({ access_token: expect.any(String), refresh_token: expect.stringMatching(/^\S{64}$/), expires: QUARTER });
  expect(jar.cookies.size).toBe(0);
  expect(await client.request(readMe())).toMatchObject({ email: ADMIN });
  const renewed = await client.refresh();
  expect(renewed.refresh_token).not.toBe(data.refresh_token);
  expect(renewed.access_token).not.toBe(data.access_token);
  expect(await client.request(readMe({ fields: ['id', 'email'] }))).toEqual({ id: expect.any(String), email: ADMIN });
  await client.logout();
  await client.setToken(renewed.access_token);
  expect(await refusal(client.request(readMe()))).toMatch(/^401 /);
  expect(await refusal(client.request(refresh('json', String(renewed.refresh_token))))).toMatch(/^40[13] /);
});

test('cookie: the refresh token is in a cookie that scripts can not read', async ({ server }) => {
  const { client, jar, data } = await signedIn(server, 'cookie');
  expect(data).toMatchObject({ access_token: expect.any(String), expires: QUARTER });
  expect(data.refresh_token ?? null).toBeNull();
  const before = jar.cookies.get('directus_refresh_token');
  expect(before).toMatch(/^\S{64}$/);
  const header = jar.set.find((text) => text.startsWith('directus_refresh_token=')) ?? '';
  for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(header).toContain(part);
  expect(await client.request(readMe())).toMatchObject({ email: ADMIN });
  await client.refresh();
  expect(jar.cookies.get('directus_refresh_token')).not.toBe(before);
  expect(await client.request(readMe())).toMatchObject({ email: ADMIN });
  await client.logout();
  expect([...jar.cookies.keys()]).not.toContain('directus_refresh_token');
});

test('session: the cookie is sufficient', async ({ server }) => {
  const { client, jar, data } = await signedIn(server, 'session');
  expect(data).toMatchObject({ expires: expect.any(Number) });
  expect(data.access_token ?? null).toBeNull();
  expect(data.refresh_token ?? null).toBeNull();
  expect(jar.cookies.has('directus_session_token')).toBe(true);
  expect(await client.request(readMe())).toMatchObject({ email: ADMIN });
  await client.refresh();
  expect(await client.request(readMe())).toMatchObject({ email: ADMIN });
  const last = new Map(jar.cookies);
  await client.logout();
  expect([...jar.cookies.keys()]).not.toContain('directus_session_token');
  for (const [name, value] of last) jar.cookies.set(name, value);
  expect(await refusal(client.request(readMe()))).toMatch(/^401 /);
});

test('a log-out without a token is refused', async ({ server }) => {
  const { client } = directus(server);
  await client.request(logout('x'.repeat(64), 'json'));
  await client.request(logout(undefined, 'cookie'));
});

test('two tabs can refresh at once in session mode', async ({ server }) => {
  const { client, jar } = await signedIn(server, 'session');
  const other = directus(server, 'session');
  for (const [name, value] of jar.cookies) other.jar.cookies.set(name, value);
  await Promise.all([client.refresh(), other.client.refresh()]);
  expect(await client.request(readMe())).toMatchObject({ email: ADMIN });
  expect(await other.client.request(readMe())).toMatchObject({ email: ADMIN });
  await other.client.refresh();
  expect(await other.client.request(readMe())).toMatchObject({ email: ADMIN });
});

test('a refresh token may be repeated at once', async ({ server }) => {
  const { client, data } = await signedIn(server);
  await client.refresh();
  expect(await refusal(client.request(refresh('json', String(data.refresh_token))))).toMatch(/^401 /);
  expect(await client.request(readMe())).toMatchObject({ email: ADMIN });
  await client.refresh();
});

for (const mode of ['json', 'session'] as const) {
  test(`a refresh token that is reused later ends its family, ${mode}`, async ({ server }) => {
    const { client, jar, data } = await signedIn(server, mode);
    const stolen = directus(server, mode);
    for (const [name, value] of jar.cookies) stolen.jar.cookies.set(name, value);
    await client.refresh();
    await server.alter('UPDATE refresh_tokens SET rotated_at = rotated_at - 11000 WHERE rotated_at IS NOT NULL');
    const again = mode === 'json' ? refresh('json', String(data.refresh_token)) : refresh('session');
    expect(await refusal(stolen.client.request(again))).toMatch(/^401 /);
    expect(await refusal(client.request(readMe()))).toMatch(/^401 /);
    expect(await refusal(client.refresh())).toMatch(/^40[13] /);
    expect(server.log).toContain('refresh_token_reused');
  });
}

test('an access token expires after a quarter of an hour', async ({ server }) => {
  const { client } = await signedIn(server);
  await server.alter('UPDATE access_tokens SET expires_at = 1');
  expect(await refusal(client.request(readMe()))).toBe('401 TOKEN_EXPIRED');
  await client.refresh();
  expect(await client.request(readMe())).toMatchObject({ email: ADMIN });
});

test('an expired token does not interfere', async ({ server }) => {
  const { client, jar } = await signedIn(server, 'session');
  jar.cookies.set('directus_session_token', 'stale');
  jar.cookies.set('directus_refresh_token', 'stale');
  await client.setToken('stale');
  await client.login(ADMIN, server.password);
  expect(await client.request(readMe())).toMatchObject({ email: ADMIN });
});

test('wrong credentials, a wrong provider and too many attempts have their codes', async ({ server }) => {
  await server.addUser('grace', 'grace@example.org');
  await server.command(['user', 'suspend', 'grace']);
  const { client } = directus(server);
  const login = (email: string, password: string) => client.login(email, password);
  expect(await refusal(login(ADMIN, 'not the password'))).toBe('401 INVALID_CREDENTIALS');
  expect(await refusal(login('nobody@example.org', server.password))).toBe('401 INVALID_CREDENTIALS');
  expect(await refusal(login('grace@example.org', server.password))).toBe('401 INVALID_CREDENTIALS');
  expect(await refusal(client.login(ADMIN, server.password, { provider: 'okta' }))).toBe('403 INVALID_PROVIDER');
  expect(await refusal(login('', ''))).toMatch(/^40[01] INVALID_(PAYLOAD|CREDENTIALS)$/);
  for (let attempt = 0; attempt < 6; attempt++) await refusal(login(ADMIN, 'not the password'));
  expect(await refusal(login(ADMIN, server.password))).toBe('429 REQUESTS_EXCEEDED');
  expect(await refusal(client.request(readProviders()))).toBe('was taken: []');
});

test('one-time codes', async ({ server }) => {
  const { client } = await signedIn(server);
  expect(await refusal(client.request(generateTwoFactorSecret('not the password')))).toMatch(/^40[013] /);
  const { secret, otpauth_url } = await client.request(generateTwoFactorSecret(server.password));
  expect(new URL(otpauth_url).searchParams.get('secret')).toBe(secret);
  const app = new Authenticator(secret);
  expect(await refusal(client.request(enableTwoFactor(secret, await app.wrongCode())))).toBe('400 INVALID_PAYLOAD');
  await client.request(enableTwoFactor(secret, await app.code()));
  expect(await refusal(client.request(generateTwoFactorSecret(server.password)))).toMatch(/^400 /);
  expect(await client.request(readMe())).toMatchObject({ tfa_secret: '**********' });

  const other = directus(server);
  const credentials = [ADMIN, server.password] as const;
  expect(await refusal(other.client.login(...credentials))).toBe('401 INVALID_OTP');
  expect(await refusal(other.client.login(...credentials, { otp: await app.wrongCode() }))).toBe('401 INVALID_OTP');
  await other.client.login(...credentials, { otp: await app.code() });
  expect(await refusal(other.client.request(disableTwoFactor(await app.wrongCode())))).toBe('400 INVALID_PAYLOAD');
  await other.client.request(disableTwoFactor(await app.code()));
  await directus(server).client.login(...credentials);
});

test('a used code is refused on every surface', async ({ server }) => {
  const { app } = await turnOnTotp(server);
  const otp = await app.code();
  const credentials = [ADMIN, server.password] as const;
  await directus(server).client.login(...credentials, { otp });
  expect(await refusal(directus(server).client.login(...credentials, { otp }))).toBe('401 INVALID_OTP');
});

test('a password is reset by mail', async ({ server }) => {
  const { client } = await signedIn(server);
  const anybody = directus(server).client;
  await anybody.request(passwordRequest('nobody@example.org'));
  expect(await refusal(anybody.request(passwordRequest(ADMIN, 'https://evil.example/')))).toBe('400 INVALID_PAYLOAD');
  expect(await refusal(anybody.request(passwordRequest('nobody@example.org', 'https://evil.example/')))).toBe('400 INVALID_PAYLOAD');
  await anybody.request(passwordRequest(ADMIN));
  const token = (await linkOf(server)).searchParams.get('token') ?? '';
  expect(await refusal(anybody.request(passwordReset(token, 'short')))).toBe('400 FAILED_VALIDATION');
  expect(await refusal(anybody.request(passwordReset('A'.repeat(43), NEW)))).toBe('403 INVALID_TOKEN');
  await anybody.request(passwordReset(token, NEW));
  expect(await refusal(anybody.request(passwordReset(token, NEW)))).toBe('403 FORBIDDEN');
  expect(await refusal(client.request(readMe())), 'all tokens have ended').toMatch(/^401 /);
  expect(await refusal(client.refresh())).toMatch(/^40[13] /);
  await anybody.login(ADMIN, NEW);
  await anybody.request(passwordRequest(ADMIN));
  const late = (await linkOf(server, ADMIN, 2)).searchParams.get('token') ?? '';
  await server.alter('UPDATE password_resets SET expires_at = expires_at - 3600000 WHERE used_at IS NULL');
  expect(await refusal(anybody.request(passwordReset(late, NEW)))).toBe('401 TOKEN_EXPIRED');
});

test('a link can lead to an allowed address', async ({ server }) => {
  await server.configure('password_reset_url_allow_list = ["https://app.example.org/reset"]\n');
  const { client } = directus(server);
  await client.request(passwordRequest(ADMIN, 'https://app.example.org/reset'));
  const link = await linkOf(server);
  expect(link.href).toMatch(/^https:\/\/app\.example\.org\/reset\?token=[\w-]{43}$/);
  for (const url of [
    'https://app.example.org.evil.example/reset',
    'https://app.example.org@evil.example/reset',
    'https://app.example.org/reset/../../evil',
    'https://app.example.org/resetting',
    'http://app.example.org/reset',
    'https://app.example.org:444/reset',
    '//app.example.org/reset',
    'javascript:alert(1)',
  ]) {
    expect(await refusal(client.request(passwordRequest(ADMIN, url))), url).toBe('400 INVALID_PAYLOAD');
  }
});

test('the providers are listed', async ({ server }) => {
  const okta = { name: 'okta', issuer: 'https://okta.example.org', client_id: 'doorstep' };
  const both = section({ ...okta, label: 'Okta', icon: 'okta', mode: 'cookie' }) + section({ ...okta, name: 'second' });
  await server.configure(both);
  const { client } = directus(server);
  const [first, second] = await client.request(readProviders());
  expect(first).toEqual({ name: 'okta', driver: 'openid', label: 'Okta', icon: 'okta' });
  expect(second).toEqual({ name: 'second', driver: 'openid' });
  expect(await client.request(readProviders(true))).toEqual([second]);
});

test('of concurrent refreshes with one token, one succeeds', async ({ server }) => {
  const { client, data } = await signedIn(server);
  const token = String(data.refresh_token);
  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => client.request(refresh('json', token))));
  const given = answers.filter((answer) => answer.status === 'fulfilled');
  expect(given).toHaveLength(1);
  const next = String(given[0]?.value.refresh_token);
  await client.request(refresh('json', next));
});

test('a token is refused on other surfaces', async ({ server }) => {
  const { data } = await signedIn(server);
  const headers = { authorization: `Bearer ${data.access_token}` };
  for (const path of ['/v1/me', '/openapi/v1/account', '/api/auth/me', '/api/auth/sessions']) {
    expect((await fetch(server.url + path, { headers })).status, path).toBe(401);
  }
});
