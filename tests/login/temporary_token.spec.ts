import { readFile, readdir } from 'node:fs/promises';

import type { Page } from '@playwright/test';

import { dialog, recoveryCodes, shownCodes, twoFactor } from '../support/account';
import { Authenticator, turnOnTotp } from '../support/authenticator';
import { recordRequests } from '../support/network';
import {
  fillIn,
  logOut,
  open,
  signInForm,
  tokenStage,
  totpStage,
  welcome,
} from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const NEW = 'nine herons under lisbon';

/** Opens the stage and sends a token. */
async function signInWithToken(page: Page, token: string): Promise<void> {
  await open(page, '/login');
  const stage = tokenStage(page);
  await stage.link.click();
  await stage.token.fill(token);
  await stage.submit.click();
}

/** All files of the server, and its output. */
async function everythingKept(server: Server): Promise<string> {
  const names = await readdir(server.dataDir, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return [server.log, ...contents].join('\n');
}

test('a temporary token replaces a lost password and a lost phone', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  await turnOnTotp(server);
  const token = await server.loginToken();
  await open(page, '/login?redirect=%2Faccount%2Fsecurity');
  const stage = tokenStage(page);
  await stage.link.click();
  await expect(stage.token).toBeFocused();
  await expect(stage.token).toHaveAccessibleDescription(/Use a temporary sign‑in token An operator can create one/);
  await expect(page).toHaveTitle('Use a temporary sign‑in token – Doorstep');
  await expect(page.getByText('doorstep login-token')).toBeVisible();
  await checkAccessibility();
  await stage.token.fill(`  ${token}\n`);
  await stage.submit.click();

  const chosen = page.getByRole('heading', { level: 1, name: 'Set a new password' });
  await expect(chosen).toBeVisible();
  const password = page.getByLabel('New password', { exact: true });
  await expect(password, 'the only field').toBeFocused();
  await expect(password).toHaveAccessibleDescription(/Set a new password You signed in with a temporary .* Password requirements/);
  await checkAccessibility();
  await password.fill(NEW);
  await page.getByRole('button', { name: 'Save and continue' }).click();

  await expect(page).toHaveURL('/account/security');
  const section = twoFactor(page);
  await expect(section.state).toHaveText('On');
  await checkAccessibility();
  await section.turnOff.click();
  const asked = dialog(page, 'Turn off');
  await expect(asked.frame.getByRole('textbox'), 'no code is required').toHaveCount(0);
  await checkAccessibility();
  await asked.press('Turn off');
  await expect(section.state).toHaveText('Off');
  await section.turnOn.click();
  const { app } = await Authenticator.scan(await section.picture.screenshot());
  await section.firstCode.fill(await app.code());
  await section.confirm.click();
  await shownCodes(page);
  await recoveryCodes(page).kept.click();

  await logOut(page);
  provokes.status(401);
  await fillIn(page, server.username, NEW);
  await signInForm(page).submit.click();
  await totpStage(page).code.fill(await app.code());
  await expect(welcome(page)).toBeVisible();
  expect(await everythingKept(server), 'the token is not stored').not.toContain(token);
});

test('a token works once', async ({ page, server, provokes, checkAccessibility }) => {
  const token = await server.loginToken();
  await signInWithToken(page, token);
  await page.getByRole('button', { name: 'Skip for now' }).click();
  await expect(welcome(page)).toBeVisible();
  await expect(page.getByText('You signed in with a temporary sign‑in token. This session expires in')).toBeVisible();
  await checkAccessibility();
  await logOut(page);
  await expect(tokenStage(page).link, 'there is no valid token').toHaveCount(0);

  const next = await server.loginToken();
  provokes.status(401);
  await signInWithToken(page, token);
  const stage = tokenStage(page);
  await expect(stage.alert).toHaveText('This token was already used. Request a new one.');
  await expect(stage.token).toHaveValue('');
  await expect(stage.token).toBeFocused();
  await expect(stage.token).toHaveAttribute('aria-invalid', 'true');
  await checkAccessibility();
  await stage.token.fill(next);
  await stage.submit.click();
  await expect(page.getByRole('heading', { name: 'Set a new password' })).toBeVisible();
});

