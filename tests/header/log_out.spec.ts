import {
  accountMenu,
  askWhoIs,
  logOut,
  open,
  pressLogOut,
  sessionToken,
  signIn,
  signInForm,
  signInHere,
  welcome,
} from '../support/screens';
import { hold, recordRequests } from '../support/network';
import { expect, test } from '../support/test';

test('signing out is one POST, and the page is cleared before the answer', async ({ page, server }) => {
  await signIn(page, server);
  const logouts = recordRequests(page, '/api/auth/logout');
  const answer = await hold(page, '**/api/auth/logout');
  await pressLogOut(page);
  await expect(signInForm(page).username, 'the form has the focus').toBeFocused();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await expect(accountMenu(page).button).toHaveCount(0);
  answer.release();
  await expect.poll(async () => sessionToken(page)).toBeUndefined();
  expect(logouts.map((request) => request.method())).toEqual(['POST']);
});

test('after signing out the page has no account data, and another user can sign in', async ({
  page,
  server,
}) => {
  await signIn(page, server);
  await logOut(page);
  await expect(signInForm(page).heading).toBeVisible();
  await expect(page).toHaveURL('/login');
  await expect(page).toHaveTitle('Sign in – Doorstep');
  await expect(page.locator('body')).not.toContainText('admin');
  await expect(signInForm(page).password).toHaveValue('');
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
});

test('a failed sign-out can be repeated', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.networkFailure();
  await signIn(page, server);
  const token = (await sessionToken(page)) ?? '';
  await server.kill9();
  await pressLogOut(page);

  const notice = page.getByText('Your session on the server is still active.');
  await expect(notice).toBeVisible();
  await expect(signInForm(page).heading).toBeVisible();
  await expect(accountMenu(page).button).toHaveCount(0);
  await checkAccessibility();

  const endIt = page.getByRole('button', { name: 'End session now' });
  await endIt.click();
  await expect(endIt, 'it can be tried again').not.toHaveAttribute('aria-disabled');
  await expect(notice).toBeVisible();

  await server.start();
  expect(await askWhoIs(server, token), 'it has not ended').toEqual({ status: 200, code: null });
  await endIt.click();
  await expect(notice).toHaveCount(0);
  expect(await askWhoIs(server, token)).toEqual({ status: 401, code: 'unauthenticated' });
  expect(await sessionToken(page)).toBeUndefined();
});

test('a sign-out completes although its tab is closed at once', async ({ page, server }) => {
  await signIn(page, server);
  const token = (await sessionToken(page)) ?? '';
  await server.whileItCannotWrite(async () => {
    const sent = page.waitForRequest('**/api/auth/logout');
    await pressLogOut(page);
    await sent;
    await page.close();
    expect(await askWhoIs(server, token)).toEqual({ status: 200, code: null });
  });
  await expect.poll(() => askWhoIs(server, token)).toEqual({ status: 401, code: 'unauthenticated' });
});

test('other open tabs sign out too', async ({ page, server }) => {
  await signIn(page, server);
  const other = await page.context().newPage();
  await open(other, '/');
  await expect(welcome(other)).toBeVisible();
  await logOut(page);
  await expect(signInForm(other).heading).toBeVisible();
  await expect(accountMenu(other).button).toHaveCount(0);
});
