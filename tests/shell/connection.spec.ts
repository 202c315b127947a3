import { fillIn, open, section, signIn, signInForm, welcome } from '../support/screens';
import { expect, test } from '../support/test';
import { Workspace, listPage } from '../support/workspace';

test('a lost connection is shown, and when it is back', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.networkFailure();
  await open(page, '/login');
  const form = signInForm(page);
  await fillIn(page, server.username, server.password);
  await server.kill9();
  await form.submit.click();
  await expect(page.getByText("The server can't be reached. Reconnecting")).toBeVisible();
  await checkAccessibility();
  await server.start();
  await expect(page.getByText('Connected again.')).toBeVisible();
  await form.submit.click();
  await expect(welcome(page)).toBeVisible();
});

test('an offline browser shows so at once', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  await signIn(page, server);
  await page.context().setOffline(true);
  await expect(page.getByText("The server can't be reached. Reconnecting")).toBeVisible();
  await page.context().setOffline(false);
  await expect(page.getByText('Connected again.')).toBeVisible();
});

test('the notice is below the header also where the form was painted', async ({ page, provokes }) => {
  provokes.networkFailure();
  await open(page, '/login');
  await page.context().setOffline(true);
  const notice = page.getByText("The server can't be reached. Reconnecting");
  await expect(notice).toBeVisible();
  const [bar, card] = [await notice.boundingBox(), await page.locator('.card').boundingBox()];
  if (!bar || !card) throw new Error('not on the page');
  expect(bar.y + bar.height).toBeLessThanOrEqual(card.y);
});

test('content that was not loaded is loaded when the server is reachable again', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await section(page, 'Projects').click();
  const projects = listPage(page, 'Projects');
  await expect(projects.rows).toHaveCount(1);
  await page.context().setOffline(true);
  const problem = page.getByText("This content couldn't be loaded.");
  for (const [go, there] of [
    [section(page, 'Clients'), listPage(page, 'Clients').shown],
    [projects.rows.getByRole('link'), page.getByRole('heading', { level: 1, name: 'The bridge' })],
  ] as const) {
    await go.click();
    await expect(problem).toBeVisible();
    await page.context().setOffline(false);
    await expect(problem).toHaveCount(0);
    await expect(there).toBeVisible();
    await section(page, 'Projects').click();
    await expect(projects.rows).toHaveCount(1);
    await page.context().setOffline(true);
  }
});
