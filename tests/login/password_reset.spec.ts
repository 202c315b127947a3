import { readFile, readdir } from 'node:fs/promises';

import { turnOnTotp } from '../support/authenticator';
import { mailTo, mailsTo } from '../support/mails';
import { cut, hold, recordRequests } from '../support/network';
import { askForReset, choose, forgotPage, linkOf, resetLink, resetPage } from '../support/resets';
import { askWhoIs, fillIn, open, sessionToken, signIn, signInForm, totpStage, welcome } from '../support/screens';
import { expect, test } from '../support/test';

const NEW = 'nine herons under lisbon';
const ADMIN = 'admin@localhost';
const REQUEST = '/auth/password/request';
const RESET = '/auth/password/reset';

test('a forgotten password is reset by mail', async ({ page, browser, server, checkAccessibility, provokes }) => {
  const elsewhere = await (await browser.newContext({ baseURL: server.url })).newPage();
  await signIn(elsewhere, server);
  const theirs = (await sessionToken(elsewhere)) ?? '';
  await elsewhere.context().close();

  await open(page, '/login');
  await page.getByRole('link', { name: 'Forgot password?' }).click();
  const forgot = forgotPage(page);
  await expect(forgot.email, 'the only field').toBeFocused();
  await expect(page).toHaveTitle('Reset your password – Doorstep');
  await checkAccessibility();
  await forgot.email.fill(` ${ADMIN} `);
  await forgot.submit.click();
  await expect(forgot.sent(ADMIN)).toBeVisible();
  await expect(forgot.sentHeading).toBeFocused();
  await expect(page).toHaveTitle('Check your email – Doorstep');
  await checkAccessibility();

  const link = await linkOf(server);
  const token = link.searchParams.get('token') ?? '';
  expect(link.href).toBe(`${server.url}/reset-password?token=${token}#username=admin`);
  expect(token).toMatch(/^[\w-]{43}$/);
  await page.goto(link.href);
  const reset = resetPage(page);
  await expect(page, 'the token is removed from the address bar').toHaveURL('/reset-password');
  await expect(reset.heading).toBeVisible();
  await expect(page.getByText('Account: admin', { exact: true })).toBeVisible();
  await expect(reset.password, 'the only field').toBeFocused();
  await expect(reset.password).toHaveAccessibleDescription(/Set a new password You will be signed out .* Password requirements/);
  await expect(page).toHaveTitle('Set a new password – Doorstep');
  await checkAccessibility();
  await choose(page, NEW);
  await expect(reset.done).toBeFocused();
  await expect(page).toHaveTitle('Password changed – Doorstep');
  await checkAccessibility();
  expect(await sessionToken(page), 'there is no session').toBeUndefined();
  expect(await askWhoIs(server, theirs), 'all sessions have ended').toMatchObject({ status: 401 });
  await mailTo(server, ADMIN, 'Your Doorstep password was changed');

  await reset.signIn.click();
  await expect(signInForm(page).username).toBeFocused();
  provokes.status(401);
  await fillIn(page, server.username, server.password);
  await signInForm(page).submit.click();
  await expect(signInForm(page).alert, 'the old password').toHaveText('Incorrect username or password.');
  await fillIn(page, server.username, NEW);
  await signInForm(page).submit.click();
  await expect(welcome(page)).toBeVisible();
  const files = (await readdir(server.dataDir)).filter((name) => name.startsWith('doorstep.sqlite3'));
  const kept = await Promise.all(files.map((name) => readFile(`${server.dataDir}/${name}`, 'latin1')));
  for (const secret of [token, NEW]) expect([server.log, ...kept].join('\n')).not.toContain(secret);
});

test('two-factor authentication stays on', async ({ page, server, provokes }) => {
  const { app } = await turnOnTotp(server);
  await page.goto((await resetLink(server)).href);
  await choose(page, NEW);
  await resetPage(page).signIn.click();
  provokes.status(401);
  await fillIn(page, server.username, NEW);
  await signInForm(page).submit.click();
  await totpStage(page).code.fill(await app.code());
  await expect(welcome(page)).toBeVisible();
});

test('the answer is the same for every address', async ({ page, server }) => {
  await server.addUser('grace', 'grace@example.org');
  await server.command(['user', 'suspend', 'grace']);
  await open(page, '/forgot-password');
  const seen: string[] = [];
  for (const email of ['nobody@example.org', 'grace@example.org', ADMIN]) {
    await open(page, '/forgot-password');
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith(REQUEST)),
      forgotPage(page).email.fill(email).then(() => forgotPage(page).submit.click()),
    ]);
    expect(answer.status()).toBe(204);
    await expect(forgotPage(page).sent(email)).toBeVisible();
    seen.push((await page.getByRole('main').innerText()).replaceAll(email, '…'));
  }
  expect(new Set(seen).size).toBe(1);
  await linkOf(server);
  expect(await mailsTo(server, 'nobody@example.org')).toEqual([]);
  const subjects = (await mailsTo(server, 'grace@example.org')).map(({ subject }) => subject);
  expect(subjects).toEqual(['Your Doorstep account was suspended']);
});

