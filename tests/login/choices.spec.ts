import { turnOnTotp } from '../support/authenticator';
import { fillIn, open, running, signInForm, signInHere, totpStage } from '../support/screens';
import { expect, test } from '../support/test';

test('language and theme are chosen before signing in', async ({ page, checkAccessibility }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, '/login');
  const light = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.getByLabel('Theme').selectOption('Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('html')).not.toHaveCSS('background-color', light);
  await checkAccessibility();
  await page.getByLabel('Language').selectOption('Deutsch');
  await expect(page.getByRole('heading', { level: 1, name: 'Anmelden' })).toBeVisible();
  await running(page);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.locator('html'), 'the next page has the theme').toHaveAttribute('data-theme', 'dark');
  await checkAccessibility();
});

test('the second step shows the username', async ({ page, server, provokes }) => {
  provokes.status(401);
  await turnOnTotp(server);
  await open(page, '/login');
  await signInHere(page, server);
  await expect(totpStage(page).heading).toBeVisible();
  await expect(page.getByText('Signing in as admin')).toBeVisible();
});

test.describe('where a password is chosen', () => {
  test.use({ setUp: false });

  test('its strength is shown while it is typed', async ({ page, server }) => {
    await open(page, '/login');
    await fillIn(page, server.username, server.firstPassword);
    await signInForm(page).submit.click();
    const password = page.getByLabel('New password', { exact: true });
    const meter = page.getByRole('meter');
    const strength = async (typed: string) => {
      await password.fill(typed);
      return meter.evaluate((element) => (element as HTMLMeterElement).value);
    };
    expect(await strength('')).toBe(0);
    const weak = await strength('aaaaaaaaaaaa');
    const strong = await strength('seven clouds over lisbon');
    expect(weak).toBeLessThan(strong);
  });
});
