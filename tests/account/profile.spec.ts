import type { Page } from '@playwright/test';

import { alertsIn } from '../support/alerts';
import { passwordForm, profileForm, told } from '../support/account';
import { mailTo, mailsTo } from '../support/mails';
import { accountMenu, logOut, open, running, signIn, signInForm, signInHere, welcome } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const ADA = 'ada@example.org';

/** Requests a change of email; returns the link of the mail to the new address. */
async function changeEmail(page: Page, server: Server): Promise<string> {
  await open(page, '/account');
  const form = profileForm(page);
  await form.email.fill(ADA);
  await form.save.click();
  await expect(told(page, 'Saved. Confirmation link sent.')).toBeVisible();
  const { text } = await mailTo(server, ADA, 'Confirm your email address for Doorstep');
  return /\S+\/account#confirm-email=\S+/.exec(text)?.[0] ?? '';
}

test('display name and username change, also in the header', async ({ page, server, checkAccessibility }) => {
  await signIn(page, server);
  await accountMenu(page).button.click();
  await page.getByRole('menuitem', { name: 'Account settings' }).click();
  await expect(page).toHaveURL('/account');
  await expect(page).toHaveTitle('Profile – Doorstep');
  await expect(page.getByRole('heading', { level: 2, name: 'Profile' })).toBeFocused();
  const form = profileForm(page);
  await expect(form.username).toHaveValue('admin');
  await checkAccessibility();
  await form.name.fill('Ada Łovelace');
  await form.username.fill('ada');
  await form.save.click();
  await expect(told(page, 'Saved.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Account menu of Ada Łovelace' })).toBeVisible();
  await checkAccessibility();

  await page.reload();
  await expect(form.name).toHaveValue('Ada Łovelace');
  await page.getByRole('button', { name: 'Account menu of Ada Łovelace' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  const login = signInForm(page);
  await login.username.fill('ada');
  await login.password.fill(server.password);
  await login.submit.click();
  await expect(welcome(page, 'Ada Łovelace')).toBeVisible();
});

test('a new email is pending until the link in its mail is opened', async ({ page, server, checkAccessibility }) => {
  await signIn(page, server);
  const link = await changeEmail(page, server);
  expect(link).toMatch(new RegExp(`^${server.url}/account#confirm-email=[\\w-]{43}$`));
  const pending = page.getByText(`Email change pending. Open the link sent to ${ADA}.`);
  await expect(pending).toBeVisible();
  const form = profileForm(page);
  await expect(form.email, 'the old one is valid until then').toHaveValue('admin@localhost');
  await form.name.fill('Ada');
  await form.save.click();
  await expect(page.getByRole('button', { name: 'Account menu of Ada' })).toBeVisible();
  await expect(pending, 'another change does not cancel it').toBeVisible();
  await checkAccessibility();
  const ends = page.getByText('Your pending email change is canceled.');
  await open(page, '/account/security');
  await passwordForm(page).change.click();
  await expect(ends, 'said beside the action that does').toBeVisible();
  await open(page, '/account/security/two-factor');
  await expect(ends).toBeVisible();
  const notice = await mailTo(server, 'admin@localhost', 'A new email address was requested for your Doorstep account');
  expect(notice.text).toContain(ADA);
  expect(notice.text).not.toContain('confirm-email');

  await page.goto('/');
  await page.goto(link);
  await expect(told(page, 'Your email was changed.')).toBeVisible();
  await expect(page).toHaveURL('/account');
  const kept = await page.evaluate(() => JSON.stringify([location.href, history.state, { ...sessionStorage }]));
  expect(kept).not.toContain(link.split('=')[1]);
  await expect(profileForm(page).keepEmail).toHaveCount(0);
  await expect(profileForm(page).email).toHaveValue(ADA);
  await mailTo(server, 'admin@localhost', 'Your Doorstep email address was changed');
  expect(server.log).not.toContain(link.split('=')[1] ?? '');
});

test('the link survives a sign-in', async ({ page, server }) => {
  await signIn(page, server);
  const link = await changeEmail(page, server);
  await logOut(page);
  await expect(signInForm(page).heading).toBeVisible();
  await page.goto('/');
  await page.goto(link);
  await running(page);
  await expect(signInForm(page).heading).toBeVisible();
  expect(page.url(), 'the token is removed from the address bar').not.toContain('confirm-email');
  await signInHere(page, server);
  await expect(told(page, 'Your email was changed.')).toBeVisible();
  await expect(page).toHaveURL('/account');
});

test('a link works once, and only until there is a newer one', async ({ page, server, provokes }) => {
  await signIn(page, server);
  const first = await changeEmail(page, server);
  await profileForm(page).email.fill('lovelace@example.org');
  await profileForm(page).save.click();
  const { text } = await mailTo(server, 'lovelace@example.org', 'Confirm your email address for Doorstep');
  const second = /\S+confirm-email=\S+/.exec(text)?.[0] ?? '';
  const failure = alertsIn(page);

  provokes.status(401);
  await page.goto('/');
  await page.goto(first);
  await expect(failure).toHaveCount(1);
  await page.goto('/');
  await page.goto(second);
  await expect(told(page, 'Your email was changed.')).toBeVisible();
  await page.goto('/');
  await page.goto(second);
  await expect(failure).toHaveText('This link was already used.');
});

test('a pending email can be cancelled', async ({ page, server, provokes }) => {
  await signIn(page, server);
  const link = await changeEmail(page, server);
  const form = profileForm(page);
  const failure = alertsIn(page);
  await form.keepEmail.click();
  await expect(form.keepEmail).toHaveCount(0);
  await expect(form.email).toHaveValue('admin@localhost');
  await expect(told(page, 'Saved.')).toBeVisible();
  const focusIsInMain = () => page.evaluate(() => Boolean(document.activeElement?.closest('main')));
  await expect.poll(focusIsInMain, 'the focus is not lost').toBe(true);

  provokes.status(401);
  await page.goto('/');
  await page.goto(link);
  await expect(failure, 'the link is invalid').toHaveCount(1);
  await expect(form.email).toHaveValue('admin@localhost');
});

test('errors are shown at their field, and all fields keep their values', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  await signIn(page, server);
  await open(page, '/account');
  const form = profileForm(page);
  const refused = async (field: typeof form.name, sentence: string) => {
    await form.save.click();
    await expect(form.alert).toHaveText(sentence);
    await expect(field).toBeFocused();
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(new RegExp(sentence.slice(0, 20)));
    await expect(form.name).toHaveValue('Ada');
  };
  await form.name.fill('Ada');
  await form.username.fill('not a name');
  await refused(form.username, 'Use letters and digits, with . _ - between them.');
  await checkAccessibility();
  await form.username.fill('admin');
  await form.email.fill('nowhere');
  await refused(form.email, 'Enter a valid email address.');
  await expect(form.email).toHaveValue('nowhere');
  await form.email.fill('admin@localhost');
  await form.save.click();
  await expect(told(page, 'Saved.')).toBeVisible();

  await server.addUser('grace', 'grace@example.org');
  provokes.status(409);
  await form.username.fill('Grace');
  await refused(form.username, 'Another account uses this username or email.');
  await expect(form.username).toHaveValue('Grace');
  expect(await mailsTo(server, 'grace@example.org')).toEqual([]);
});

test('the link works in a tab with the account page', async ({ page, server }) => {
  await signIn(page, server);
  const link = await changeEmail(page, server);
  await page.goto(link);
  await expect(told(page, 'Your email was changed.')).toBeVisible();
  await expect(page).toHaveURL('/account');
});
