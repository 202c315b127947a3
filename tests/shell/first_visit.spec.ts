import { createHash } from 'node:crypto';

import type { Response } from '@playwright/test';

import { recordRequests } from '../support/network';
import { open, running, signIn, signInForm, signInHere, welcome } from '../support/screens';
import { expect, test } from '../support/test';

for (const address of ['/login', '/']) {
  test(`a first visit to ${address} needs four requests, packed and kept for ever`, async ({ page }) => {
    const requests = recordRequests(page);
    const assets: Response[] = [];
    page.on('response', (response) => {
      if (new URL(response.url()).pathname.startsWith('/assets/')) {
        assets.push(response);
      }
    });
    await open(page, address);
    await page.waitForLoadState('networkidle');

    // The page with styles and boot script, the app (2), words.
    expect(requests.length, requests.map((request) => request.url()).join('\n')).toBe(4);
    // Nor is a file of its own needed for the icon, which Playwright would not report.
    await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', /^data:/);

    expect(assets).toHaveLength(3);
    for (const asset of assets) {
      const headers = await asset.allHeaders();
      const name = new URL(asset.url()).pathname;
      // Trunk writes a hash without the zeros that it begins with.
      expect(name, 'a hash is part of the name').toMatch(/-[0-9a-f]{8,16}(_bg)?\.(css|js|json|wasm)$/);
      expect(headers['content-encoding'], name).toBe('br');
      expect(headers['cache-control'], name).toContain('immutable');
      expect(headers['cache-control'], name).toContain('max-age=31536000');
    }
  });
}

test('the app says when its handlers are attached', async ({ page }) => {
  await open(page, '/login');
  const marks = await page.evaluate(() => performance.getEntriesByName('doorstep:running', 'mark').length);
  expect(marks).toBe(1);
});

test('a second visit is told that nothing has changed', async ({ page }) => {
  await open(page, '/login');
  const requests = recordRequests(page);
  const answer = await page.goto('/login');
  await running(page);
  expect(answer?.status(), 'what the browser had is shown').toBe(200);
  expect(requests.map((request) => new URL(request.url()).pathname)).toContain('/login');
  const tag = (await answer?.allHeaders())?.['etag'] ?? '';
  const again = await page.request.get('/login', { headers: { 'if-none-match': tag, 'accept-encoding': 'br' } });
  expect([again.status(), (await again.body()).length]).toEqual([304, 0]);
});

test('scripts and styles carry checksums, or are inline and named by the policy', async ({ page, server }) => {
  const answer = await page.goto('/login');
  const policy = (await answer?.allHeaders())?.['content-security-policy'] ?? '';
  for (const kind of ['script:not([src]):not([type="application/json"])', 'style']) {
    const texts = await page.locator(kind).allTextContents();
    expect(texts).toHaveLength(1);
    for (const text of texts) {
      expect(policy).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    }
  }
  await expect(page.locator('link[rel=stylesheet], script[src]')).toHaveCount(0);
  await signIn(page, server);
  for (const loads of ['script[src]', 'link[rel=stylesheet]', 'link[rel=modulepreload]']) {
    await expect(page.locator(loads)).not.toHaveCount(0);
    await expect(page.locator(`${loads}:not([integrity])`), 'those without a checksum').toHaveCount(0);
  }
  await expect(page.locator('[style], [onclick], [onload], [onsubmit]')).toHaveCount(0);
});

test('nothing is loaded ahead in vain', async ({ page, server, provokes }) => {
  provokes.status(404);
  await signIn(page, server);
  const openInTab = async (address: string) => {
    const tab = await page.context().newPage();
    await open(tab, address);
    return tab;
  };
  const tabs = await Promise.all(['/', '/login', '/nowhere'].map(openInTab));
  // Chromium takes a few seconds after the load before it complains, which the guard hears.
  await Promise.all(tabs.map((tab) => tab.waitForTimeout(6_000)));
});

test('whoever opens a page without being signed in gets the form there, and the address follows', async ({
  page,
  server,
}) => {
  const logins = recordRequests(page, '/login');
  await open(page, '/');
  await expect(signInForm(page).heading).toBeVisible();
  await expect(signInForm(page).username).toBeFocused();
  await expect(page).toHaveURL('/login');
  expect(logins, 'no redirect, no second trip').toHaveLength(0);
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveURL('/');
});

test('a session that has ended meanwhile leads to the form and back', async ({ page, server }) => {
  await signIn(page, server);
  // What the start page asks for has come.
  await expect(page.locator('.events')).toBeVisible();
  await page.context().clearCookies();
  await page.reload();
  await running(page);
  await expect(signInForm(page).heading).toBeVisible();
  await expect(page).toHaveURL('/login');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  for (const address of ['/', '/login']) {
    test(`the form is in the HTML of ${address}, and a text says what is needed`, async ({ page }) => {
      await page.goto(address);
      const form = signInForm(page);
      await expect(form.heading).toBeVisible();
      await expect(form.username).toBeVisible();
      await expect(form.password).toBeVisible();
      await expect(form.submit).toBeVisible();
      await expect(page.getByRole('heading', { name: 'JavaScript is turned off' })).toBeVisible();
      await expect(page.getByRole('paragraph').filter({ hasText: 'Signing in requires JavaScript' })).toBeVisible();
      await expect(page).toHaveTitle('Sign in – Doorstep');
    });
  }
});

test('what is shown without JavaScript passes axe as well', async ({ page, provokes, checkAccessibility }) => {
  provokes.perhaps(/was preloaded using link preload but not used/);
  // axe itself is JavaScript: so the scripts go, and what they would hide is shown.
  await page.route('/login', async (route) => {
    const response = await route.fetch();
    const html = (await response.text()).replace(/<script>.*?<\/script>/gs, '').replaceAll('noscript>', 'div>');
    await route.fulfill({ response, body: html });
  });
  await page.goto('/login');
  await expect(page.getByRole('heading', { name: 'JavaScript is turned off' })).toBeVisible();
  await checkAccessibility();
});
