import { turnOnTotp } from '../support/authenticator';
import { Client } from '../support/client';
import { open, signIn, signInWithCode } from '../support/screens';
import { expect, test } from '../support/test';

test('the home page lists what needs attention, with one action each', async ({ page, server, checkAccessibility }) => {
  await signIn(page, server);
  const attention = page.getByRole('region', { name: 'Needs attention' });
  await expect(attention.getByRole('listitem')).toHaveCount(2);
  await expect(attention).toContainText('Two‑factor authentication is off.');
  await expect(attention).toContainText('Your email is still the placeholder admin@localhost.');
  await checkAccessibility();
  await attention.getByRole('link', { name: 'Change email' }).click();
  await expect(page).toHaveURL('/account');
  await page.goBack();
  await attention.getByRole('link', { name: 'Turn on 2FA' }).click();
  await expect(page).toHaveURL('/account/security/two-factor');
});

test('the home page has no empty list of notices', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await server.alter("UPDATE accounts SET email = 'ada@example.org'");
  await signInWithCode(page, server, await app.code());
  await expect(page.getByRole('region', { name: 'Recent projects' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Needs attention' })).toHaveCount(0);
  await checkAccessibility();
});

test('recently changed projects are on the home page, with their status', async ({
  page,
  server,
  checkAccessibility,
}) => {
  const client = await Client.signedIn(server);
  for (const name of ['one', 'two', 'three', 'four', 'five', 'six']) {
    await client.demand('/api/projects', { name: `The ${name}`, status: 'active' });
  }
  await signIn(page, server);
  const recent = page.getByRole('region', { name: 'Recent projects' });
  await expect(recent.getByRole('listitem')).toHaveCount(5);
  await expect(recent.getByRole('listitem').first()).toContainText('The six');
  await expect(recent.getByRole('listitem').first()).toContainText('Active');
  await expect(recent).not.toContainText('The one');
  await checkAccessibility();
  await recent.getByRole('link', { name: 'The six' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'The six' })).toBeFocused();
  await page.goBack();
  await page.getByRole('link', { name: 'All projects' }).click();
  await expect(page).toHaveURL('/projects');
});

test('the home page leads to authorizing a device and, for operators, to a new project', async ({ page, server }) => {
  await signIn(page, server);
  const recent = page.getByRole('region', { name: 'Recent projects' });
  await expect(recent).toContainText('No projects yet.');
  await recent.getByRole('button', { name: 'New project' }).click();
  const dialog = page.getByRole('dialog', { name: 'New project' });
  await dialog.getByLabel('Name').fill('The bridge');
  await dialog.locator('[type=submit]').click();
  await expect(page.getByRole('heading', { level: 1, name: 'The bridge' })).toBeVisible();
  await open(page, '/');
  await expect(recent).toContainText('The bridge');
  await expect(page.getByRole('main').getByRole('button', { name: 'New project' })).toHaveCount(1);
  await page.getByRole('main').getByRole('link', { name: 'Authorize a device' }).click();
  await expect(page).toHaveURL('/device');
});
