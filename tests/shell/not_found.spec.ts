import { accountMenu, logOut, open, signIn, signInForm, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('an unknown address shows an error with a link', async ({ page, provokes }) => {
  provokes.status(404);
  const answer = await page.goto('/nowhere?x=1');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  await expect(page).toHaveTitle('Page not found – Doorstep');
  await expect(page).toHaveURL('/nowhere?x=1');
  await expect(signInForm(page).username).toHaveCount(0);
  await page.getByRole('link', { name: 'Go to home' }).click();
  await expect(signInForm(page).heading).toBeVisible();
  await expect(page).toHaveURL('/login');
});

test('from an unknown address, a signed-in user gets to the home page, and back', async ({ page, server, provokes }) => {
  provokes.status(404);
  await signIn(page, server);
  for (const link of ['Go to home', 'Doorstep']) {
    await open(page, '/nowhere/at/all');
    await page.getByRole('link', { name: link }).click();
    await expect(welcome(page)).toBeVisible();
    await expect(page).toHaveURL('/');
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
    await expect(page).toHaveURL('/nowhere/at/all');
  }
});

test('a link to a page that needs a session leads to the sign-in page, and Back to the link', async ({
  page,
  server,
  context,
  provokes,
}) => {
  provokes.status(404);
  await signIn(page, server);
  const other = await context.newPage();
  await open(other, '/');
  await open(page, '/nowhere');
  await logOut(other);
  await expect(accountMenu(page).button).toHaveCount(0);
  await page.getByRole('link', { name: 'Go to home' }).click();
  await expect(signInForm(page).heading).toBeVisible();
  await expect(page).toHaveURL('/login');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  await expect(page).toHaveURL('/nowhere');
});

test('an address that looks like another origin is unknown', async ({ page, server, provokes }) => {
  provokes.status(404);
  const answer = await page.goto(`${server.url}//evil.example/login`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
});
