import type { BrowserContext, Page } from '@playwright/test';

import { Guard } from './support/guard';
import { expect, test } from './support/test';

const HEAD = '<title>A page</title><meta name="viewport" content="width=device-width">';
const STRICT = { 'content-security-policy': "default-src 'none'" };

/** A page in a separate context with its own guard, so that findings do not fail the test. */
async function watched(context: BrowserContext): Promise<{ guard: Guard; page: Page }> {
  const guard = await Guard.watch(context);
  return { guard, page: await context.newPage() };
}

/** Serves a page at a local address without a server. */
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

  test('a text without contrast', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    await serve(page, '<p style="color: #bbb">Pale.</p>');
    await guard.checkOpenPages();
    expect(guard.verdict()).toEqual([expect.stringContaining('axe: color-contrast')]);
  });

  test('a field for a secret or a code with spell checking, autocorrection or capitalization', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    const label = (text: string, input: string) => `<p><label>${text} <input ${input}></label></p>`;
    const alone = 'spellcheck="false" autocorrect="off"';
    await serve(
      page,
      label('Password', `type="password" ${alone} autocapitalize="none"`) +
        label('Device code', `name="user-code" ${alone} autocapitalize="characters"`) +
        label('Title', 'name="title" spellcheck="false" autocapitalize="sentences"') +
        label('Bare', 'id="bare"') +
        label('Spelled', 'id="spelled" type="password" autocorrect="off" autocapitalize="none"') +
        label('Corrected', 'id="corrected" spellcheck="false" autocapitalize="none"') +
        label('Code', `name="a-code" ${alone} autocapitalize="sentences"`),
    );
    await guard.checkOpenPages();
    const found = ['id="bare"', 'id="spelled"', 'id="corrected"', 'name="a-code"'];
    expect(guard.verdict()).toEqual(found.map((field) => expect.stringContaining(field)));
  });

  test('a blocked inline script, also on a page that was left', async ({ browser }) => {
    await using context = await browser.newContext();
    const { guard, page } = await watched(context);
    await serve(page, '<script>document.title = "run";</script>', { headers: STRICT });
    await page.goto('about:blank');
    expect(guard.verdict()).toContainEqual(expect.stringMatching(/^policy violation: script-src-elem blocked inline/));
  });

  test('an uncaught error', async ({ browser }) => {
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

  test('an unexpected error status, and an expected one that is missing', async ({ browser }) => {
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
    expect(guard.verdict(), 'an expectation must precede the response').toHaveLength(3);
  });
});

test('a test without findings passes', async ({ page }) => {
  await page.goto('/login');
});

// These must fail: each would pass without the guard.
test.describe('expected to fail', () => {
  test.fail();

  test('a test whose page logs an error', async ({ page }) => {
    await page.goto('/login');
    await page.evaluate(() => console.error('an error'));
  });

  test('a test that ends on a page without a label', async ({ page }) => {
    await page.goto('/login');
    await page.getByLabel('Username or email').evaluate((input) => input.removeAttribute('id'));
  });
});
