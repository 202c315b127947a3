import { askWhoIs, open, running, sessionToken, signIn } from '../support/screens';
import { Office, lookAgain, portal, preview } from '../support/portal';
import { expect, test } from '../support/test';

test('a preview names operator and client, shows one project, and leads back', async ({ page, server, checkAccessibility }) => {
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  const site = await office.project('Site', acme, { updates: Array.from({ length: 40 }, (_, number) => `Update ${number}`) });
  await office.project('Shop', acme);
  await signIn(page, server);
  const token = await sessionToken(page);
  await preview(page, server, site);
  const { banner, exit, heading, leave, link } = portal(page);
  await expect(heading('Site')).toBeVisible();
  await expect(banner).toContainText('Previewing as Acme · read‑only');
  await expect(page.getByText('Shop')).toHaveCount(0);
  await expect(link('Projects')).toHaveCount(0);
  await expect(leave, 'there is one button to leave').toHaveCount(0);
  await checkAccessibility();

  await page.mouse.wheel(0, 2_000);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(500);
  await expect(banner).toBeInViewport({ ratio: 1 });

  await exit.click();
  await expect(page).toHaveURL(`/projects/${site}`);
  expect(await sessionToken(page), 'the operator is still signed in').toBe(token);
  expect((await askWhoIs(server, token ?? '')).status).toBe(200);
  const cookies = await page.context().cookies();
  expect(cookies.filter(({ name }) => name === 'portal_session')).toEqual([]);
});

test('a preview has its project in the page, without a request', async ({ page, server }) => {
  const office = await Office.of(server);
  const site = await office.project('Site', await office.customer('Acme'), { updates: ['Under way'] });
  await signIn(page, server);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await preview(page, server, site);
  await running(page);
  await expect(portal(page).heading('Site')).toBeVisible();
  await expect(page.getByText('Under way')).toBeVisible();
  expect(asked.filter((path) => path.startsWith('/portal/api/'))).toEqual([]);
  await lookAgain(page);
  await expect.poll(() => asked, 'it is requested when the tab becomes visible').toContain(`/portal/api/projects/${site}`);
});

test('a project without a client is previewed as an internal one', async ({ page, server }) => {
  const office = await Office.of(server);
  const site = await office.project('Nobody yet');
  await signIn(page, server);
  await preview(page, server, site);
  await expect(portal(page).heading('Nobody yet')).toBeVisible();
  await expect(portal(page).banner).toContainText('Previewing as Nobody yet · read‑only');
});

test('leaving an expired preview leads back too', async ({ page, server, provokes }) => {
  provokes.status(401);
  const office = await Office.of(server);
  const site = await office.project('Site', await office.customer('Acme'));
  await signIn(page, server);
  await preview(page, server, site);
  await expect(portal(page).heading('Site')).toBeVisible();
  await page.context().clearCookies({ name: /^portal_session/ });
  await portal(page).exit.click();
  await expect(page).toHaveURL(`/projects/${site}`);
});

test('a preview of another project replaces the former in every tab', async ({ page, server }) => {
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  const [site, shop] = [await office.project('Site', acme), await office.project('Shop', await office.customer('Bolt'))];
  await signIn(page, server);
  await preview(page, server, site);
  const tab = await page.context().newPage();
  await preview(tab, server, shop);
  await expect(portal(tab).heading('Shop')).toBeVisible();
  await lookAgain(page);
  await expect(portal(page).heading('Shop')).toBeVisible();
  await expect(portal(page).banner).toContainText('Previewing as Bolt · read‑only');
});

test('Back after a preview leads to the project, not to a page without access', async ({ page, server }) => {
  const office = await Office.of(server);
  const site = await office.project('Site', await office.customer('Acme'));
  await signIn(page, server);
  await open(page, `/projects/${site}`);
  await page.getByRole('button', { name: 'View client portal' }).click();
  await expect(portal(page).banner).toBeVisible();
  await portal(page).exit.click();
  await expect(page).toHaveURL(`/projects/${site}`);
  await page.goBack();
  await expect(page).toHaveURL(`/projects/${site}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Site' })).toBeVisible();
});
