import { readFile } from 'node:fs/promises';

import type { Page } from '@playwright/test';

import { dialog, enrolment, openSecurity, recoveryCodes, shownCodes, told, twoFactor } from '../support/account';
import { Authenticator, turnOnTotp } from '../support/authenticator';
import { mailTo } from '../support/mails';
import { recordRequests } from '../support/network';
import {
  accountMenu,
  logOut,
  open,
  running,
  section as appSection,
  signIn,
  signInForm,
  signInHere,
  signInWithCode,
  totpStage,
  welcome,
} from '../support/screens';
import { expect, test } from '../support/test';

const SET_UP = '/account/security/two-factor';

/** Confirms the shown secret; returns an authenticator app with it. */
async function turnOn(page: Page): Promise<Authenticator> {
  const { secret, firstCode, confirm } = enrolment(page);
  const app = new Authenticator(((await secret.textContent()) ?? '').replaceAll(' ', ''));
  await firstCode.fill(await app.code());
  await confirm.click();
  return app;
}

test('two-factor authentication is turned on by scanning a QR code, and required from then on', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  await signIn(page, server);
  await openSecurity(page);
  const section = twoFactor(page);
  await expect(section.state).toHaveText('Off');
  await checkAccessibility();
  await section.turnOn.click();
  await expect(page).toHaveURL('/account/security/two-factor');
  await expect(section.title).toBeFocused();
  await expect(section.picture).toBeVisible();
  await checkAccessibility();

  const { url, app } = await Authenticator.scan(await section.picture.screenshot());
  expect(url.protocol).toBe('otpauth:');
  expect(url.host).toBe('totp');
  expect(decodeURIComponent(url.pathname)).toBe('/Doorstep:admin');
  expect(url.searchParams.get('issuer')).toBe('Doorstep');
  expect((await section.secret.textContent())?.replaceAll(' ', ''), 'the text and the QR code have the same secret').toBe(app.secret);
  await section.firstCode.fill(await app.code());
  await section.confirm.click();

  const codes = await shownCodes(page);
  expect(new Set(codes).size).toBe(10);
  const recovery = recoveryCodes(page);
  await expect(section.saving).toBeFocused();
  await expect(section.picture, 'the secret is not shown any more').toHaveCount(0);
  await checkAccessibility();
  await recovery.kept.click();
  await expect(page).toHaveURL('/account/security');
  await expect(told(page, 'Two‑factor authentication is on. Your recovery codes are active.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: 'Security' })).toBeFocused();
  await expect(section.state).toHaveText('On');
  await expect(recovery.left(10)).toBeVisible();
  await expect(recovery.section, 'they are shown only once').not.toContainText(codes[0] ?? '');
  await mailTo(server, 'admin@localhost', 'Two-factor authentication was turned on for your Doorstep account');
  await logOut(page);

  provokes.status(401);
  await signInHere(page, server);
  await totpStage(page).code.fill(await app.code());
  await expect(welcome(page)).toBeVisible();
  expect(server.log).not.toContain(app.secret);
  for (const code of codes) expect(server.log).not.toContain(code);
});

test('a wrong first code shows an error at its field, and turns nothing on', async ({ page, server, provokes, checkAccessibility }) => {
  await signIn(page, server);
  await openSecurity(page);
  const section = twoFactor(page);
  await section.turnOn.click();
  await section.confirm.click();
  await expect(section.refused).toHaveText('Enter the 6-digit verification code.');
  await expect(section.firstCode).toBeFocused();
  await expect(section.firstCode).toHaveAttribute('aria-invalid', 'true');

  provokes.status(401);
  const app = new Authenticator(((await section.secret.textContent()) ?? '').replaceAll(' ', ''));
  await section.firstCode.fill(await app.wrongCode());
  await section.firstCode.press('Enter');
  await expect(section.refused).toContainText('Incorrect or already used code.');
  await expect(section.firstCode).toBeFocused();
  await expect(section.firstCode).toHaveValue('');
  await expect(section.firstCode).toHaveAttribute('aria-invalid', 'true');
  await expect(section.firstCode).toHaveAccessibleDescription(/Incorrect or already used code./);
  await checkAccessibility();

  const code = await app.code();
  await section.firstCode.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await section.firstCode.press('Enter');
  await shownCodes(page);
});

test('enrolment can be cancelled, and started again with another secret', async ({ page, server }) => {
  await signIn(page, server);
  await openSecurity(page);
  const section = twoFactor(page);
  await section.turnOn.click();
  const first = await section.secret.textContent();
  await section.cancel.click();
  await expect(page).toHaveURL('/account/security');
  await expect(page.getByRole('heading', { level: 2, name: 'Security' })).toBeFocused();
  await expect(section.state).toHaveText('Off');
  await expect(section.picture).toHaveCount(0);
  await section.turnOn.click();
  await expect(section.secret).not.toHaveText(first ?? '');
  await section.cancel.click();
  await expect(section.turnOn).toBeVisible();

  await logOut(page);
  await signInHere(page, server);
  await expect(welcome(page), 'no second step').toBeVisible();
});

test('the field for the first code has the attributes for password managers', async ({ page, server }) => {
  await signIn(page, server);
  await openSecurity(page);
  await twoFactor(page).turnOn.click();
  const { firstCode } = twoFactor(page);
  await expect(firstCode).toHaveAttribute('name', 'first-code');
  await expect(firstCode).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(firstCode).toHaveAttribute('inputmode', 'numeric');
  await expect(firstCode).not.toHaveAttribute('maxlength');
});

test('the secret and the recovery codes can be copied, saved and printed', async ({ page, server, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, server);
  await openSecurity(page);
  const section = twoFactor(page);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const copy = section.steps.getByRole('button', { name: 'Copy' });
  await section.turnOn.click();
  await copy.click();
  await expect(section.steps.getByText('Copied.')).toBeVisible();
  const app = new Authenticator(await copied());
  await section.firstCode.fill(await app.code());
  await section.confirm.click();
  const codes = await shownCodes(page);

  const recovery = recoveryCodes(page);
  await section.steps.getByRole('button', { name: 'Copy' }).click();
  await expect(section.steps.getByText('Copied.')).toBeVisible();
  expect(await copied()).toBe(codes.join('\n'));

  const downloading = page.waitForEvent('download');
  await section.steps.getByRole('button', { name: 'Download' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('recovery-codes.txt');
  const file = await readFile(await download.path(), 'utf8');
  // The account and the time.
  const title = /^Recovery codes for Doorstep – admin, \w{3} \d{1,2}, 20\d\d, [^\n]+$/;
  expect(file.split('\n')[0]).toMatch(title);
  expect(file.split('\n').slice(1)).toEqual(['', ...codes, '']);

  await page.evaluate(() => {
    window.print = () => document.documentElement.setAttribute('data-printed', '');
  });
  await section.steps.getByRole('button', { name: 'Print' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-printed', '');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText(title)).toBeVisible();
  await expect(recovery.codes.first()).toBeVisible();
  await expect(recovery.kept, 'only the codes are printed').toBeHidden();
  await page.emulateMedia({ media: 'screen' });
});

test('turning it on ends all other sessions', async ({ page, browser, server, provokes }) => {
  await signIn(page, server);
  const elsewhere = await (await browser.newContext({ baseURL: server.url })).newPage();
  await signIn(elsewhere, server);
  await openSecurity(page);
  const section = twoFactor(page);
  await section.turnOn.click();
  const app = new Authenticator(((await section.secret.textContent()) ?? '').replaceAll(' ', ''));
  await section.firstCode.fill(await app.code());
  await section.confirm.click();
  await shownCodes(page);
  await elsewhere.goto('/account/security');
  await expect(elsewhere).toHaveURL('/login?redirect=%2Faccount%2Fsecurity');
  await elsewhere.context().close();

  await recoveryCodes(page).kept.click();
  provokes.status(401);
  await logOut(page);
  await signInHere(page, server);
  await expect(totpStage(page).heading).toBeVisible();
});

test('the page shows when it is on already', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await signInWithCode(page, server, await app.code());
  await open(page, '/account/security/two-factor');
  await expect(page.getByText('Two‑factor authentication is already on.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Security' }).click();
  await expect(twoFactor(page).state).toHaveText('On');
});

test('leaving unsaved recovery codes asks for confirmation', async ({
  page,
  server,
  checkAccessibility,
}) => {
  await signIn(page, server);
  await openSecurity(page);
  await twoFactor(page).turnOn.click();
  await turnOn(page);
  const codes = await shownCodes(page);
  const asked = dialog(page, 'Continue without saving your codes?');
  const isAsked = async () => {
    await expect(asked.frame).toBeVisible();
    await expect(page).toHaveURL(SET_UP);
    expect(await shownCodes(page)).toEqual(codes);
  };

  await appSection(page, 'Projects').click();
  await isAsked();
  await checkAccessibility();
  await asked.cancel.click();
  await expect(asked.frame).toBeHidden();
  await page.evaluate(() => history.back());
  await isAsked();
  await page.keyboard.press('Escape');
  await expect(asked.frame).toBeHidden();

  const closing = new Promise<string>((kind) => {
    page.once('dialog', (question) => {
      kind(question.type());
      void question.dismiss();
    });
  });
  await page.close({ runBeforeUnload: true });
  expect(await closing, 'the browser asks as well').toBe('beforeunload');

  await accountMenu(page).button.click();
  await accountMenu(page).logOut.click();
  await isAsked();
  await asked.cancel.click();

  await appSection(page, 'Projects').click();
  await asked.press('Continue without saving');
  await expect(page.getByRole('heading', { level: 1, name: 'Projects' })).toBeFocused();
  await appSection(page, 'Clients').click();
  await expect(page, 'no more confirmation').toHaveURL('/clients');
});

test('Back leaves unsaved recovery codes after confirmation', async ({ page, server }) => {
  await signIn(page, server);
  await openSecurity(page);
  await twoFactor(page).turnOn.click();
  await turnOn(page);
  await shownCodes(page);
  await page.evaluate(() => history.back());
  await dialog(page, 'Continue without saving your codes?').press('Continue without saving');
  await expect(page).toHaveURL('/account/security');
  await expect(twoFactor(page).state).toHaveText('On');
});

test('signing out leaves unsaved recovery codes after confirmation', async ({ page, server }) => {
  await signIn(page, server);
  await openSecurity(page);
  await twoFactor(page).turnOn.click();
  await turnOn(page);
  await shownCodes(page);
  await accountMenu(page).button.click();
  await accountMenu(page).logOut.click();
  await dialog(page, 'Continue without saving your codes?').press('Continue without saving');
  await expect(signInForm(page).submit).toBeVisible();
  await expect(page).toHaveURL('/login');
});

test('actions that stay on the page need no confirmation while recovery codes are shown', async ({ page, server }) => {
  await signIn(page, server);
  await openSecurity(page);
  await twoFactor(page).turnOn.click();
  await turnOn(page);
  const codes = await shownCodes(page);
  const asked = dialog(page, 'Continue without saving your codes?');
  await page.getByRole('link', { name: 'Skip to content' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${SET_UP}#main`);
  // By then the link is followed, and a dialog would be open.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await expect(asked.frame).toBeHidden();
  expect(await shownCodes(page)).toEqual(codes);
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(SET_UP);
  await expect(asked.frame).toBeHidden();
  await page.evaluate(() => history.back());
  await expect(asked.frame).toBeVisible();
  await asked.cancel.click();
  await recoveryCodes(page).kept.click();
  await expect(page).toHaveURL('/account/security');

  const renewed = recoveryCodes(page);
  await renewed.renew.click();
  await dialog(page, 'Generate new recovery codes').press('Generate new codes');
  await shownCodes(page);
  await page.getByRole('link', { name: 'Security', exact: true }).click();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await expect(asked.frame).toBeHidden();
  await shownCodes(page);
  await appSection(page, 'Projects').click();
  await expect(asked.frame).toBeVisible();
});

test('Back does nothing in a tab that was opened where recovery codes are shown', async ({ page, server, context }) => {
  await signIn(page, server);
  const opening = context.waitForEvent('page');
  await page.evaluate((address) => window.open(address, '_blank', 'noopener'), SET_UP);
  const tab = await opening;
  await running(tab);
  await turnOn(tab);
  const codes = await shownCodes(tab);
  expect(await tab.evaluate(() => history.length)).toBe(2);
  await tab.evaluate(async () => {
    const gone = new Promise((done) => addEventListener('popstate', done, { once: true }));
    history.back();
    await gone;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  });
  const asked = dialog(tab, 'Continue without saving your codes?');
  await expect(asked.frame).toBeHidden();
  expect(await shownCodes(tab)).toEqual(codes);
  await appSection(tab, 'Projects').click();
  await expect(asked.frame, 'leaving asks for confirmation as before').toBeVisible();
});

test('recovery codes stay on the page when the session has ended', async ({ page, server, context }) => {
  await signIn(page, server);
  await openSecurity(page);
  await twoFactor(page).turnOn.click();
  await turnOn(page);
  const codes = await shownCodes(page);
  await context.clearCookies();
  const sent = recordRequests(page);
  await page.evaluate(async () => {
    window.dispatchEvent(new Event('focus'));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  });
  expect(sent).toEqual([]);
  expect(await shownCodes(page)).toEqual(codes);
});

test('another tab shows that it is on already', async ({ page, server, context, provokes }) => {
  await signIn(page, server);
  // A secret is invalid once another one was generated.
  const [returned, last] = [await context.newPage(), await context.newPage()];
  for (const tab of [page, returned, last]) {
    await open(tab, SET_UP);
    await expect(enrolment(tab).secret).toBeVisible();
  }
  await turnOn(last);
  await shownCodes(last);
  const said = (tab: Page) => tab.getByText('Two‑factor authentication is already on.');

  provokes.status(409);
  await turnOn(page);
  await expect(said(page)).toBeFocused();
  await expect(enrolment(page).secret).toHaveCount(0);

  await expect(enrolment(returned).secret).toBeVisible();
  await returned.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(said(returned)).toBeFocused();
  await expect(enrolment(returned).secret).toHaveCount(0);
});
