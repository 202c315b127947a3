import type { Page } from '@playwright/test';

import { fillIn, running, signInForm, welcome } from '../support/screens';
import { hold, recordRequests } from '../support/network';
import { expect, test } from '../support/test';

/** Opens the sign-in page without loading the WebAssembly. */
async function openWithoutApp(page: Page): Promise<{ release: () => void }> {
  const held = await hold(page, '**/*.wasm');
  await page.goto('/login', { waitUntil: 'domcontentloaded' });
  return held;
}

test('an early submit is carried out when the app runs', async ({ page, server }) => {
  const logins = recordRequests(page, '/api/auth/login');
  const started = Date.now();
  const app = await openWithoutApp(page);
  const form = signInForm(page);
  await expect(form.heading).toBeVisible();
  await expect(form.username).toBeFocused();
  await page.keyboard.type(server.username);
  await page.keyboard.press('Tab');
  await expect(form.password).toBeFocused();
  await page.keyboard.type(server.password);
  await page.keyboard.press('Enter');

  await page.waitForTimeout(Math.max(0, started + 3_000 - Date.now()));
  await expect(page.locator('html')).not.toHaveAttribute('data-running');
  await expect(page, 'no navigation, no password in the URL').toHaveURL('/login');
  await expect(form.password).toHaveValue(server.password);
  expect(logins).toHaveLength(0);

  app.release();
  await expect(welcome(page)).toBeVisible();
  expect(logins).toHaveLength(1);
  expect(logins[0]?.method()).toBe('POST');
  expect(logins[0]?.postDataJSON()).toMatchObject({ username: server.username, password: server.password });
});

test('a repeated early submit is carried out once', async ({ page, server }) => {
  const logins = recordRequests(page, '/api/auth/login');
  const app = await openWithoutApp(page);
  await fillIn(page, server.username, server.password);
  for (let press = 0; press < 3; press++) {
    await page.keyboard.press('Enter');
    await signInForm(page).submit.click();
  }
  app.release();
  await expect(welcome(page)).toBeVisible();
  expect(logins).toHaveLength(1);
});

test('an early submit with a wrong password is refused like any other', async ({ page, server, provokes }) => {
  provokes.status(401);
  const app = await openWithoutApp(page);
  await fillIn(page, server.username, 'not the password');
  await page.keyboard.press('Enter');
  app.release();
  const form = signInForm(page);
  await expect(form.alert).toHaveText('Incorrect username or password.');
  await expect(form.password).toBeFocused();
  await expect(form.password).toHaveValue('');
});

test('an early submit of an incomplete form shows an error', async ({ page, server }) => {
  const logins = recordRequests(page, '/api/auth/login');
  const app = await openWithoutApp(page);
  const form = signInForm(page);
  await expect(form.username).toBeFocused();
  await page.keyboard.type(server.username);
  await page.keyboard.press('Enter');
  app.release();
  await expect(form.alert).toHaveText('Enter your password.');
  await expect(form.password).toBeFocused();
  await expect(form.username).toHaveValue(server.username);
  expect(logins).toHaveLength(0);
});

test('the app adopts the fields with text, focus and caret', async ({ page, checkAccessibility }) => {
  const app = await openWithoutApp(page);
  const form = signInForm(page);
  await form.password.fill('half a pass');
  await form.username.focus();
  await page.keyboard.type('admn');
  await page.keyboard.press('ArrowLeft');
  const nodes = page.locator('form, form input');
  await nodes.evaluateAll((all) => all.forEach((node) => Object.assign(node, { painted: true })));
  await checkAccessibility();

  app.release();
  await running(page);
  await page.keyboard.type('i');
  await expect(form.username, 'the caret has not moved').toHaveValue('admin');
  await expect(form.username).toBeFocused();
  await expect(form.password).toHaveValue('half a pass');
  const painted = await nodes.evaluateAll((all) => all.map((node) => 'painted' in node));
  expect(painted, 'the form and its two fields').toEqual([true, true, true]);
  await expect(form.alert, 'nothing was submitted').toHaveCount(0);
});
