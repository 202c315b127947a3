import { Client } from '../support/client';
import { linkIn, written } from '../support/mail_walk';
import { choose, resetPage } from '../support/resets';
import { fillIn, signInForm, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('a user restores an email that was changed, and sets a new password', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  await page.goto(linkIn(await written('email-changed', server, page)));
  const heading = (name: string) => page.getByRole('heading', { level: 1, name });
  await expect(heading('Restore the previous email address?')).toBeVisible();
  await expect(page.getByText('The email address of your account “admin” will be admin@localhost again.')).toBeVisible();
  await checkAccessibility();
  // Nothing has changed yet.
  await page.reload();
  const link = page.url();
  await page.getByRole('button', { name: 'Restore address' }).press('Enter');
  await expect(heading('Email address restored')).toBeVisible();
  expect(page.url(), 'the token is removed from the address bar').toBe(`${server.url}/revert-email`);
  await checkAccessibility();

  await page.getByRole('link', { name: 'Set new password' }).click();
  await choose(page, 'nine herons over lisbon');
  await expect(resetPage(page).done).toBeVisible();
  await resetPage(page).signIn.click();
  await fillIn(page, 'admin@localhost', 'nine herons over lisbon');
  await signInForm(page).submit.click();
  await expect(welcome(page)).toBeVisible();

  provokes.status(410);
  await page.goto(link);
  await expect(heading("This link can't be used")).toBeVisible();
  await expect(page.getByText('This link was already used.')).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
});

test('a page of another site can not restore an email', async ({ page, server, provokes }) => {
  const link = new URL(linkIn(await written('email-changed', server, page)));
  provokes.status(403);
  const token = link.searchParams.get('token') ?? '';
  const form = `<form method="post" action="${server.url}/revert-email"><input name="token" value="${token}"><button>Win</button></form>`;
  await page.setContent(form);
  await page.getByRole('button', { name: 'Win' }).click();
  await expect(page.getByText('Another site sent this request, so nothing was changed.')).toBeVisible();
  await page.goto(link.href);
  await expect(page.getByRole('button', { name: 'Restore address' })).toBeVisible();
  expect(await new Client(server).post('/api/auth/login', { username: 'admin@localhost', password: server.password })).toMatchObject({
    status: 401,
  });
});
