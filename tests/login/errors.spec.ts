import type { Locator } from '@playwright/test';

import { fillIn, open, signInForm, welcome } from '../support/screens';
import { hold, loseAnswer, recordRequests } from '../support/network';
import { expect, test } from '../support/test';

const box = async (element: Locator) => (await element.boundingBox())!;

/** Expects an element below another one, and above a third one. */
async function isBetween(element: Locator, upper: Locator, lower: Locator): Promise<void> {
  const [above, { y, height }, below] = [await box(upper), await box(element), await box(lower)];
  expect(y).toBeGreaterThanOrEqual(above.y + above.height);
  expect(y + height).toBeLessThanOrEqual(below.y);
}

test('a wrong password keeps the username and can be corrected', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.status(401);
  await open(page, '/login');
  const form = signInForm(page);
  await fillIn(page, server.username, 'not the password');
  await form.password.press('Enter');

  await expect(form.alert).toHaveCount(1);
  await expect(form.alert).toHaveText('Incorrect username or password.');
  await isBetween(form.alert, form.heading, form.username);
  await expect(form.username).toHaveValue(server.username);
  await expect(form.password).toHaveValue('');
  await expect(form.password).toBeFocused();
  for (const field of [form.username, form.password]) {
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription('Incorrect username or password.');
  }
  await expect(form.submit).toHaveText('Sign in');
  await checkAccessibility();

  await page.keyboard.type(server.password);
  await page.keyboard.press('Enter');
  await expect(welcome(page)).toBeVisible();
});

test('an unknown username has the same error as a wrong password', async ({ page, server, provokes }) => {
  provokes.status(401);
  await open(page, '/login');
  await fillIn(page, 'nobody', server.password);
  await signInForm(page).submit.click();
  await expect(signInForm(page).alert).toHaveText('Incorrect username or password.');
  await expect(signInForm(page).password).toBeFocused();
});

test('a missing value shows an error without a request, and gets the focus', async ({
  page,
  server,
  checkAccessibility,
}) => {
  const logins = recordRequests(page, '/api/auth/login');
  await open(page, '/login');
  const form = signInForm(page);

  for (const blank of ['', '   ']) {
    await fillIn(page, blank, server.password);
    await form.password.press('Enter');
    await expect(form.alert).toHaveText('Enter your username or email.');
    await expect(form.alert).toHaveCount(1);
    await isBetween(form.alert, form.username, form.password);
    await expect(form.username).toBeFocused();
    await expect(form.username).toHaveAttribute('aria-invalid', 'true');
    await expect(form.password).not.toHaveAttribute('aria-invalid');
    await expect(form.password).toHaveValue(server.password);
  }
  await checkAccessibility();

  await fillIn(page, server.username, '');
  await form.submit.click();
  await expect(form.alert).toHaveText('Enter your password.');
  await isBetween(form.alert, form.password, form.submit);
  await expect(form.password).toHaveAccessibleDescription('Enter your password.');
  await expect(form.password).toBeFocused();
  await expect(form.password).toHaveAttribute('aria-invalid', 'true');
  await expect(form.password).toHaveAccessibleDescription('Enter your password.');
  await expect(form.username).not.toHaveAttribute('aria-invalid');
  await expect(form.username, 'an error describes the field at fault only').toHaveAccessibleDescription('');
  await expect(form.username).toHaveValue(server.username);
  expect(logins).toHaveLength(0);
});

test('a busy button shows so and can not be pressed again', async ({ page, server, checkAccessibility }) => {
  const logins = recordRequests(page, '/api/auth/login');
  await open(page, '/login');
  const answer = await hold(page, '**/api/auth/login');
  await fillIn(page, server.username, server.password);
  const form = signInForm(page);
  for (let press = 0; press < 4; press++) {
    await form.password.press('Enter');
  }
  await expect(form.submit).toHaveText('Signing in…');
  await expect(form.submit).toHaveAttribute('aria-busy', 'true');
  await expect(form.submit).toHaveAttribute('aria-disabled', 'true');
  await form.submit.click({ force: true });
  await form.submit.press('Space');
  await checkAccessibility();

  answer.release();
  await expect(welcome(page)).toBeVisible();
  expect(logins).toHaveLength(1);
});

test('an unreachable server loses no input', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.networkFailure();
  await open(page, '/login');
  await fillIn(page, server.username, server.password);
  const form = signInForm(page);
  await server.kill9();
  await form.password.press('Enter');

  await expect(form.alert).toHaveText("The server can't be reached. Your entries are kept. Try again.");
  await expect(form.username).toHaveValue(server.username);
  await expect(form.password).toHaveValue(server.password);
  await expect(form.submit).toBeFocused();
  await expect(form.submit).not.toHaveAttribute('aria-disabled');
  await checkAccessibility();

  await server.start();
  await page.keyboard.press('Enter');
  await expect(welcome(page)).toBeVisible();
});

test('a sign-in can be repeated after a lost answer', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  await open(page, '/login');
  await loseAnswer(page, '**/api/auth/login');
  await fillIn(page, server.username, server.password);
  const form = signInForm(page);
  await form.submit.click();
  await expect(form.alert).toHaveText(/can't be reached/);
  await form.submit.click();
  await expect(welcome(page)).toBeVisible();
});

test('an error of a proxy loses no input', async ({ page, server, provokes }) => {
  provokes.status(502);
  await open(page, '/login');
  const form = signInForm(page);
  await page.route('**/api/auth/login', (route) => route.fulfill({ status: 502, body: '<html>Bad Gateway</html>' }), {
    times: 1,
  });
  await fillIn(page, server.username, server.password);
  await form.submit.click();
  await expect(form.alert).toContainText("The server can't be reached");
  await expect(form.password).toHaveValue(server.password);
  await form.submit.click();
  await expect(welcome(page)).toBeVisible();
});
