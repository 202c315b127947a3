import type { Page } from '@playwright/test';

import { dialog, told } from '../support/account';
import { accountMenu, fillIn, open, section, signIn, signInForm, signInHere, welcome } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';
import { Workspace, aboutPanel, listPage, membersPanel, signInAs, updatesPanel } from '../support/workspace';

const QUESTION = 'Discard unsaved text?';

test('a link asks before the text of an update is lost', async ({ page, server, checkAccessibility }) => {
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  const { body } = updatesPanel(page);
  await body.fill('Half a sentence');
  const asked = dialog(page, QUESTION);
  await section(page, 'Projects').click();
  await expect(asked.frame).toContainText('What you typed will be lost.');
  await checkAccessibility();
  await asked.cancel.click();
  await expect(page).toHaveURL(address);
  await expect(body).toHaveValue('Half a sentence');

  await section(page, 'Projects').click();
  await asked.press('Discard');
  await expect(listPage(page, 'Projects').heading).toBeVisible();
  await page.goBack();
  await expect(body).toHaveValue('');
});

test('so do Back and another language', async ({ page, server }) => {
  await openFromList(page, server);
  const { body } = updatesPanel(page);
  await body.fill('Half a sentence');
  const asked = dialog(page, QUESTION);
  await page.goBack();
  await asked.cancel.click();
  await expect(body).toHaveValue('Half a sentence');

  await accountMenu(page).button.click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await asked.cancel.click();
  await expect(body).toHaveValue('Half a sentence');

  await page.goBack();
  await asked.press('Discard');
  await expect(page).toHaveURL('/projects');
  await accountMenu(page).button.click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Projekte' }), 'without a question').toBeVisible();
});

test('nothing is asked once the text is posted, saved or given up', async ({ page, server }) => {
  await openFromList(page, server);
  const updates = updatesPanel(page);
  await updates.body.fill('The bridge is open.');
  await updates.post.click();
  await expect(updates.entries).toHaveCount(1);
  await page.goBack();
  await expect(page).toHaveURL('/projects');
  await page.goForward();

  const about = aboutPanel(page);
  await about.edit.click();
  await section(page, 'Projects').click();
  await expect(page, 'nothing is changed').toHaveURL('/projects');
  await page.goBack();
  await about.edit.click();
  await about.name.fill('The long bridge');
  await section(page, 'Projects').click();
  await dialog(page, QUESTION).cancel.click();
  await about.cancel.click();
  await section(page, 'Projects').click();
  await expect(page).toHaveURL('/projects');
});

test('text survives the end of the session, for the same user', async ({ page, server, provokes }) => {
  provokes.status(401);
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  const updates = updatesPanel(page);
  const about = aboutPanel(page);
  await isLoaded(page);
  await updates.body.fill('A long text');
  await about.edit.click();
  await about.summary.fill('Of stone');
  await server.alter('DELETE FROM sessions');
  await updates.post.click();
  await expect(signInForm(page).heading).toBeVisible();
  await signInHere(page, server);
  await expect(updates.body).toHaveValue('A long text');
  await expect(about.summary).toHaveValue('Of stone');
  const stored = await page.evaluate(() => [sessionStorage.length, localStorage.length]);
  expect(stored, 'it is not in the storage of the browser').toEqual([0, 0]);
  await about.save.click();
  await expect(told(page, 'Saved.')).toBeVisible();
  await updates.post.click();
  await expect(updates.entries).toContainText(['A long text']);
});

test('another user does not get the text', async ({ page, server, provokes }) => {
  provokes.status(401);
  await server.addUser('grace', 'grace@example.org');
  await server.alter("UPDATE accounts SET role = 'operator'");
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  const updates = updatesPanel(page);
  await isLoaded(page);
  await updates.body.fill('A long text');
  await server.alter('DELETE FROM sessions');
  await updates.post.click();
  await expect(signInForm(page).heading).toBeVisible();
  await fillIn(page, 'grace', server.password);
  await signInForm(page).submit.click();
  await expect(updates.body).toHaveValue('');

  await page.getByRole('button', { name: 'Account menu of grace' }).click();
  await accountMenu(page).logOut.click();
  await signInAs(page, server, server.username);
  await open(page, address);
  await expect(updates.body).toHaveValue('');
});

test('signing out asks, and forgets the text', async ({ page, server }) => {
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  await updatesPanel(page).body.fill('A long text');
  await accountMenu(page).button.click();
  await accountMenu(page).logOut.click();
  await dialog(page, QUESTION).press('Discard');
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  await open(page, address);
  await expect(updatesPanel(page).body).toHaveValue('');
});

/** Waits for the lists of a project without entries: a later answer would tell that the session has ended. */
async function isLoaded(page: Page): Promise<void> {
  await expect(updatesPanel(page).section).toContainText('No updates yet.');
  await expect(membersPanel(page).section).toContainText('No members yet.');
}

/** Opens a project from the list, so that Back leads there. */
async function openFromList(page: Page, server: Server): Promise<void> {
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await section(page, 'Projects').click();
  await listPage(page, 'Projects').rows.getByRole('link').click();
  await expect(page).toHaveURL(address);
}
