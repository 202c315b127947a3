import { openPassword, openSecurity, passwordForm, told } from '../support/account';
import { turnOnTotp } from '../support/authenticator';
import { mailTo } from '../support/mails';
import {
  askWhoIs,
  fillIn,
  logOut,
  open,
  sessionToken,
  signIn,
  signInForm,
  signInHere,
  totpStage,
  welcome,
} from '../support/screens';
import { expect, test } from '../support/test';

const NEW = 'nine herons under lisbon';

test('a new password ends all other sessions, and replaces the old one', async ({
  page,
  browser,
  server,
  provokes,
  checkAccessibility,
}) => {
  const elsewhere = await (await browser.newContext({ baseURL: server.url })).newPage();
  await signIn(elsewhere, server);
  const theirs = (await sessionToken(elsewhere)) ?? '';
  await signIn(page, server);
  const before = (await sessionToken(page)) ?? '';
  await openPassword(page);
  const form = passwordForm(page);
  await form.current.fill(server.password);
  await form.password.fill(NEW);
  await form.submit.click();
  await expect(told(page, 'Password changed. You are signed out everywhere else, and devices have lost access.')).toBeVisible();
  await expect(form.submit, 'the form is closed').toBeHidden();
  await expect(form.heading).toBeFocused();
  await checkAccessibility();

  expect(await askWhoIs(server, theirs)).toEqual({ status: 401, code: 'unauthenticated' });
  expect(await askWhoIs(server, before), 'this session has a new token').toMatchObject({ status: 401 });
  await elsewhere.goto('/account/security');
  await expect(signInForm(elsewhere).heading).toBeVisible();
  await elsewhere.context().close();

  const mail = await mailTo(server, 'admin@localhost', 'Your Doorstep password was changed');
  expect(mail.text).toContain('Your password was changed.');
  expect(mail.text).toContain('127.0.0.1');
  for (const secret of [NEW, server.password]) expect(mail.text + server.log).not.toContain(secret);

  await logOut(page);
  provokes.status(401);
  await signInHere(page, server);
  await expect(signInForm(page).alert, 'the old password').toHaveText('Incorrect username or password.');
  await fillIn(page, server.username, NEW);
  await signInForm(page).submit.click();
  await expect(welcome(page)).toBeVisible();
});

test('a new password ends the trust in browsers', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await open(page, '/login?redirect=%2Faccount%2Fsecurity');
  await signInHere(page, server);
  const stage = totpStage(page);
  await stage.trust.check();
  await stage.code.fill(await app.code());
  const form = passwordForm(page);
  await form.change.click();
  await form.current.fill(server.password);
  await form.password.fill(NEW);
  await form.submit.click();
  await expect(told(page, 'Password changed.')).toBeVisible();
  await logOut(page);
  await fillIn(page, server.username, NEW);
  await signInForm(page).submit.click();
  await expect(stage.heading).toBeVisible();
  await stage.code.fill(await app.code());
  await expect(welcome(page)).toBeVisible();
});

test('errors are shown at their field, and the other fields keep their values', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  await signIn(page, server);
  await openPassword(page);
  const form = passwordForm(page);
  const rule = (text: string) => form.section.getByRole('listitem').filter({ hasText: text });

  await form.submit.click();
  await expect(form.alert).toHaveText('Enter your password.');
  await expect(form.current).toBeFocused();
  await form.current.fill('not the password');
  await form.password.fill('short');
  await form.submit.click();
  await expect(form.alert).toHaveText('This password is too short. Choose a longer one.');
  await expect(form.password).toBeFocused();
  await form.password.fill(NEW);
  await expect(rule('at least 12 characters')).toHaveClass(/kept/);
  await expect(form.section.getByLabel('Password strength')).toHaveAttribute('value', /[34]/);
  await checkAccessibility();

  provokes.status(401);
  await form.submit.click();
  await expect(form.alert).toHaveText('Incorrect password.');
  await expect(form.current).toBeFocused();
  await expect(form.current).toHaveValue('');
  await expect(form.current).toHaveAttribute('aria-invalid', 'true');
  await expect(form.password).toHaveValue(NEW);
  await checkAccessibility();

  // Only the server can check these.
  provokes.status(422);
  for (const [typed, sentence] of [
    ['password1234', 'too common'],
    [server.password, 'This is your current password.'],
  ] as const) {
    await form.current.fill(server.password);
    await form.password.fill(typed);
    await form.submit.click();
    await expect(form.alert).toContainText(sentence);
    await expect(form.password).toBeFocused();
    await expect(form.password).toHaveValue(typed);
    await expect(form.current).toHaveValue(server.password);
  }
});

test('the form opens in place, gets the focus, and can be closed', async ({ page, server }) => {
  await signIn(page, server);
  await openSecurity(page);
  const form = passwordForm(page);
  await expect(form.section).toContainText('Changed');
  await expect(form.submit).toBeHidden();
  await form.change.press('Enter');
  await expect(form.current).toBeFocused();
  await expect(form.change, 'Cancel is beside the action').toBeHidden();
  const [action, cancel] = [await form.submit.boundingBox(), await form.cancel.boundingBox()];
  expect(cancel?.y).toBe(action?.y);
  await form.current.fill('half a pass');
  await form.cancel.click();
  await expect(form.submit).toBeHidden();
  await expect(form.change).toBeFocused();
  await form.change.click();
  await expect(form.current, 'a closed form keeps no values').toHaveValue('');
});

test('password managers find the username, the old and the new password', async ({ page, server }) => {
  await signIn(page, server);
  await openPassword(page);
  const form = passwordForm(page);
  await expect(form.section.locator('input[autocomplete=username]')).toHaveValue('admin');
  for (const [field, name, autocomplete] of [
    [form.current, 'current-password', 'current-password'],
    [form.password, 'new-password', 'new-password'],
  ] as const) {
    await expect(field).toHaveAttribute('name', name);
    await expect(field).toHaveAttribute('autocomplete', autocomplete);
    await expect(field).toHaveAttribute('type', 'password');
    await expect(field).not.toHaveAttribute('maxlength');
  }
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test("the notice is in the user's language", async ({ page, server }) => {
    await open(page, '/login?redirect=%2Faccount%2Fsecurity');
    await page.getByLabel('用户名或邮箱').fill(server.username);
    await page.locator('#password').fill(server.password);
    await page.locator('#login-submit').click();
    await page.getByRole('region', { name: '密码', exact: true }).getByRole('button', { name: '更改' }).click();
    await page.locator('#current-password').fill(server.password);
    await page.locator('#new-password').fill(NEW);
    await page.locator('#password-submit').click();
    const mail = await mailTo(server, 'admin@localhost', '您的 Doorstep 密码已更改');
    expect(mail.text).toContain('您的密码已更改。');
  });
});
