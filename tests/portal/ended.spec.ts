import { alertsIn } from '../support/alerts';
import { cut, recordRequests } from '../support/network';
import { logOut, running, signIn } from '../support/screens';
import { Office, enter, lookAgain, portal, preview } from '../support/portal';
import { expect, test } from '../support/test';

test('revoking a link ends its visits', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await office.project('Site', acme);
  await page.clock.install();
  await enter(page, acme);
  await expect(portal(page).heading('Site')).toBeVisible();
  await office.revoke(acme);
  await page.clock.runFor(31_000);
  await expect(portal(page).noAccess).toBeFocused();
  await expect(page.locator('body')).not.toContainText(/Site|Acme/);
  await expect(page).toHaveTitle('You need an access link – Doorstep');
  await expect(portal(page).leave).toHaveCount(0);
  await checkAccessibility();
});

test('deactivating a client ends its visits, seen when the tab becomes visible', async ({ page, server, provokes }) => {
  provokes.status(401);
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await office.project('Site', acme);
  await enter(page, acme);
  await expect(portal(page).heading('Site')).toBeVisible();
  await office.deactivate(acme);
  await lookAgain(page);
  await expect(portal(page).noAccess).toBeFocused();
});

test('a page without access shows so', async ({ page, server, provokes }) => {
  provokes.status(401);
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await office.project('Site', acme);
  await office.project('Shop', acme);
  await enter(page, acme);
  await expect(portal(page).projects).toHaveCount(2);
  await office.revoke(acme);
  await portal(page).link('Shop').click();
  await expect(portal(page).noAccess).toBeFocused();
});

test('a new visit in another tab continues in this one', async ({ page, server }) => {
  const office = await Office.of(server);
  const [acme, other] = [await office.customer('Acme'), await office.customer('Other')];
  await office.project('Site', acme);
  await office.project('Garden', other);
  await enter(page, acme);
  await expect(portal(page).heading('Site')).toBeVisible();
  await portal(page).leave.click();
  await expect(portal(page).noAccess).toBeVisible();
  const tab = await page.context().newPage();
  await enter(tab, other);
  await expect(portal(tab).heading('Garden')).toBeVisible();
  await lookAgain(page);
  await expect(portal(page).heading('Garden')).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('Other');
  await expect(portal(page).noAccess).toHaveCount(0);
});

test('signing out ends a preview', async ({ page, server, provokes }) => {
  provokes.status(401);
  const office = await Office.of(server);
  const project = await office.project('Site', await office.customer('Acme'));
  await signIn(page, server);
  const tab = await page.context().newPage();
  await preview(tab, server, project);
  await expect(portal(tab).heading('Site')).toBeVisible();
  await logOut(page);
  await expect.poll(async () => (await page.request.get('/portal/api/me')).status()).toBe(401);
  await lookAgain(tab);
  await expect(portal(tab).noAccess).toBeFocused();
  await expect(portal(tab).banner).toHaveCount(0);
});

test('the page checks access when a preview expires', async ({ page, server }) => {
  const office = await Office.of(server);
  const project = await office.project('Site', await office.customer('Acme'));
  await signIn(page, server);
  // The page gets an earlier expiry than the server has, because no test waits for an hour.
  await page.route('/portal', async (route) => {
    const response = await route.fetch();
    const end = new Date(Date.now() + 4_000).toISOString();
    await route.fulfill({ response, body: (await response.text()).replace(/("expires_at":")[^"]+/, `$1${end}`) });
  });
  const questions = recordRequests(page, '/portal/api/me');
  await preview(page, server, project);
  await expect(portal(page).heading('Site')).toBeVisible();
  expect(questions, 'before it expires').toHaveLength(0);
  await expect.poll(() => questions.length, { timeout: 12_000 }).toBe(1);
  await expect(portal(page).banner, 'the server confirms access').toBeVisible();
});

test('new content is loaded when the tab becomes visible, and nothing else is redrawn', async ({ page, server }) => {
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  const site = await office.project('Site', acme);
  await enter(page, acme);
  await expect(portal(page).heading('Site')).toBeVisible();
  const untouched = await portal(page).heading('Site').elementHandle();
  await lookAgain(page);
  await page.waitForLoadState('networkidle');
  expect(await untouched?.evaluate((heading) => heading.isConnected), 'unchanged elements are kept').toBe(true);
  await office.rename(site, 'The new site');
  await lookAgain(page);
  await expect(portal(page).heading('The new site')).toBeVisible();
  await expect(page).toHaveTitle('The new site – Doorstep');
  await expect(portal(page).heading('The new site')).not.toBeFocused();
});

test('a lost connection is shown, keeps the content, and recovers by itself', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.networkFailure();
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await office.project('Site', acme, { updates: ['Begun.'] });
  await office.project('Shop', acme);
  await enter(page, acme);
  await expect(portal(page).projects).toHaveCount(2);
  await server.kill9();
  await portal(page).link('Site').click();
  await expect(page.getByText("The server can't be reached. Reconnecting")).toBeVisible();
  await expect(portal(page).heading("The server can't respond")).toBeFocused();
  await portal(page).retry.click();
  await expect(portal(page).retry).not.toHaveAttribute('aria-busy');
  await checkAccessibility();
  await server.start();
  await expect(page.getByText('Connected again.')).toBeVisible();
  await expect(portal(page).heading('Site')).toBeVisible();
  await expect(portal(page).updates).toHaveCount(1);
});

test('leaving can be repeated after a failure', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await office.project('Site', acme);
  await enter(page, acme);
  await cut(page, '/portal/api/leave');
  await portal(page).leave.click();
  await expect(alertsIn(page)).toContainText("The server can't be reached.");
  await expect(portal(page).heading('Site')).toBeVisible();
  await page.unroute('/portal/api/leave');
  await portal(page).leave.click();
  await expect(portal(page).noAccess).toBeVisible();
});

test('an error of a proxy does not end a visit', async ({ page, server, provokes }) => {
  provokes.status(401);
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await office.project('Site', acme);
  await enter(page, acme);
  await expect(portal(page).heading('Site')).toBeVisible();
  await page.route('/portal/api/**', (route) => route.fulfill({ status: 401, body: '<html>Who are you?</html>' }));
  const asked = page.waitForResponse('/portal/api/me');
  await lookAgain(page);
  await asked;
  await page.waitForLoadState('networkidle');
  await expect(portal(page).heading('Site')).toBeVisible();
});

test("a client's visit and an operator's session are independent", async ({ page, server }) => {
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await office.project('Site', acme);
  await signIn(page, server);
  await enter(page, acme);
  await expect(portal(page).banner, 'not a preview').toHaveCount(0);
  await portal(page).leave.click();
  await expect(portal(page).noAccess).toBeVisible();
  const me = await page.request.get('/api/auth/me');
  expect(me.status(), 'the operator is still signed in').toBe(200);
  await enter(page, acme);
  await page.request.post('/api/auth/logout', { headers: { origin: server.url }, data: {} });
  await page.reload();
  await running(page);
  await expect(portal(page).heading('Site'), 'the visit continues when the operator signs out').toBeVisible();
});
