import { recordRequests } from '../support/network';
import { running, signInForm } from '../support/screens';
import { Office, enter, portal } from '../support/portal';
import { expect, test } from '../support/test';

test('the name of the client is not cut in a narrow window', async ({ page, server }) => {
  const office = await Office.of(server);
  await page.setViewportSize({ width: 360, height: 720 });
  await enter(page, await office.customer('Bridge and Harbour Construction Company of the North'));
  const header = page.getByRole('banner');
  await expect(portal(page).leave).toBeInViewport({ ratio: 1 });
  const name = header.getByText('Bridge and Harbour Construction Company of the North');
  const isCut = await name.evaluate((element) => element.scrollWidth > element.clientWidth);
  expect(isCut, 'it is shown nowhere else').toBe(false);
  const [out, below] = [await portal(page).leave.boundingBox(), await name.boundingBox()];
  expect(below?.y).toBeGreaterThanOrEqual((out?.y ?? 0) + (out?.height ?? 0));
  expect((await header.boundingBox())?.height, 'at most two rows').toBeLessThan(112);
});

test("a magic link opens its client's projects only", async ({ page, server, checkAccessibility }) => {
  const office = await Office.of(server);
  const [acme, other] = [await office.customer('Acme'), await office.customer('Someone else')];
  const site = await office.project('New site', acme, {
    summary: 'One line,\nand another.',
    status: 'paused',
    updates: ['The first.', 'The second,\n  with <b>signs</b> & lines.'],
  });
  await office.project('Shop', acme);
  const secret = await office.project('Not theirs', other, { updates: ['Nobody else reads this.'] });

  await enter(page, acme);
  const { list, projects, link, heading, updates } = portal(page);
  await expect(list).toBeVisible();
  await expect(page).toHaveTitle('Projects – Doorstep');
  await expect(projects).toHaveCount(2);
  await expect(page.getByRole('banner')).toContainText('Acme');
  await expect(page.locator('body')).not.toContainText(/Not theirs|Someone else/);
  await checkAccessibility();

  const loads = recordRequests(page, '/portal');
  await link('New site').click();
  await expect(heading('New site')).toBeFocused();
  await expect(page).toHaveURL(`/portal/projects/${site}`);
  await expect(page).toHaveTitle('New site – Doorstep');
  await expect(page.getByText('Paused')).toBeVisible();
  await expect(page.getByText('One line,')).toHaveText('One line,\nand another.', { useInnerText: true });
  await expect(updates).toHaveCount(2);
  await expect(updates.first().locator('.prose')).toHaveText(/^The second,\n {2}with <b>signs<\/b> & lines\.$/, {
    useInnerText: true,
  });
  await expect(updates.last()).toContainText('The first.');
  await checkAccessibility();

  await page.goBack();
  await expect(list).toBeFocused();
  expect(loads, 'the page was loaded once').toHaveLength(0);

  // A project of another client is not found.
  const answer = await page.request.get(`/portal/api/projects/${secret}`);
  expect(answer.status()).toBe(404);
  expect(await answer.json()).toEqual({ error: 'not_found' });
});

test("another client's project is like an unknown one", async ({
  page,
  server,
  provokes,
}) => {
  provokes.status(404);
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  const other = await office.project('Not theirs', await office.customer('Someone else'));
  await office.project('Site', acme);
  await enter(page, acme);
  for (const address of [`/portal/projects/${other}`, '/portal/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab', '/portal/x']) {
    await page.goto(address);
    await running(page);
    await expect(portal(page).heading('Page not found')).toBeVisible();
    await expect(page).toHaveTitle('Page not found – Doorstep');
    await page.getByRole('link', { name: 'Go to home' }).click();
    await expect(portal(page).heading('Site')).toBeFocused();
    await expect(page).toHaveURL('/portal');
  }
});

