import { dialog, told } from '../support/account';
import { open, signIn } from '../support/screens';
import { expect, test } from '../support/test';
import { Workspace, clientPanel, seedClients } from '../support/workspace';

test('a client is chosen among ten thousand, by search or page', async ({ page, server, checkAccessibility }) => {
  await seedClients(server, 10_000);
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  const client = clientPanel(page);
  await expect(client.section).toContainText('No client can view this project yet.');
  await expect(client.section).toContainText('“View client portal” creates a client for previews and links it.');
  await client.choose.click();
  await expect(client.shown).toHaveText('1–10 of 10,000');
  await expect(client.rows).toHaveCount(10);
  await expect(client.search).toBeFocused();
  await checkAccessibility();
  await client.next.click();
  await expect(client.shown).toHaveText('11–20 of 10,000');
  await expect(client.shown).toBeFocused();
  await client.search.fill('client 04242');
  await expect(client.rows).toHaveCount(1);
  await expect(page, "the address stays the project's").toHaveURL(address);
  await client.rows.getByRole('button', { name: 'Client 04242' }).click();
  await expect(client.chooser).toBeHidden();
  await expect(told(page, 'Client linked.')).toBeVisible();
  await expect(client.link).toHaveText('Client 04242');
  await expect(client.heading).toBeFocused();
  await checkAccessibility();

  await client.choose.click();
  await client.search.fill('client 04242');
  await expect(client.shown).toHaveText('1 result');
  await expect(client.rows).toContainText('Linked');
  await expect(client.rows.getByRole('button'), 'the client that it has is no choice').toHaveCount(0);
  await client.chooser.getByRole('button', { name: 'Cancel' }).click();

  await client.link.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Client 04242' })).toBeFocused();
  await page.goBack();
  await client.unlink.click();
  const asked = dialog(page, 'Unlink “Client 04242”');
  await expect(asked.frame).toContainText('This client can no longer view this project.');
  await asked.press('Unlink');
  await expect(told(page, 'Client unlinked.')).toBeVisible();
  await expect(client.section).toContainText('No client can view this project yet.');
  await expect(client.heading).toBeFocused();
  await page.reload();
  await expect(client.section).toContainText('No client can view this project yet.');
});

test('an inactive client is marked', async ({ page, server }) => {
  const workspace = await Workspace.of(server);
  const client_id = await workspace.client('Ada');
  const address = await workspace.project('The bridge', { client_id });
  await signIn(page, server);
  await open(page, address);
  await expect(clientPanel(page).link).toHaveText('Ada');
  await expect(clientPanel(page).section).toContainText('Active');
  await server.alter('UPDATE clients SET active = 0');
  await page.reload();
  await expect(clientPanel(page).section).toContainText('Deactivated');
  await clientPanel(page).choose.click();
  await expect(clientPanel(page).rows).toContainText('Deactivated');
});

test('without clients, the choice leads to their list', async ({ page, server }) => {
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  const client = clientPanel(page);
  await client.choose.click();
  await expect(client.shown).toHaveText('No clients yet. Create one under “Clients”.');
  await client.chooser.getByRole('link', { name: 'Clients' }).click();
  await expect(page).toHaveURL('/clients');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
