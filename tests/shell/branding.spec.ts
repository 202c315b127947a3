import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { hold } from '../support/network';
import { providerLink, section } from '../support/providers';
import { open, signInHere, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('name and note of the installation are in the first paint', async ({
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
  await expect(page).toHaveTitle('Home – Ada & Sons <Ltd>');
  await expect(page.getByRole('link', { name: 'Ada & Sons <Ltd>' })).toBeVisible();
});

test('every accent colour keeps texts readable, in both themes', async ({
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

test('in dark themes only the logo for dark themes is loaded', async ({ page, server }) => {
  const draw = async (name: string, colour: string) => {
    const file = join(server.dataDir, `${name}.svg`);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect fill="${colour}" width="8" height="8"/></svg>`;
    await writeFile(file, svg);
    return file;
  };
  const [light, dark] = [await draw('light', 'black'), await draw('dark', 'white')];
  await server.configure(`[branding]\nname = "Acme"\nlogo = "${light}"\nlogo_dark = "${dark}"\n`);
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const shown = async () => {
    const logos = page.locator('img[src*="/logo-"]:visible');
    await expect(logos).toHaveCount(1);
    await expect.poll(async () => logos.evaluate((logo: HTMLImageElement) => logo.naturalWidth)).toBeGreaterThan(0);
    return (await logos.getAttribute('src')) ?? '';
  };
  await open(page, '/login');
  const ofLight = await shown();
  expect(fetched.filter((path) => path.includes('/logo-'))).toEqual([ofLight]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await shown()).not.toBe(ofLight);
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  expect(await shown()).toContain('/logo-dark-');
  await page.context().addCookies([{ name: 'doorstep_theme', value: 'light', url: server.url }]);
  await page.reload();
  expect(await shown(), "the user's own choice").toBe(ofLight);
});

test('a provider has its configured icon, or its initial', async ({ page, server, checkAccessibility }) => {
  const picture = join(server.dataDir, 'okta.svg');
  await writeFile(picture, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>');
  const provider = { issuer: 'https://id.example.org', client_id: 'doorstep' };
  const icons = { okta: picture, company: 'building', forge: 'a shape that is not there' };
  await server.configure(Object.entries(icons).map(([name, icon]) => section({ ...provider, name, icon })).join(''));
  await open(page, '/login');
  const image = providerLink(page, 'Okta').locator('img');
  await expect(image).toHaveAttribute('src', /^\/assets\/icon-[0-9a-f]{16}\.svg$/);
  expect(await image.evaluate((element: HTMLImageElement) => element.complete && element.naturalWidth > 0)).toBe(true);
  await expect(providerLink(page, 'Company').locator('svg path')).toBeVisible();
  const initial = providerLink(page, 'Forge').locator('.initial');
  await expect(initial).toBeVisible();
  expect(await initial.evaluate((element) => getComputedStyle(element, '::before').content)).toBe('"F"');
  await checkAccessibility();
});
