import { alertsIn } from '../support/alerts';
import { cut, hold, recordRequests } from '../support/network';
import { accountMenu, fillIn, open, running, signIn, signInForm, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('a browser without WebAssembly shows an explanation', async ({ page, provokes, checkAccessibility }) => {
  // The browser may warn of the unused preload.
  provokes.perhaps(/was preloaded using link preload but not used/);
  await page.addInitScript(() => Reflect.deleteProperty(window, 'WebAssembly'));
  await page.goto('/login');
  const block = alertsIn(page);
  await expect(block.getByRole('heading', { name: "This browser isn't supported" })).toBeVisible();
  await expect(block).toContainText('Use a current browser');
  await expect(block.getByRole('heading')).toHaveCount(1);
  await checkAccessibility();
});

for (const [what, address] of [
  ['WebAssembly', '**/*.wasm'],
  ['JavaScript', '**/sign-in-*.js'],
  ['words', '**/words-*.json'],
] as const) {
  test(`a page without its ${what} shows an error, keeps what was typed, and can be reloaded`, async ({
    page,
    server,
    provokes,
    checkAccessibility,
  }) => {
    provokes.networkFailure();
    provokes.perhaps(/was preloaded using link preload but not used|Failed to fetch/);
    await cut(page, address);
    await page.goto('/login', { waitUntil: 'domcontentloaded' });
    const block = alertsIn(page);
    await expect(block.getByRole('heading', { name: 'Part of the page did not load' })).toBeVisible();
    await fillIn(page, server.username, server.password);
    await page.keyboard.press('Enter');
    await expect(signInForm(page).password).toHaveValue(server.password);
    await expect(page).toHaveURL('/login');
    await checkAccessibility();

    await page.unroute(address);
    await block.getByRole('button', { name: 'Reload the page' }).click();
    await running(page);
    await expect(block).toHaveCount(0);
  });
}

test('a slow start of the app is explained', async ({ page, provokes }) => {
  provokes.perhaps(/was preloaded using link preload but not used/);
  await hold(page, '**/sign-in-*.js');
  await page.goto('/login', { waitUntil: 'commit' });
  const text = page.getByText('This is taking longer than usual. You can keep typing.');
  await expect(text).toBeHidden();
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  await expect(text).toBeVisible();
});

test('a panic of the app shows an error', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  // The panic, and the trap that follows.
  provokes.console(/panicked at/);
  provokes.pageError(/unreachable/);
  await signIn(page, server);
  const block = alertsIn(page);
  await expect(block).toHaveCount(0);
  await page.evaluate(() => {
    const create = document.createElement.bind(document);
    document.createElement = (name: string) => {
      if (name === 'nav') throw new Error('a browser that refuses what the page relies on');
      return create(name);
    };
  });
  await accountMenu(page).button.click();
  await page.getByRole('menuitem', { name: 'Account settings', exact: true }).click();
  await expect(block.getByRole('heading', { name: 'This page stopped working' })).toBeVisible();
  await checkAccessibility();
  await block.getByRole('button', { name: 'Reload the page' }).click();
  await running(page);
  await expect(block).toHaveCount(0);
});

test('a running app shows no such error', async ({ page, server }) => {
  const requests = recordRequests(page, '/login');
  await open(page, '/login');
  await expect(page.getByText('This page stopped working')).toBeHidden();
  await expect(page.getByText('This is taking longer than usual')).toBeHidden();
  await fillIn(page, server.username, server.password);
  await signInForm(page).submit.click();
  await expect(welcome(page)).toBeVisible();
  expect(requests, 'the page was loaded once').toHaveLength(1);
});