test('a newer token or a restart ends a token', async ({ page, server, provokes }) => {
  const first = await server.loginToken();
  const second = await server.loginToken();
  provokes.status(401);
  await signInWithToken(page, first);
  const stage = tokenStage(page);
  await expect(stage.alert).toContainText('Incorrect or expired token.');

  await server.stop();
  await server.start();
  await stage.token.fill(second);
  provokes.perhaps(/status of 403/);
  await stage.submit.click();
  await expect(stage.alert).toHaveText(/There is no active temporary sign‑in token|Incorrect or expired token/);
  await open(page, '/login');
  await expect(stage.link).toHaveCount(0);
});

test('a token expires', async ({ page, server, provokes }) => {
  const token = await server.loginToken();
  await open(page, '/login');
  const stage = tokenStage(page);
  await stage.link.click();
  await server.expireSignIns();
  provokes.status(401);
  await stage.token.fill(token);
  await stage.submit.click();
  await expect(stage.alert).toHaveText('This token has expired. Request a new one.');
  await expect(stage.token).toHaveValue('');
  await open(page, '/login');
  await expect(stage.link).toHaveCount(0);
});

test('the stage is offered only while a token is valid', async ({ page, server }) => {
  await open(page, '/login');
  await expect(tokenStage(page).link).toHaveCount(0);
  await server.loginToken();
  await open(page, '/login');
  await expect(tokenStage(page).link).toBeVisible();
});

test('the token is hidden, and cleared when the stage is left', async ({ page, server }) => {
  await server.loginToken();
  await open(page, '/login?redirect=%2Faccount');
  await signInForm(page).username.fill('ada');
  await signInForm(page).password.fill('typed before');
  const stage = tokenStage(page);
  await stage.link.click();
  await expect(stage.token).toHaveAttribute('type', 'password');
  await expect(stage.token).toHaveAttribute('autocomplete', 'off');
  await expect(stage.token).toHaveAttribute('name', 'temporary-token');
  await expect(stage.token).not.toHaveAttribute('maxlength');
  await stage.token.fill('half of a token');
  await page.getByRole('button', { name: 'Show token' }).click();
  await expect(stage.token).toHaveAttribute('type', 'text');
  await stage.back.click();
  await expect(signInForm(page).username).toBeFocused();
  await expect(page).toHaveTitle('Sign in – Doorstep');
  await expect(signInForm(page).password).toHaveValue('');
  await stage.link.click();
  await expect(stage.token).toHaveValue('');
  await expect(stage.token).toHaveAttribute('type', 'password');

  const sent = recordRequests(page, '/api/auth/login');
  await stage.token.fill('   ');
  await stage.submit.click();
  await expect(stage.alert).toHaveText('Enter the token.');
  await expect(stage.token).toBeFocused();
  expect(sent).toHaveLength(0);
});

test('continuing without a new password keeps the return URL, and restricts the session', async ({
  page,
  server,
  provokes,
}) => {
  const token = await server.loginToken();
  await open(page, '/login?redirect=%2Faccount%2Fsecurity');
  const stage = tokenStage(page);
  await stage.link.click();
  await stage.token.fill(token);
  await stage.submit.click();
  await page.getByRole('button', { name: 'Skip for now' }).click();
  await expect(page).toHaveURL('/account/security');
  await expect(page.getByText('You signed in with a temporary sign‑in token. This session expires in')).toBeVisible();
  await expect(page.getByLabel('Current password'), 'the old password is not required').toHaveCount(0);
  provokes.status(403);
  await twoFactor(page).turnOn.click();
  await expect(twoFactor(page).refused).toHaveText('You signed in with a temporary sign‑in token. Set a new password first.');
});
