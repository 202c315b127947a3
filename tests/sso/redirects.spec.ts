import { get } from 'node:http';

import { HOSTILE } from '../support/hostile';
import { OpenIdProvider } from '../support/openid_provider';
import { goThrough, openIdentities } from '../support/providers';
import { resetLink, resetPage } from '../support/resets';
import { open, running, signIn } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const ALLOWED = 'https://app.example.org/done';

/** The server's answer to a navigation, without following it. */
async function navigate(server: Server, path: string): Promise<{ status: number; location: string; text: string }> {
  const answer = await fetch(server.url + path, { redirect: 'manual', headers: { connection: 'close' } });
  return { status: answer.status, location: answer.headers.get('location') ?? '', text: await answer.text() };
}

const start = (redirect: string) => `/auth/login/elsewhere?redirect=${encodeURIComponent(redirect)}`;

test('no hostile return URL is sent to a provider', async ({ server }) => {
  await using provider = await OpenIdProvider.beside(server);
  expect(HOSTILE.length).toBeGreaterThan(100);
  const taken: string[] = [];
  for (const text of HOSTILE) {
    const { status, text: body } = await navigate(server, start(text));
    if (status !== 400 || !body.includes('"INVALID_PAYLOAD"')) taken.push(`${JSON.stringify(text)}: ${status}`);
  }
  expect(taken).toEqual([]);
  expect(provider.asked).toHaveLength(0);
});

test('no hostile return URL is followed after a callback', async ({ server }) => {
  await using _provider = await OpenIdProvider.beside(server);
  const strays: string[] = [];
  for (const text of HOSTILE) {
    const hostile = encodeURIComponent(text);
    for (const query of [`state=${hostile}&code=x`, `state=x&code=x&redirect=${hostile}`, `state=x&error=${hostile}`]) {
      const { status, location } = await navigate(server, `/auth/login/elsewhere/callback?${query}`);
      if (status !== 302 || location !== '/login?reason=STATE_EXPIRED&redirect=%2F') strays.push(`${query}: ${status} ${location}`);
    }
  }
  expect(strays).toEqual([]);
});

test('an address of another origin must match exactly', async ({ server }) => {
  await using provider = await OpenIdProvider.beside(server, { redirect_allow_list: [ALLOWED] });
  expect((await navigate(server, start(ALLOWED))).location).toMatch(new RegExp(`^${provider.issuer}/auth\\?`));
  for (const other of [
    `${ALLOWED}/`,
    `${ALLOWED}/more`,
    `${ALLOWED}#here`,
    'https://app.example.org/',
    'http://app.example.org/done',
    'https://app.example.org:8443/done',
    'https://user@app.example.org/done',
    'https://app.example.org.evil.example/done',
    'https://app.example.org%2eevil.example/done',
    'https://evil.example/?https://app.example.org/done',
    'https://app.example.org\\@evil.example/done',
  ]) {
    const { status } = await navigate(server, start(other));
    expect(status, other).toBe(400);
  }
});

test('an allowed address gets only the reason of a failure', async ({ server }) => {
  await using provider = await OpenIdProvider.beside(server, { redirect_allow_list: [ALLOWED] });
  await provider.stop();
  const { status, location } = await navigate(server, start(`${ALLOWED}?reason=none&keep=x`));
  expect([status, location]).toEqual([302, `${ALLOWED}?reason=SERVICE_UNAVAILABLE`]);
});

test('the callback has the public URL, whatever the request headers are', async ({ server }) => {
  await using provider = await OpenIdProvider.beside(server);
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
  const location = await new Promise<string>((resolve, reject) => {
    const request = get(`${server.url}/auth/login/elsewhere`, { headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.headers.location ?? '');
    });
    request.on('error', reject);
  });
  expect(location).not.toContain('evil');
  expect(new URL(location).searchParams.get('redirect_uri')).toBe(`${server.url}/auth/login/${provider.name}/callback`);
});

test('an unknown provider is refused', async ({ server }) => {
  await using _provider = await OpenIdProvider.beside(server);
  for (const name of ['nobody', 'default', '%2f', 'Elsewhere', '%00', 'x'.repeat(300)]) {
    const { status, text } = await navigate(server, `/auth/login/${name}`);
    expect(status, name).toBe(403);
    expect(text).toContain('"INVALID_PROVIDER"');
  }
});

test('a hostile return URL beside a reason leads to the home page', async ({ page, server }) => {
  await using provider = await OpenIdProvider.beside(server, { allow_registration: true });
  await goThrough(page, provider.label, '/login?reason=ACCESS_DENIED&redirect=%2F%2Fevil.example%2F');
  await expect(page).toHaveURL('/');
  await openIdentities(page);
});

test('a link of a mail does not lead to another origin', async ({ page, server }) => {
  const link = await resetLink(server);
  await page.goto(`${link.href}&redirect=%2F%2Fevil.example&reset_url=https%3A%2F%2Fevil.example`);
  await running(page);
  await expect(page).toHaveURL('/reset-password');
  await resetPage(page).password.fill('nine herons under lisbon');
  await resetPage(page).submit.click();
  await resetPage(page).signIn.click();
  await expect(page).toHaveURL('/login');
});

test('a reason in the address changes nothing for a signed-in user', async ({ page, server }) => {
  await signIn(page, server);
  await open(page, '/login?reason=%3Cb%3E&redirect=%2Faccount');
  await expect(page.getByRole('heading', { name: 'You are already signed in' })).toBeVisible();
  await expect(page).toHaveURL('/login?redirect=%2Faccount');
  await page.getByRole('button', { name: 'Continue as admin' }).click();
  await expect(page).toHaveURL('/account');
});
