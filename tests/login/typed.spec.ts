import { type Locator, type Page } from '@playwright/test';

import { turnOnTotp } from '../support/authenticator';
import { resetLink, resetPage } from '../support/resets';
import { fillIn, open, signIn, signInForm, totpStage, welcome } from '../support/screens';
import { expect, test } from '../support/test';

/** Fills a field without an event. */
const fillSilently = (field: Locator, value: string) =>
  field.evaluate((input, value) => {
    (input as HTMLInputElement).value = value;
  }, value);

const wide = (code: string) => [...code].map((digit) => String.fromCodePoint(digit.charCodeAt(0) + 0xfee0)).join('');

/** The fields before the new password. */
const fieldsBefore = (page: Page) =>
  page.getByLabel('New password', { exact: true }).evaluate((password) => {
    const fields = [...((password as HTMLInputElement).form?.querySelectorAll('input') ?? [])];
    return fields.slice(0, fields.indexOf(password as HTMLInputElement)).map((field) => field.autocomplete);
  });

for (const [how, typed] of [
  ['in full-width digits', wide],
  ['with its label', (code: string) => `Code: G-${code}`],
] as const) {
  test(`a verification code ${how} is submitted by itself`, async ({ page, server, provokes }) => {
    provokes.status(401);
    const { app } = await turnOnTotp(server);
    await open(page, '/login');
    await fillIn(page, server.username, server.password);
    await signInForm(page).submit.click();
    await totpStage(page).code.fill(typed(await app.code()));
    await expect(welcome(page)).toBeVisible();
  });
}

test('fields that were filled without an event are read on submit', async ({ page, server }) => {
  const link = await resetLink(server);
  await page.goto(link.href);
  const reset = resetPage(page);
  await expect(reset.heading).toBeVisible();
  expect(await fieldsBefore(page), 'the username for password managers').toEqual(['username']);
  await expect(page.locator('input[autocomplete=username]')).toHaveValue('admin');
  await fillSilently(reset.password, 'nine herons under lisbon');
  await reset.submit.click();
  await expect(reset.done).toBeVisible();
});

test('fields for secrets and codes have no spell checking and correction', async ({ page, server }) => {
  await signIn(page, server);
  await open(page, '/device');
  const field = page.locator('#user-code');
  for (const [attribute, value] of [['spellcheck', 'false'], ['autocapitalize', 'characters'], ['autocorrect', 'off']] as const) {
    await expect(field).toHaveAttribute(attribute, value);
  }
  await field.fill('Code: TQFX-WXGZ');
  await expect(field).toHaveValue('TQFX-WXGZ');
});

test.describe('at the first start', () => {
  test.use({ setUp: false });

  test('the username is directly before the new password', async ({ page, server }) => {
    await open(page, '/login');
    await fillIn(page, server.username, server.firstPassword);
    await signInForm(page).submit.click();
    await expect(page.getByRole('heading', { name: 'Set up your account' })).toBeVisible();
    expect(await fieldsBefore(page)).toEqual(['email', 'username']);
  });
});