test.describe('an invalid link shows why:', () => {
  test('used already', async ({ page, server, provokes, checkAccessibility }) => {
    const link = await resetLink(server);
    await page.goto(link.href);
    await choose(page, NEW);
    await expect(resetPage(page).done).toBeVisible();
    await page.goto(link.href);
    provokes.status(403);
    await choose(page, 'ten herons under lisbon');
    await expect(resetPage(page).void).toBeFocused();
    await expect(page.getByText('This link was already used.')).toBeVisible();
    await checkAccessibility();
    await resetPage(page).another.click();
    await expect(forgotPage(page).email).toBeFocused();
  });

  test('older than an hour', async ({ page, server, provokes, checkAccessibility }) => {
    const link = await resetLink(server);
    const expires = Number(await server.alter('SELECT expires_at FROM password_resets'));
    expect(expires - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect(expires - Date.now()).toBeGreaterThan(3_500_000);
    await page.goto(link.href);
    await server.alter('UPDATE password_resets SET expires_at = expires_at - 3600000');
    provokes.status(401);
    await choose(page, NEW);
    await expect(resetPage(page).void).toBeFocused();
    await expect(page.getByText('This link has expired.')).toBeVisible();
    await checkAccessibility();
  });

  test('replaced by a newer one', async ({ page, server, provokes }) => {
    const [older, newer] = [await resetLink(server), await resetLink(server, 2)];
    await page.goto(older.href);
    provokes.status(403);
    await choose(page, NEW);
    await expect(resetPage(page).void).toBeFocused();
    await expect(page.getByText('This link is incomplete, or a newer one replaced it.')).toBeVisible();
    await page.goto(newer.href);
    await choose(page, NEW);
    await expect(resetPage(page).done).toBeVisible();
  });

  for (const token of ['', 'x', '%00', 'A'.repeat(43), '<b>x</b>', 'é'.repeat(50)]) {
    test(`its token is "${token.slice(0, 8)}"`, async ({ page, provokes }) => {
      await open(page, `/reset-password?token=${token}#username=admin`);
      await expect(page).toHaveURL('/reset-password');
      // The page or the server may find it.
      if (await resetPage(page).heading.isVisible()) {
        provokes.status(403);
        await choose(page, NEW);
      }
      await expect(resetPage(page).void).toBeVisible();
    });
  }

  test('there is no token', async ({ page, checkAccessibility }) => {
    await open(page, '/reset-password');
    await expect(resetPage(page).void).toBeVisible();
    await expect(page).toHaveTitle('This link no longer works – Doorstep');
    await checkAccessibility();
  });
});

test('a weak password shows an error, and the link stays valid', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  await server.addUser('ada', 'ada@bridges.example');
  await askForReset(server, 'ada@bridges.example');
  await page.goto((await linkOf(server, 'ada@bridges.example')).href);
  const view = resetPage(page);
  await view.password.fill('short');
  await view.submit.click();
  await expect(view.alert).toHaveText('This password is too short. Choose a longer one.');
  await expect(view.password).toBeFocused();
  await expect(view.password).toHaveAttribute('aria-invalid', 'true');
  await checkAccessibility();
  // Only the server can check these.
  provokes.status(400);
  const strength = page.getByLabel('Password strength');
  for (const [typed, sentence, rule] of [
    ['password1234', 'too common', 'not a commonly used password'],
    ['ada@bridges.example', 'based on your name or email', 'not based on your name or email'],
  ] as const) {
    await view.password.fill(typed);
    await expect(view.rule('at least 12 characters')).toHaveClass('kept');
    await expect(view.rule(rule), 'shown, and not promised').toHaveClass('');
    await choose(page, typed);
    await expect(view.alert).toContainText(sentence);
    await expect(view.password).toBeFocused();
    await expect(view.password).toHaveValue(typed);
    await expect(strength, 'a refused password is weak').toHaveAttribute('value', '1');
    await view.password.press('End');
    await view.password.pressSequentially(' herons');
    await expect(strength, 'another one is not').not.toHaveAttribute('value', '1');
  }
  await view.password.fill('ada-ada-ada-ada');
  await expect(strength, 'the username is known').toHaveAttribute('value', '1');
  await choose(page, NEW);
  await expect(view.done).toBeVisible();
});

