import { fillIn, open, signInForm } from '../support/screens';
import { hold } from '../support/network';
import { expect, test } from '../support/test';

test('password managers find one form with stable names', async ({ page }) => {
  await open(page, '/login');
  const form = signInForm(page);
  await expect(page.locator('form')).toHaveCount(1);
  await expect(page.locator('form')).toHaveAttribute('method', 'dialog');
  for (const [field, name, autocomplete, type] of [
    [form.username, 'username', 'username', 'text'],
    [form.password, 'password', 'current-password', 'password'],
  ] as const) {
    await expect(field).toHaveAttribute('id', name);
    await expect(field).toHaveAttribute('name', name);
    await expect(field).toHaveAttribute('autocomplete', autocomplete);
    await expect(field).toHaveAttribute('type', type);
    await expect(field).not.toHaveAttribute('maxlength');
    await expect(field).not.toHaveAttribute('readonly');
    expect(await field.evaluate((input) => (input as HTMLInputElement).form === document.forms[0])).toBe(true);
  }
  await expect(form.submit).toHaveAttribute('type', 'submit');
});

test('a password of the maximum length can be pasted', async ({ page }) => {
  await open(page, '/login');
  const form = signInForm(page);
  const longest = 'pass phrase '.repeat(100).slice(0, 1024);
  await form.username.fill(longest);
  await form.username.press('ControlOrMeta+a');
  await form.username.press('ControlOrMeta+c');
  await form.password.press('ControlOrMeta+v');
  await expect(form.password).toHaveValue(longest);
});

test('the password can be revealed by the keyboard, and is hidden when it is sent', async ({
  page,
  server,
  checkAccessibility,
}) => {
  await open(page, '/login');
  await fillIn(page, server.username, server.password);
  const form = signInForm(page);
  const toggle = form.showPassword;
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');

  await form.password.press('Tab');
  await expect(toggle).toBeFocused();
  await page.keyboard.press('Space');
  await expect(form.password).toHaveAttribute('type', 'text');
  await expect(form.password).toHaveValue(server.password);
  await checkAccessibility();
  await page.keyboard.press('Enter');
  await expect(form.password).toHaveAttribute('type', 'password');
  await page.keyboard.press('Enter');
  await expect(form.password).toHaveAttribute('type', 'text');
  await expect(page.locator('[aria-pressed=true]')).toBeFocused();

  const answer = await hold(page, '**/api/auth/login');
  await form.password.press('Enter');
  await expect(form.submit).toHaveAttribute('aria-busy', 'true');
  await expect(form.password).toHaveAttribute('type', 'password');
  await expect(page.locator('[aria-pressed=true]')).toHaveCount(0);
  answer.release();
  await expect(form.heading).toBeHidden();
});

test('Caps Lock is noticed in the password field', async ({ page, checkAccessibility }) => {
  await open(page, '/login');
  const { password } = signInForm(page);
  const notice = page.getByText('Caps Lock is on');
  const press = (modifierCapsLock: boolean) =>
    password.evaluate((field, modifierCapsLock) => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', bubbles: true, modifierCapsLock }));
    }, modifierCapsLock);
  await password.focus();
  await press(true);
  await expect(notice).toBeVisible();
  await expect(password).toHaveAccessibleDescription('Caps Lock is on');
  await checkAccessibility();
  await press(false);
  await expect(notice).toHaveCount(0);
  await press(true);
  await expect(notice).toBeVisible();
  await signInForm(page).username.focus();
  await expect(notice, 'only for this field').toHaveCount(0);
});

test('autofill events without a key are handled', async ({ page }) => {
  await open(page, '/login');
  const { password } = signInForm(page);
  await password.evaluate((field) => field.dispatchEvent(new Event('keydown', { bubbles: true })));
  await password.press('a');
  await expect(password).toHaveValue('a');
});