test('a client with one project sees it at once, one without projects a message', async ({ page, server }) => {
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await enter(page, acme);
  await expect(portal(page).list).toBeVisible();
  await expect(page.getByText('No projects yet. They will appear here.')).toBeVisible();
  await office.project('Site', acme, { updates: ['Begun.'] });
  await page.reload();
  await expect(portal(page).heading('Site')).toBeVisible();
  await expect(page).toHaveTitle('Site – Doorstep');
  await expect(page).toHaveURL('/portal');
  await expect(portal(page).updates).toHaveCount(1);
  await expect(portal(page).link('Projects'), 'there are no other projects').toHaveCount(0);
});

test('a long list is paged', async ({ page, server }) => {
  test.slow();
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  for (let number = 1; number <= 28; number += 1) {
    await office.project(`Project ${number}`, acme);
  }
  await enter(page, acme);
  const { list, projects, previous, next, heading, link } = portal(page);
  await expect(projects).toHaveCount(25);
  await expect(page.getByText('1–25 of 28')).toBeVisible();
  await expect(previous).toHaveCount(0);
  await next.click();
  await expect(list).toBeFocused();
  await expect(page.getByText('26–28 of 28')).toBeVisible();
  await expect(projects).toHaveCount(3);
  await expect(next).toHaveCount(0);
  await link('Project 1').click();
  await expect(heading('Project 1')).toBeVisible();
  await page.goBack();
  await expect(page.getByText('26–28 of 28'), 'the same page of the list').toBeVisible();
  await previous.click();
  await expect(page.getByText('1–25 of 28')).toBeVisible();
});

test('leaving ends the visit in this browser, and the link works again', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.status(401);
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await office.project('Site', acme);
  await enter(page, acme);
  await portal(page).leave.click();
  await expect(portal(page).noAccess).toBeFocused();
  await expect(page).toHaveTitle('You need an access link – Doorstep');
  await expect(page.locator('body')).not.toContainText(/Site|Acme/);
  await expect(signInForm(page).username).toHaveCount(0);
  await checkAccessibility();
  const answer = await page.goto('/portal');
  expect(answer?.status()).toBe(401);
  await expect(portal(page).noAccess).toBeVisible();
  await enter(page, acme);
  await expect(portal(page).heading('Site')).toBeVisible();
});

test.describe('a visitor without access', () => {
  test('sees what to do, and no sign-in', async ({ page, server, provokes, checkAccessibility }) => {
    provokes.status(401);
    const office = await Office.of(server);
    const acme = await office.customer('Acme');
    await office.revoke(acme);
    for (const address of ['/portal', '/portal/enter/not-a-link', acme.enter]) {
      const answer = await page.goto(address);
      expect(answer?.status(), address).toBe(401);
      await expect(portal(page).noAccess).toBeVisible();
      await expect(page.getByText('Open the access link you received.')).toBeVisible();
      await expect(page.getByRole('main').getByRole('link')).toHaveCount(0);
      await expect(page.getByRole('textbox')).toHaveCount(0);
      await checkAccessibility();
    }
  });

  test('can have any cookie: it is ignored', async ({ page, server, provokes }) => {
    provokes.status(401);
    const office = await Office.of(server);
    const acme = await office.customer('Acme');
    await office.project('Site', acme);
    await enter(page, acme);
    const [cookie] = (await page.context().cookies()).filter(({ name }) => name === 'portal_session');
    await page.context().clearCookies({ name: /^portal_session/ });
    const sealed = cookie?.value ?? '';
    const [body = '', tag = ''] = sealed.split('.');
    const turned = (text: string) => text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
    const forged = Buffer.from(JSON.stringify({ tid: 'x', iat: 1 })).toString('base64url');
    const others = ['', '.', 'x', body, `.${tag}`, `${body}.`, turned(sealed), `${forged}.${tag}`, `${sealed}0`, 'x'.repeat(3000)];
    for (const value of others) {
      await page.context().addCookies([{ name: 'portal_session', value, url: server.url }]);
      const answer = await page.goto('/portal');
      expect(answer?.status(), value).toBe(401);
      await expect(portal(page).noAccess).toBeVisible();
    }
    await page.context().addCookies([{ name: 'portal_session', value: sealed, url: server.url }]);
    await page.goto('/portal');
    await expect(portal(page).heading('Site')).toBeVisible();
  });
});
