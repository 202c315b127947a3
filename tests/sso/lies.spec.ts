import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

import { LyingProvider } from '../support/lying_provider';
import { endsWith, goThrough, providerLink, sessionCount } from '../support/providers';
import { expect, test } from '../support/test';

const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The token with another header, signed accordingly. */
function resigned(token: string, header: object, signature: (signed: string) => string): string {
  const signed = `${encode(header)}.${token.split('.')[1]}`;
  return `${signed}.${signature(signed)}`;
}

test('a correct provider is accepted', async ({ page, server }) => {
  await using provider = await LyingProvider.beside(server);
  await goThrough(page, provider.label);
  await expect(page).toHaveURL('/');
  expect(await sessionCount(server)).toBe(1);
});

test.describe('an invalid assertion begins no session and shows an error:', () => {
  for (const [lie, claims] of [
    ['the nonce of another sign-in', () => ({ nonce: 'another' })],
    ['no nonce', () => ({ nonce: undefined })],
    ['the audience of another program', () => ({ aud: 'another' })],
    ['no audience', () => ({ aud: undefined })],
    ['several audiences, and not said who may present it', () => ({ aud: ['doorstep', 'another'] })],
    ['several audiences, for another to present', () => ({ aud: ['doorstep', 'another'], azp: 'another' })],
    ['another issuer', () => ({ iss: 'https://evil.example' })],
    ['the issuer with one stroke more', ({ issuer }: LyingProvider) => ({ iss: `${issuer}/` })],
    ['a token whose time is over', () => ({ iat: now() - 2 * HOUR, exp: now() - HOUR })],
    ['a token without an end', () => ({ exp: undefined })],
    ['a token for another client', () => ({ azp: 'another' })],
  ] as const) {
    test(lie, async ({ page, server }) => {
      await using provider = await LyingProvider.beside(server);
      provider.lies = claims(provider);
      await goThrough(page, provider.label, '/login?redirect=%2Faccount');
      await endsWith(page, 'INVALID_CREDENTIALS');
      await expect(page).toHaveURL('/login?redirect=%2Faccount');
      expect(await sessionCount(server)).toBe(0);
      // Correct claims are accepted.
      provider.lies = {};
      await providerLink(page, provider.label).click();
      await expect(page).toHaveURL('/account');
    });
  }

  for (const [lie, forge] of [
    ['a signature that does not fit', (token: string) => `${token.slice(0, -8)}AAAAAAAA`],
    ['no signature', (token: string) => resigned(token, { alg: 'none' }, () => '')],
    [
      'the signature of another key under the same name',
      (token: string) => {
        const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as object;
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        return resigned(token, header, (signed) => sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url'));
      },
    ],
    [
      'a signature with the client secret, which is not asked for',
      (token: string) =>
        resigned(token, { alg: 'HS256' }, (signed) =>
          createHmac('sha256', 'a secret of this test alone').update(signed).digest('base64url'),
        ),
    ],
    [
      'a signature with the public key as if it were a secret',
      (token: string, provider: LyingProvider) => {
        const key = createPublicKey({ key: provider.publicKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
        return resigned(token, { alg: 'HS256' }, (signed) => createHmac('sha256', key).update(signed).digest('base64url'));
      },
    ],
  ] as const) {
    test(lie, async ({ page, server }) => {
      await using provider = await LyingProvider.beside(server);
      provider.forge = (token) => forge(token, provider);
      await goThrough(page, provider.label);
      await endsWith(page, 'INVALID_CREDENTIALS');
      expect(await sessionCount(server)).toBe(0);
    });
  }

  test('user info of another subject', async ({ page, server }) => {
    await using provider = await LyingProvider.beside(server);
    provider.lies = { email: undefined, email_verified: undefined };
    provider.userInfo = { sub: 'somebody else', email: 'm@elsewhere.example', email_verified: true };
    await goThrough(page, provider.label);
    await endsWith(page, 'INVALID_CREDENTIALS');
    expect(await sessionCount(server)).toBe(0);
  });

  test('a discovery document of another issuer', async ({ page, server }) => {
    await using provider = await LyingProvider.beside(server);
    const { issuer } = provider;
    provider.issuer = 'https://evil.example';
    await goThrough(page, provider.label);
    await endsWith(page, 'INVALID_PROVIDER');
    expect(await sessionCount(server)).toBe(0);
    provider.issuer = issuer;
    await providerLink(page, provider.label).click();
    await expect(page, 'the failure is not cached').toHaveURL('/');
  });

  test('an invalid answer', async ({ page, server }) => {
    await using provider = await LyingProvider.beside(server);
    provider.forge = () => '<b>not a token</b>';
    await goThrough(page, provider.label);
    await endsWith(page, 'INVALID_CREDENTIALS');
    expect(await sessionCount(server)).toBe(0);
  });
});

test('the log contains nothing from a provider', async ({ page, server }) => {
  await using provider = await LyingProvider.beside(server);
  const tokens: string[] = [];
  provider.forge = (token) => {
    tokens.push(token);
    return token;
  };
  await goThrough(page, provider.label);
  await expect(page).toHaveURL('/');
  provider.lies = { nonce: 'another' };
  await page.context().clearCookies();
  await goThrough(page, provider.label);
  await endsWith(page, 'INVALID_CREDENTIALS');
  expect(tokens).toHaveLength(2);
  for (const token of tokens) expect(server.log).not.toContain(token.slice(0, 60));
  expect(server.log).toContain('sso_not_believed');
});
