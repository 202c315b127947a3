import {
  accountMenu,
  alreadySignedIn,
  askWhoIs,
  open,
  sessionToken,
  signIn,
  signInForm,
  signInHere,
  welcome,
} from '../support/screens';
import { expect, test } from '../support/test';

test('a signed-in user is asked to continue', async ({ page, server, checkAccessibility }) => {
  await signIn(page, server);
  await open(page, '/login');
  await expect(alreadySignedIn(page)).toBeVisible();
  await expect(signInForm(page).username, 'the form is not shown').toHaveCount(0);
  await checkAccessibility();
  await page.getByRole('button', { name: 'Continue as admin' }).click();
  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveURL('/');
  await expect(accountMenu(page).button).toBeVisible();
});

test('signing out there ends the session and shows the form', async ({
  page,
  server,
  checkAccessibility,
}) => {
  await signIn(page, server);
  const token = (await sessionToken(page)) ?? '';
  await open(page, '/login');
  await page.getByRole('button', { name: 'Sign out' }).click();
  const form = signInForm(page);
  await expect(form.heading).toBeVisible();
  await expect(accountMenu(page).button).toHaveCount(0);
  // The page does not wait for the answer.
  await expect.poll(() => askWhoIs(server, token)).toEqual({ status: 401, code: 'unauthenticated' });
  const focusIsInMain = () => page.evaluate(() => Boolean(document.activeElement?.closest('main')));
  await expect.poll(focusIsInMain, 'the focus is not lost').toBe(true);
  await checkAccessibility();

  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
});
