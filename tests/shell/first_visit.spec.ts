import { createHash } from 'node:crypto';

import type { Response } from '@playwright/test';

import { recordRequests } from '../support/network';
import { open, running, signIn, signInForm, signInHere, welcome } from '../support/screens';
import { expect, test } from '../support/test';

for (const address of ['/login', '/']) {
  test(`a first visit to ${address} needs four requests, compressed and immutable`, async ({ page }) => {
    const requests = recordRequests(page);
    const assets: Response[] = [];
    page.on('response', (response) => {
      if (new URL(response.url()).pathname.startsWith('/assets/')) {
        assets.push(response);
      }
    });
    await open(page, address);
    await page.waitForLoadState('networkidle');

    // The page with styles and boot script, the app (2), translations.
    expect(requests.length, requests.map((request) => request.url()).join('\n')).toBe(4);
    // The icon needs no request, which Playwright would not report.
    await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', /^data:/);

    expect(assets).toHaveLength(3);
    for (const asset of assets) {
      const headers = await asset.allHeaders();
      const name = new URL(asset.url()).pathname;
      // Trunk writes a hash without leading zeros.
      expect(name, 'a hash is part of the name').toMatch(/-[0-9a-f]{8,16}(_bg)?\.(css|js|json|wasm)$/);
      expect(headers['content-encoding'], name).toBe('br');
      expect(headers['cache-control'], name).toContain('immutable');
      expect(headers['cache-control'], name).toContain('max-age=31536000');
    }
  });
}

test('the app sets a mark when it runs', async ({ page }) => {
  await open(page, '/login');
  const marks = await page.evaluate(() => performance.getEntriesByName('doorstep:running', 'mark').length);
  expect(marks).toBe(1);
});

test('a second visit gets 304', async ({ page }) => {
  await open(page, '/login');
  const requests = recordRequests(page);
  const answer = await page.goto('/login');
  await running(page);
  expect(answer?.status(), 'from the cache').toBe(200);
  expect(requests.map((request) => new URL(request.url()).pathname)).toContain('/login');
  const tag = (await answer?.allHeaders())?.['etag'] ?? '';
  const again = await page.request.get('/login', { headers: { 'if-none-match': tag, 'accept-encoding': 'br' } });
  expect([again.status(), (await again.body()).length]).toEqual([304, 0]);
});

test('scripts and styles have checksums, or are inline with a hash in the policy', async ({ page, server }) => {
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

test('every preload is used', async ({ page, server, provokes }) => {
  provokes.status(404);
  await signIn(page, server);
  const openInTab = async (address: string) => {
    const tab = await page.context().newPage();
    await open(tab, address);
    return tab;
  };
  const tabs = await Promise.all(['/', '/login', '/nowhere'].map(openInTab));
  // Chromium warns a few seconds after the load, which the guard records.
  await Promise.all(tabs.map((tab) => tab.waitForTimeout(6_000)));
});

test('a page that needs a session has the sign-in form, and the address changes', async ({
  page,
  server,
}) => {
  const logins = recordRequests(page, '/login');
  await open(page, '/');
  await expect(signInForm(page).heading).toBeVisible();
  await expect(signInForm(page).username).toBeFocused();
  await expect(page).toHaveURL('/login');
  expect(logins, 'no redirect').toHaveLength(0);
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveURL('/');
});

test('an ended session leads to the sign-in and back', async ({ page, server }) => {
  await signIn(page, server);
  // The requests of the home page are answered.
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
    test(`the HTML of ${address} has an explanation in place of the form`, async ({ page }) => {
      await page.goto(address);
      const form = signInForm(page);
      await expect(form.heading).toBeVisible();
      for (const control of [form.username, form.password, form.submit]) {
        await expect(control, 'it would do nothing').toBeHidden();
      }
      await expect(page.getByRole('heading', { name: 'JavaScript is turned off' })).toBeVisible();
      await expect(page.getByRole('paragraph').filter({ hasText: 'This page requires JavaScript' })).toBeVisible();
      await expect(page).toHaveTitle('Sign in – Doorstep');
    });
  }
});

test('the page without JavaScript passes axe', async ({ page, provokes, checkAccessibility }) => {
  provokes.perhaps(/was preloaded using link preload but not used/);
  // axe itself is JavaScript: the scripts are removed, and `noscript` is shown.
  await page.route('/login', async (route) => {
    const response = await route.fetch();
    const html = (await response.text()).replace(/<script>.*?<\/script>/gs, '').replaceAll('noscript>', 'div>');
    await route.fulfill({ response, body: html });
  });
  await page.goto('/login');
  await expect(page.getByRole('heading', { name: 'JavaScript is turned off' })).toBeVisible();
  await checkAccessibility();
});
