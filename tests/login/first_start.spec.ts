import { type Page } from '@playwright/test';

import { alertsIn } from '../support/alerts';
import { loseAnswer } from '../support/network';
import { accountMenu, askWhoIs, fillIn, sessionToken, signInForm, signInHere, welcome } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

test.use({ setUp: false });

/** The stage for a new password. */
function chooser(page: Page) {
  return {
    heading: page.getByRole('heading', { level: 1, name: 'Set up your account' }),
    username: page.getByLabel('Username', { exact: true }),
    email: page.getByLabel('Email'),
    password: page.getByLabel('New password', { exact: true }),
    submit: page.getByRole('button', { name: /^Sav(e and continue|ing)/ }),
    alert: alertsIn(page),
    rule: (text: string) => page.getByRole('listitem').filter({ hasText: text }),
  };
}

async function signInFirst(page: Page, server: Server): Promise<void> {
  await fillIn(page, server.username, server.firstPassword);
  await signInForm(page).submit.click();
}

test('the initial password must be replaced first', async ({ page, server, checkAccessibility }) => {
  await page.goto('/login?redirect=%2F%3Ffrom%3Dfar');
  await signInFirst(page, server);
  const form = chooser(page);
  await expect(form.heading).toBeFocused();
  await checkAccessibility();
  const first = (await sessionToken(page)) ?? '';

  await page.goto('/');
  await expect(page, 'it can not be bypassed').toHaveURL('/login');
  await expect(form.heading).toBeVisible();
  await page.goto('/login?redirect=%2F%3Ffrom%3Dfar');

  await expect(form.username).toHaveValue('admin');
  await expect(form.email, 'the placeholder is not filled in').toHaveValue('');
  await form.password.fill(server.password);
  await form.submit.click();
  await expect(welcome(page)).toBeVisible();
  await expect(page, 'the return URL').toHaveURL('/?from=far');
  expect(await askWhoIs(server, first), 'the old session has ended').toMatchObject({ status: 401 });

  const menu = accountMenu(page);
  await menu.button.click();
  await menu.logOut.click();
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
});

test('a weak password shows an error while it is typed and when it is sent', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  await page.goto('/login');
  await signInFirst(page, server);
  const form = chooser(page);
  const [length, own] = [form.rule('at least 12 characters'), form.rule('your name')];
  for (const rule of [length, own]) await expect(rule).not.toHaveClass(/kept/);

  await form.password.fill('short');
  await form.submit.click();
  await expect(form.alert).toHaveText('This password is too short. Choose a longer one.');
  await expect(form.password).toBeFocused();
  await expect(form.password).toHaveAttribute('aria-invalid', 'true');
  await checkAccessibility();

  await form.password.fill('admin-admin-admin');
  await expect(length).toHaveClass(/kept/);
  await expect(own).not.toHaveClass(/kept/);
  await form.submit.click();
  await expect(form.alert).toContainText('based on your name or email');

  await form.password.fill(server.password);
  await expect(own).toHaveClass(/kept/);

  // Only the server can check these.
  provokes.status(422);
  await form.password.fill('password1234');
  await form.submit.click();
  await expect(form.alert).toContainText('too common');
  await expect(form.password, 'the password can be corrected').toHaveValue('password1234');

  await form.username.fill('not a name');
  await form.submit.click();
  await expect(form.alert).toContainText('Use letters and digits');
  await expect(form.username).toBeFocused();
});

test('the first account can be set up without its password if configured', async ({ page, server }) => {
  await server.configure('[login]\nskip_default_password_auth = true\n');
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Set up your account' })).toBeVisible();
  const form = chooser(page);
  await form.username.fill('ada');
  await form.email.fill('ada@example.org');
  await form.password.fill(server.password);
  await form.submit.click();
  await expect(welcome(page, 'ada')).toBeVisible();

  await page.getByRole('button', { name: 'Account menu of ada' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(signInForm(page).heading, 'the set-up is done').toBeVisible();
});

test('a lost answer to the new password can be recovered from', async ({
  page,
  server,
  provokes,
}) => {
  await page.goto('/login');
  await signInFirst(page, server);
  const form = chooser(page);
  await form.password.fill(server.password);
  provokes.networkFailure();
  provokes.status(403);
  await loseAnswer(page, '**/api/auth/setup-authenticated');
  await form.submit.click();
  await expect(form.alert).toContainText("The server can't be reached");
  await form.submit.click();
  await expect(welcome(page)).toBeVisible();
});

test('password managers find a username and a new password', async ({ page, server }) => {
  await page.goto('/login');
  await signInFirst(page, server);
  const form = chooser(page);
  await expect(form.username).toHaveAttribute('autocomplete', 'username');
  await expect(page.locator('input[type=password]'), 'it is typed once').toHaveCount(1);
  await expect(form.password).toHaveAttribute('autocomplete', 'new-password');
  await expect(form.password).not.toHaveAttribute('maxlength');
});
