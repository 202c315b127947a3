import type { BrowserContext, Page } from '@playwright/test';

import { Guard } from './support/guard';
import { expect, test } from './support/test';

const HEAD = '<title>A page</title><meta name="viewport" content="width=device-width">';
const STRICT = { 'content-security-policy': "default-src 'none'" };

/** A page of a context of its own under a guard of its own, so that what is found does not fail the test itself. */
async function watched(context: BrowserContext): Promise<{ guard: Guard; page: Page }> {
  const guard = await Guard.watch(context);
  return { guard, page: await context.newPage() };
}

/** Serves a page at an address of this machine without asking any server. */
async function serve(page: Page, body: string, { head = HEAD, headers = {} } = {}): Promise<void> {
  const content = `<body><main><h1>A page</h1>${body}</main></body>`;
  const html = `<!doctype html><html lang="en"><head>${head}</head>${content}</html>`;
  await page.route('http://127.0.0.1:9/', (route) => route.fulfill({ contentType: 'text/html', headers, body: html }));
  await page.goto('http://127.0.0.1:9/');
}

test.describe('what the guard finds', () => {
  test('nothing on a faultless page', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    await serve(page, '<p>Nothing wrong.</p>', { headers: STRICT });
    await page.evaluate(() => console.log('said in passing'));
    await guard.checkOpenPages();
    expect(guard.verdict()).toEqual([]);
  });

  test('a text without contrast, wherever axe looks', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    await serve(page, '<p style="color: #bbb">Pale.</p>');
    await guard.checkOpenPages();
    expect(guard.verdict()).toEqual([expect.stringContaining('axe: color-contrast')]);
  });

  test('an inline script that the policy blocks, even on a page that was left since', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    await serve(page, '<script>document.title = "run";</script>', { headers: STRICT });
    await page.goto('about:blank');
    expect(guard.verdict()).toContainEqual(expect.stringMatching(/^policy violation: script-src-elem blocked inline/));
  });

  test('an error that nobody caught', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    await serve(page, '<script>setTimeout(() => { throw new Error("thrown"); });</script>');
    await expect.poll(() => guard.verdict()).toEqual(['page error: thrown']);
  });

  test('errors and warnings on the console', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    await serve(page, '<script>console.error("an error"); console.warn("a warning");</script>');
    await expect.poll(() => guard.verdict()).toEqual(['console error: an error', 'console warning: a warning']);
  });

  test('a preload that nothing uses', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    await page.route('**/unused.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await serve(page, '', { head: `${HEAD}<link rel="preload" as="script" href="/unused.js">` });
    const complaint = expect.stringContaining('was preloaded using link preload but not used');
    await expect.poll(() => guard.verdict()).toEqual([complaint]);
  });

  test('a request to another machine', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    guard.provokes.networkFailure();
    await serve(page, '<img src="https://elsewhere.example/pixel.gif" alt="">');
    await expect.poll(() => guard.verdict()).toEqual([
      'request to another machine: https://elsewhere.example/pixel.gif',
    ]);
  });

  test('a refusal that the test did not announce, and an announced one that did not come', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    await page.route('**/refused', (route) => route.fulfill({ status: 403 }));
    guard.provokes.status(401);
    await serve(page, '<script>void fetch("/refused");</script>');
    await expect.poll(() => guard.verdict()).toEqual([
      expect.stringContaining('status of 403'),
      'was to be provoked and did not come: status 401',
    ]);
    guard.provokes.status(403);
    expect(guard.verdict(), 'an announcement comes before what it announces').toHaveLength(3);
  });
});

test('a test whose pages do nothing wrong passes', async ({ page }) => {
  await page.goto('/login');
});

// These are right when they fail: each would pass without the guard.
test.describe('expected to fail', () => {
  test.fail();

  test('a test whose page says an error', async ({ page }) => {
    await page.goto('/login');
    await page.evaluate(() => console.error('an error'));
  });

  test('a test that ends on a page without a label', async ({ page }) => {
    await page.goto('/login');
    await page.getByLabel('Username or email').evaluate((input) => input.removeAttribute('id'));
  });
});
