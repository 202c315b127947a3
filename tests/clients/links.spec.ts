import type { Page } from '@playwright/test';

import { dialog, told } from '../support/account';
import { cut } from '../support/network';
import { open, signIn, tokenStage } from '../support/screens';
import { expect, test } from '../support/test';
import { Workspace, linksPanel } from '../support/workspace';

/** Everything that the browser stores for the page. */
const kept = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.stringify([location.href, history.state, document.cookie, localStorage, sessionStorage]));

test('a link is shown once, and not stored', async ({ page, server, context, checkAccessibility }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const id = await (await Workspace.of(server)).client('Ada');
  await signIn(page, server);
  await open(page, `/clients/${id}`);
  const links = linksPanel(page);
  await expect(links.section).toContainText('No access links yet.');
  await links.note.fill('For Ada herself');
  await links.make.click();
  await expect(links.madeHeading).toBeFocused();
  await expect(links.made).toContainText("You won't see it again.");
  await expect(links.address).toHaveText(new RegExp(`^${server.url}/portal/enter/[\\w-]{20,}$`));
  const url = (await links.address.textContent()) ?? '';
  const secret = url.split('/').at(-1) ?? url;
  await checkAccessibility();
  await links.copy.click();
  await expect(links.made).toContainText('Copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(url);
  await expect(links.entries).toHaveCount(1);
  await expect(links.entries).toContainText('For Ada herself');
  await expect(links.entries).toContainText('Never');
  await expect(links.note).toHaveValue('');
  await expect(page.getByText('Active links').locator('..')).toContainText('1');
  expect(await kept(page)).not.toContain(secret);
  expect(server.log).not.toContain(secret);

  await page.getByRole('main').getByRole('link', { name: 'Clients' }).click();
  await page.goBack();
  await expect(links.entries).toHaveCount(1);
  await expect(links.made).toHaveCount(0);
  expect(await page.content()).not.toContain(secret);
  expect(await kept(page)).not.toContain(secret);
});

test('a link from the command line names it as creator, in the language of the page', async ({
  page,
  server,
  context,
}) => {
  const id = await (await Workspace.of(server)).client('Ada');
  await server.command(['client', 'link', 'ada']);
  await signIn(page, server);
  await open(page, `/clients/${id}`);
  await expect(linksPanel(page).entries).toContainText('Command line');
  await context.addCookies([{ name: 'doorstep_language', value: 'de', url: server.url }]);
  await page.reload();
  await expect(page.getByRole('main')).toContainText('Befehlszeile');
});

test('a copied link is dismissed', async ({ page, server }) => {
  const id = await (await Workspace.of(server)).client('Ada');
  await signIn(page, server);
  await open(page, `/clients/${id}`);
  const links = linksPanel(page);
  await links.make.click();
  const secret = ((await links.address.textContent()) ?? '').split('/').at(-1) ?? '';
  await links.kept.click();
  await expect(links.made).toHaveCount(0);
  await expect(links.note).toBeFocused();
  await expect(links.entries).toContainText('No label');
  expect(await page.content()).not.toContain(secret);
});

test('a link is revoked after confirmation, and stays in the list', async ({ page, server, checkAccessibility }) => {
  const id = await (await Workspace.of(server)).client('Ada');
  await signIn(page, server);
  await open(page, `/clients/${id}`);
  const links = linksPanel(page);
  for (const note of ['old', 'new']) {
    await links.note.fill(note);
    await links.make.click();
    await expect(links.entries.filter({ hasText: note })).toHaveCount(1);
  }
  await links.entries.filter({ hasText: 'old' }).getByRole('button', { name: 'Revoke the link “old”' }).click();
  const asked = dialog(page, 'Revoke the link “old”');
  await expect(asked.frame).toContainText('It stops working');
  await checkAccessibility();
  await asked.press('Revoke');
  await expect(told(page, 'Access link revoked.')).toBeVisible();
  await expect(links.heading).toBeFocused();
  const revoked = links.entries.filter({ hasText: 'old' });
  await expect(revoked).toContainText('Revoked');
  await expect(revoked.getByRole('button')).toHaveCount(0);
  await expect(links.entries.filter({ hasText: 'new' }).getByRole('button')).toHaveCount(1);
  await expect(page.getByText('Active links').locator('..')).toContainText('1');
  await checkAccessibility();
});

test('an inactive client gets no link, and a lost connection keeps the label', async ({ page, server, provokes }) => {
  provokes.status(409);
  provokes.networkFailure();
  const id = await (await Workspace.of(server)).client('Ada');
  await signIn(page, server);
  await open(page, `/clients/${id}`);
  const links = linksPanel(page);
  await expect(links.section).toContainText('No access links yet.');
  await cut(page, '**/links');
  await links.note.fill('For Ada');
  await links.make.click();
  await expect(links.alert).toContainText("The server can't be reached.");
  await expect(links.note).toHaveValue('For Ada');
  await page.unroute('**/links');
  await server.alter('UPDATE clients SET active = 0');
  await links.make.click();
  await expect(links.alert).toHaveText('This client is deactivated. Activate it first.');
  await expect(links.made).toHaveCount(0);
});

test('a temporary session can not create a link', async ({ page, server, provokes }) => {
  provokes.status(403);
  const id = await (await Workspace.of(server)).client('Ada');
  const token = await server.loginToken();
  await open(page, '/login');
  await tokenStage(page).link.click();
  await tokenStage(page).token.fill(token);
  await tokenStage(page).submit.click();
  await page.getByRole('button', { name: 'Skip for now' }).click();
  await expect(page.getByText('You signed in with a temporary sign‑in token')).toBeVisible();
  await open(page, `/clients/${id}`);
  await linksPanel(page).make.click();
  await expect(linksPanel(page).alert).toHaveText(
    'You signed in with a temporary sign‑in token. Set a new password first.',
  );
});
