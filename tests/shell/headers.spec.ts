import type { APIResponse } from '@playwright/test';

import { signIn } from '../support/screens';
import { expect, test } from '../support/test';

const HASH = "'sha256-[A-Za-z0-9+/]{43}='";
/** With the hashes of the inline script and the two inline styles. */
const POLICY = new RegExp(
  `^default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${HASH}; style-src 'self' ${HASH} ${HASH}; ` +
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; " +
    "frame-ancestors 'none'$",
);

const EXACTLY = {
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const POWERS = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'publickey-credentials-get'];

function expectSecurityHeaders(answer: APIResponse): void {
  const headers = answer.headers();
  expect.soft(headers, answer.url()).toMatchObject(EXACTLY);
  expect.soft(headers['content-security-policy'], answer.url()).toMatch(POLICY);
  const granted = (headers['permissions-policy'] ?? '').split(', ').filter((power) => !/^[a-z-]+=\(\)$/.test(power));
  expect.soft(granted, `${answer.url()} grants a page powers`).toEqual([]);
  for (const power of POWERS) {
    expect.soft(headers['permissions-policy'], answer.url()).toContain(`${power}=()`);
  }
  expect.soft(headers['strict-transport-security'], 'the public URL is plain http').toBeUndefined();
  expect.soft(headers['access-control-allow-origin'], 'no other origin reads this').toBeUndefined();
}

test('every response has the security headers', async ({ request }) => {
  const html = await (await request.get('/login')).text();
  const asset = /\/assets\/[^"]+\.wasm/.exec(html)?.[0] ?? '';
  for (const [method, address, status] of [
    ['GET', '/login', 200],
    ['HEAD', '/login', 200],
    ['GET', '/', 200],
    ['GET', asset, 200],
    ['GET', '/api/auth/setup-status', 200],
    ['GET', '/api/auth/me', 401],
    ['POST', '/api/auth/login', 403],
    ['GET', '/api/auth/login', 405],
    ['GET', '/api/nowhere', 404],
    ['GET', '/nowhere', 404],
    ['GET', '/assets/nowhere.js', 404],
    ['DELETE', '/login', 405],
    ['GET', '/healthz', 200],
  ] as const) {
    const answer = await request.fetch(address, { method });
    expect.soft(answer.status(), `${method} ${address}`).toBe(status);
    expectSecurityHeaders(answer);
  }
});

test('pages with account data are not cached', async ({ page, server, request }) => {
  for (const address of ['/api/auth/setup-status', '/api/auth/me', '/api/nowhere']) {
    const answer = await request.get(address);
    expect.soft(answer.headers()['cache-control'], address).toBe('no-store');
  }
  // Pages without account data may be cached, but must be revalidated.
  for (const address of ['/', '/login', '/nowhere']) {
    const answer = await request.get(address);
    expect.soft(answer.headers()['cache-control'], address).toMatch(/^no-(cache|store)$/);
    expect.soft(answer.headers()['vary'], address).toContain('cookie');
  }
  await signIn(page, server);
  for (const address of ['/', '/login', '/nowhere', '/api/auth/setup-status', '/api/auth/me']) {
    const answer = await page.request.get(address);
    expect.soft(answer.headers()['cache-control'], `${address}, signed in`).toBe('no-store');
  }
});
