import {
  accountMenu,
  alreadySignedIn,
  fillIn,
  logOut,
  open,
  signIn,
  signInForm,
  signInHere,
  welcome,
} from '../support/screens';
import { expect, test } from '../support/test';

test('a sign-in in one tab signs in the others', async ({ page, server, context }) => {
  await open(page, '/login');
  const other = await context.newPage();
  await open(other, '/login');
  await signInHere(other, server);
  await expect(welcome(other)).toBeVisible();
  await expect(alreadySignedIn(page)).toBeVisible();
  await page.getByRole('button', { name: 'Continue as admin' }).click();
  await expect(welcome(page)).toBeVisible();
});

test('a sign-out in one tab signs out the others', async ({ page, server, context }) => {
  await signIn(page, server);
  const other = await context.newPage();
  await open(other, '/');
  await expect(welcome(other)).toBeVisible();
  await logOut(page);
  await expect(signInForm(other).heading).toBeVisible();
  await expect(accountMenu(other).button).toHaveCount(0);
  await fillIn(other, server.username, server.password);
  await signInForm(other).submit.click();
  await expect(welcome(other)).toBeVisible();
  await expect(alreadySignedIn(page)).toBeVisible();
});
