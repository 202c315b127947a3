import { dialog, told } from '../support/account';
import { open, signIn } from '../support/screens';
import { expect, test } from '../support/test';
import { NOBODY, Workspace, aboutPanel, linksPanel } from '../support/workspace';

test('name and slug of a client are edited', async ({ page, server, provokes, checkAccessibility }) => {
  const workspace = await Workspace.of(server);
  const id = await workspace.client('Ada');
  await workspace.client('Grace');
  await signIn(page, server);
  await open(page, `/clients/${id}`);
  const about = aboutPanel(page);
  await about.edit.click();
  await expect(about.name).toBeFocused();
  await about.name.fill('Ada Lovelace');
  await about.slug.fill('grace');
  provokes.status(409);
  await about.save.click();
  await expect(about.alert.filter({ hasText: 'Another client uses this short name.' })).toBeVisible();
  await expect(about.slug).toBeFocused();
  await checkAccessibility();
  await about.slug.fill('lovelace');
  await about.save.click();
  await expect(told(page, 'Saved.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Ada Lovelace' })).toBeVisible();
  await expect(about.section).toContainText('lovelace');
  await expect(about.heading).toBeFocused();
});

test('a client is deactivated after confirmation, and activated again', async ({ page, server, checkAccessibility }) => {
  const id = await (await Workspace.of(server)).client('Ada');
  await signIn(page, server);
  await open(page, `/clients/${id}`);
  const about = aboutPanel(page);
  await about.press('Deactivate client');
  const asked = dialog(page, 'Deactivate');
  await expect(asked.frame).toContainText('Its access links stop working');
  await checkAccessibility();
  await asked.press('Deactivate client');
  await expect(page.locator('.page-title').getByText('Deactivated')).toBeVisible();
  await expect(about.heading).toBeFocused();
  const links = linksPanel(page);
  await expect(page.locator('.page > .notice')).toContainText("Its access links don't work.");
  await expect(links.make, 'it would always fail').toHaveCount(0);
  await expect(links.section).not.toContainText('Anyone with an access link');
  await checkAccessibility();
  await about.press('Activate client');
  await expect(told(page, 'Client activated.')).toBeVisible();
  await expect(links.make).toBeVisible();
  await expect(page.locator('.page > .notice')).toHaveCount(0);
  await expect(page.locator('.page-title').getByText('Deactivated')).toHaveCount(0);
  await expect(about.heading).toBeFocused();
});

test('an unknown client is not found', async ({ page, server, provokes }) => {
  provokes.status(404);
  await signIn(page, server);
  await open(page, `/clients/${NOBODY}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  await page.getByRole('link', { name: 'View all clients' }).click();
  await expect(page).toHaveURL('/clients');
});

test('the links of a client show creator, last use and status', async ({ page, server }) => {
  const workspace = await Workspace.of(server);
  const client_id = await workspace.client('Ada');
  await workspace.project('The bridge', { client_id });
  await workspace.project('The old mill', { client_id, status: 'archived' });
  await workspace.project('The tower');
  await signIn(page, server);
  await open(page, '/clients');
  await expect(page.getByRole('row').filter({ hasText: 'Ada' })).toContainText('Active');
  await page.getByRole('link', { name: 'Ada' }).click();
  const links = linksPanel(page);
  await links.note.fill('For Ada');
  await links.make.click();
  await links.kept.click();
  const columns = links.section.getByRole('columnheader');
  await expect(columns).toHaveText(['Label', 'Created', 'Last used', 'Status', 'Actions']);
  const cells = links.entries.getByRole('cell');
  await expect(cells).toHaveText(['For Ada', /^admin · /, 'Never', 'Active', 'Revoke']);
  await links.entries.getByRole('button').click();
  await dialog(page, /^Revoke /).press('Revoke');
  await expect(cells).toHaveText(['For Ada', /^admin · /, 'Never', 'Revoked', '']);

  const projects = page.getByRole('region', { name: 'Projects' });
  await expect(projects.locator('tbody').getByRole('row')).toHaveCount(2);
  await projects.getByRole('link', { name: 'The old mill' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'The old mill' })).toBeVisible();
});
