import { hold } from '../support/network';
import { open, signInHere, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('an installation shows its own name and note, from the first paint on', async ({
  page,
  server,
  checkAccessibility,
}) => {
  await server.configure(`
    [branding]
    name = "Ada & Sons <Ltd>"
    public_note = "Closed on Sundays, and an-unbroken-address-that-is-longer-than-a-narrow-screen.example"
    accent = "#aa0000"
  `);
  await page.setViewportSize({ width: 320, height: 640 });
  const app = await hold(page, '**/*.wasm');
  await page.goto('/login', { waitUntil: 'domcontentloaded' });
  await expect(page).toHaveTitle('Sign in – Ada & Sons <Ltd>');
  await expect(page.getByText('Ada & Sons <Ltd>', { exact: true })).toBeVisible();
  await expect(page.getByText('Closed on Sundays')).toBeVisible();
  expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBeLessThanOrEqual(320);
  await checkAccessibility();

  app.release();
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveTitle('Start – Ada & Sons <Ltd>');
  await expect(page.getByRole('link', { name: 'Ada & Sons <Ltd>' })).toBeVisible();
});

test('an accent of any colour leaves every text readable, by day and by night', async ({
  page,
  server,
  checkAccessibility,
}) => {
  for (const accent of ['#ffffff', '#000000', '#ffee00', '#0000ff', '#888888']) {
    await server.configure(`[branding]\naccent = "${accent}"`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await open(page, '/login');
      await checkAccessibility();
    }
  }
});
