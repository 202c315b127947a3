import { fillIn, open, signIn, signInForm, welcome } from '../support/screens';
import { expect, test } from '../support/test';

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