test('a network failure loses no input', async ({ page, server, provokes }) => {
  const link = await resetLink(server);
  provokes.networkFailure();
  await open(page, '/forgot-password');
  await cut(page, `**${REQUEST}`);
  await forgotPage(page).email.fill(ADMIN);
  await forgotPage(page).submit.click();
  await expect(forgotPage(page).alert).toContainText('Your entries are kept. Try again.');
  await expect(forgotPage(page).email).toHaveValue(ADMIN);
  await page.goto(link.href);
  await cut(page, `**${RESET}`);
  await choose(page, NEW);
  await expect(resetPage(page).alert).toContainText('Your entries are kept. Try again.');
  await page.unroute(`**${RESET}`);
  await resetPage(page).submit.click();
  await expect(resetPage(page).done).toBeVisible();
});

test('another mail can be requested after a pause', async ({ page, server, checkAccessibility }) => {
  await page.clock.install();
  await open(page, '/forgot-password');
  const view = forgotPage(page);
  await view.email.fill(ADMIN);
  await view.submit.click();
  await expect(view.sent(ADMIN)).toBeVisible();
  await expect(view.again).toBeHidden();
  await expect(view.resting, 'with a countdown').toHaveAttribute('aria-disabled', 'true');
  await expect(view.alert, 'no error').toHaveCount(0);
  await page.clock.runFor(61_000);
  await expect(view.again).toBeVisible();
  await checkAccessibility();
  await linkOf(server);
  await view.again.click();
  await linkOf(server, ADMIN, 2);
  await expect(view.again, 'the pause starts again').toBeHidden();
  await expect(view.sent(ADMIN)).toBeVisible();
});

test('a failed request for another mail shows an error', async ({ page, provokes }) => {
  await page.clock.install();
  await open(page, '/forgot-password');
  const view = forgotPage(page);
  await view.email.fill(ADMIN);
  await view.submit.click();
  // The pause starts with the answer.
  await expect(view.sent(ADMIN)).toBeVisible();
  await page.clock.runFor(61_000);
  provokes.networkFailure();
  await cut(page, `**${REQUEST}`);
  await view.again.click();
  await expect(view.alert.filter({ hasText: /./ })).toBeVisible();
});

test('an invalid address is not sent', async ({ page, checkAccessibility }) => {
  await open(page, '/forgot-password');
  const sent = recordRequests(page, REQUEST);
  const view = forgotPage(page);
  await expect(view.email).toHaveAttribute('autocomplete', /email|username/);
  for (const typed of ['', 'admin', 'a b@c']) {
    await view.email.fill(typed);
    await view.submit.click();
    await expect(view.alert).toHaveText('Enter a valid email address.');
    await expect(view.email).toBeFocused();
  }
  await checkAccessibility();
  expect(sent).toHaveLength(0);
});

test('repeated presses send one request', async ({ page }) => {
  const { release } = await hold(page, `**${REQUEST}`);
  await open(page, '/forgot-password');
  const sent = recordRequests(page, REQUEST);
  const view = forgotPage(page);
  await view.email.fill(ADMIN);
  await view.submit.click();
  await expect(view.submit).toHaveAttribute('aria-busy', 'true');
  await view.email.press('Enter');
  release();
  await expect(view.sent(ADMIN)).toBeVisible();
  expect(sent).toHaveLength(1);
});

test('too many requests are limited, with a countdown', async ({ page, server, provokes }) => {
  await server.configure('[limits]\npassword_request_per_hour = 1\n');
  await askForReset(server, 'nobody@example.org');
  provokes.status(429);
  await open(page, '/forgot-password');
  const view = forgotPage(page);
  await view.email.fill(ADMIN);
  await view.submit.click();
  await expect(view.submit).toHaveText(/^Wait \d+:\d\d$/);
  await expect(view.alert).toHaveText('Too many attempts. Wait, then try again.');
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test("pages and mail are in the user's language", async ({ page, server, checkAccessibility }) => {
    // This account has never signed in, so that its language is not known.
    await server.addUser('grace', 'grace@example.org');
    await open(page, '/forgot-password');
    await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
    await checkAccessibility();
    await page.locator('input[type=email]').fill('grace@example.org');
    await page.keyboard.press('Enter');
    const mail = await mailTo(server, 'grace@example.org', '重置您的 Doorstep 密码');
    expect(mail.text).toMatch(/[\u4e00-\u9fff]/);
    expect(mail.text).toContain(`${server.url}/reset-password?token=`);
  });
});
