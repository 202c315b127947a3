import { dialog, told } from '../support/account';
import { open, signIn } from '../support/screens';
import { expect, test } from '../support/test';
import { NOBODY, Workspace, aboutPanel } from '../support/workspace';

test('a client gets another name and slug', async ({ page, server, provokes, checkAccessibility }) => {
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
  await expect(about.alert.filter({ hasText: 'Another client uses this slug.' })).toBeVisible();
  await expect(about.slug).toBeFocused();
  await checkAccessibility();
  await about.slug.fill('lovelace');
  await about.save.click();
  await expect(told(page, 'Saved.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Ada Lovelace' })).toBeVisible();
  await expect(about.section).toContainText('lovelace');
  await expect(about.heading).toBeFocused();
});

test('a client is deactivated after a question, and activated again', async ({ page, server, checkAccessibility }) => {
  const id = await (await Workspace.of(server)).client('Ada');
  await signIn(page, server);
  await open(page, `/clients/${id}`);
  const about = aboutPanel(page);
  await about.press('Deactivate');
  const asked = dialog(page, 'Deactivate');
  await expect(asked.frame).toContainText('Its access links stop working');
  await checkAccessibility();
  await asked.press('Deactivate');
  await expect(page.locator('.page-title').getByText('Deactivated')).toBeVisible();
  await expect(about.heading).toBeFocused();
  await checkAccessibility();
  await about.press('Activate');
  await expect(page.locator('.page-title').getByText('Deactivated')).toHaveCount(0);
  await expect(about.heading).toBeFocused();
});

test('an unknown client is not found', async ({ page, server, provokes }) => {
  provokes.status(404);
  await signIn(page, server);
  await open(page, `/clients/${NOBODY}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
});
