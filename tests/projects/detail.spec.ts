import { alertsIn } from '../support/alerts';
import { dialog, told } from '../support/account';
import { cut, hold } from '../support/network';
import { open, signIn } from '../support/screens';
import { expect, test } from '../support/test';
import { NOBODY, Workspace, aboutPanel, listPage, membersPanel, signInAs, updatesPanel } from '../support/workspace';

test('a project is edited, and errors are shown at their field', async ({ page, server, checkAccessibility }) => {
  const address = await (await Workspace.of(server)).project('The bridge', { summary: 'Of stone.' });
  await signIn(page, server);
  await open(page, address);
  await expect(page).toHaveTitle('The bridge – Doorstep');
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link')).toHaveText('Projects');
  const about = aboutPanel(page);
  await expect(about.section).toContainText('Of stone.');
  await about.edit.click();
  await expect(about.name).toBeFocused();
  await expect(about.name).toHaveValue('The bridge');
  await expect(about.status).toHaveValue('active');
  await expect(about.summary).toHaveValue('Of stone.');
  await checkAccessibility();
  await about.name.fill('   ');
  await about.save.click();
  await expect(about.alert.filter({ hasText: 'Enter a name.' })).toBeVisible();
  await expect(about.name).toBeFocused();
  await expect(about.name).toHaveAccessibleDescription('Enter a name.');
  await expect(about.summary, 'an error describes the field at fault only').toHaveAccessibleDescription('');
  await about.name.fill('The long bridge');
  await about.status.selectOption('Paused');
  await about.summary.fill('Of wood <b>now</b>.\n  Indented.');
  await about.save.click();
  await expect(told(page, 'Saved.')).toBeVisible();
  await expect(about.heading).toBeFocused();
  await expect(page.getByRole('heading', { level: 1, name: 'The long bridge' })).toBeVisible();
  await expect(page).toHaveTitle('The long bridge – Doorstep');
  await expect(page.locator('.page-title')).toContainText('Paused');
  await expect(about.section.getByText('Of wood <b>now</b>.')).toHaveText('Of wood <b>now</b>.\n  Indented.');
  await checkAccessibility();

  await about.edit.click();
  await about.name.fill('Something else');
  await about.cancel.click();
  await expect(about.heading).toBeFocused();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'The long bridge' })).toBeVisible();
});

test('a project is archived after confirmation, and restored', async ({ page, server, checkAccessibility }) => {
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  const about = aboutPanel(page);
  const archive = page.getByRole('main').getByRole('button', { name: 'Archive project', exact: true });
  const asked = dialog(page, 'Archive');
  await archive.click();
  await expect(asked.frame).toContainText('The client can no longer see it in the portal.');
  await checkAccessibility();
  await asked.cancel.click();
  await expect(archive).toBeFocused();
  await archive.click();
  await asked.press('Archive');
  await expect(page.getByText('This project is archived')).toBeVisible();
  await expect(told(page, 'Archived')).toBeVisible();
  await expect(about.heading).toBeFocused();
  await checkAccessibility();
  const portal = page.getByRole('button', { name: 'View client portal' });
  await expect(portal, 'there is no preview').toHaveCount(0);
  await expect(updatesPanel(page).body, 'no form for updates').toHaveCount(0);
  await about.press('Restore project');
  await expect(told(page, 'Project restored.')).toBeVisible();
  await expect(portal).toBeVisible();
  await expect(updatesPanel(page).body).toBeVisible();
  await expect(page.getByText('This project is archived')).toHaveCount(0);
  await expect(archive).toBeVisible();
  await expect(about.heading).toBeFocused();
  await open(page, '/projects');
  await expect(listPage(page, 'Projects').rows).toContainText('Active');
});

test('updates are added, edited and deleted', async ({ page, server, checkAccessibility }) => {
  const address = await (await Workspace.of(server)).project('The bridge');
  await server.alter('UPDATE projects SET updated_at = 1780000000000');
  await signIn(page, server);
  await open(page, address);
  const updates = updatesPanel(page);
  await expect(aboutPanel(page).section).not.toContainText('Updated just now');
  await expect(updates.section).toContainText('No updates yet.');
  await updates.post.click();
  await expect(updates.alert).toHaveText('Enter the text.');
  await expect(updates.body).toBeFocused();
  for (const body of ['The first arch stands.', 'The second arch:\n\n- stands\n- is <i>wet</i>']) {
    await updates.body.fill(body);
    await updates.post.click();
    await expect(updates.body).toHaveValue('');
    await expect(updates.body).toBeFocused();
    await expect(told(page, 'Update posted.')).toBeVisible();
    await expect(aboutPanel(page).section, 'the project was changed').toContainText('Updated just now');
  }
  await expect(updates.entries).toHaveCount(2);
  await expect(updates.entries.first().locator('.prose')).toContainText('The second arch:');
  await expect(updates.entries.first().locator('.prose li')).toHaveText(['stands', 'is <i>wet</i>']);
  await expect(updates.entries.first().getByRole('heading')).toContainText('admin');
  await checkAccessibility();

  await updates.act(updates.entries.last(), 'Edit');
  const editing = dialog(page, 'Edit update');
  const body = editing.frame.getByLabel('Text');
  await expect(body).toHaveValue('The first arch stands.');
  await expect(body).toBeFocused();
  await checkAccessibility();
  await body.fill('The first arch leans.');
  await editing.press('Save');
  await expect(updates.entries.last()).toContainText('The first arch leans.');
  await expect(updates.entries.last()).toContainText('edited ');
  await expect(updates.heading).toBeFocused();

  await updates.act(updates.entries.first(), 'Delete');
  const asked = dialog(page, 'Delete this update');
  await expect(asked.frame).toContainText('The client can no longer read it.');
  await checkAccessibility();
  await asked.press('Delete');
  await expect(updates.entries).toHaveCount(1);
  await expect(updates.entries).toContainText('leans');
  await expect(updates.heading).toBeFocused();
});

test('who can read the updates depends on the client', async ({ page, server }) => {
  const workspace = await Workspace.of(server);
  await server.addUser('grace', 'grace@example.org');
  const client_id = await workspace.client('Ada');
  const [linked, unlinked] = [await workspace.project('The bridge', { client_id }), await workspace.project('The tower')];
  await workspace.addMember(unlinked, 'grace');
  await workspace.addMember(linked, 'grace');
  await signIn(page, server);
  const note = updatesPanel(page).section.locator('> .note');
  await open(page, linked);
  await expect(note).toHaveText('The client can read these updates.');
  await open(page, unlinked);
  await expect(note).toHaveText('A client can read these updates once one is linked.');
  await server.alter('UPDATE clients SET active = 0');
  await open(page, linked);
  await expect(note).toHaveText('This client is deactivated. Activate it first.');
  await page.context().clearCookies();
  await signInAs(page, server, 'grace');
  await open(page, unlinked);
  await expect(note).toHaveText('A client can read these updates once one is linked.');
  await open(page, linked);
  await expect(updatesPanel(page).section).toContainText('No updates yet.');
  await expect(note, 'a member can not activate the client').toHaveCount(0);
});

test('a network failure keeps the update in the field', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  const updates = updatesPanel(page);
  await expect(updates.section).toContainText('No updates yet.');
  await updates.body.fill('The first arch stands.');
  await cut(page, '**/updates');
  await updates.post.click();
  await expect(updates.alert).toContainText("The server can't be reached. Your entries are kept");
  await expect(updates.body).toHaveValue('The first arch stands.');
  await page.unroute('**/updates');
  const slow = await hold(page, '**/updates');
  await updates.post.click();
  await expect(updates.post).toHaveAttribute('aria-busy', 'true');
  await updates.post.click({ force: true });
  slow.release();
  await expect(updates.entries).toHaveCount(1);
});

test('many updates are paged', async ({ page, server }) => {
  const workspace = await Workspace.of(server);
  const address = await workspace.project('The bridge');
  for (let written = 1; written <= 25; written += 1) await workspace.write(address, `Stone ${written}.`);
  await signIn(page, server);
  await open(page, address);
  const updates = updatesPanel(page);
  await expect(updates.entries).toHaveCount(20);
  await expect(updates.entries.first()).toContainText('Stone 25.');
  await updates.pages.getByRole('button', { name: 'Next' }).click();
  await expect(updates.entries).toHaveCount(5);
  await expect(updates.entries.last()).toContainText('Stone 1.');
  await expect(page, "the address stays the project's").toHaveURL(address);
});

test('members are added by username, and removed', async ({ page, server, provokes, checkAccessibility }) => {
  await server.addUser('grace', 'grace@example.org');
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  const members = membersPanel(page);
  provokes.status(422);
  await members.username.fill('nobody');
  await members.add.click();
  await expect(members.alert).toHaveText('No account has this username or email.');
  await expect(members.username).toBeFocused();
  await expect(members.username).toHaveValue('nobody');
  await members.username.fill('Grace@example.org');
  await members.add.click();
  await expect(members.entries).toHaveCount(1);
  await expect(members.entries).toContainText('grace');
  await expect(members.username).toHaveValue('');
  await expect(members.username).toBeFocused();
  await checkAccessibility();
  await members.entries.getByRole('button', { name: 'Remove “grace”' }).click();
  const asked = dialog(page, 'Remove “grace”');
  await expect(asked.frame).toContainText('They will lose access to this project immediately.');
  await expect(asked.frame.locator('.danger'), 'the account can be added again').toHaveCount(0);
  await asked.press('Remove member');
  await expect(members.entries).toHaveCount(0);
  await expect(members.heading).toBeFocused();
});

test('an unknown project is not found, and loading can be tried again after a failure', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.status(404);
  provokes.networkFailure();
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, `/projects/${NOBODY}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  await checkAccessibility();

  await page.getByRole('main').getByRole('link', { name: 'View all projects' }).click();
  await cut(page, `**/api${address}`);
  await listPage(page, 'Projects').row('The bridge').getByRole('link').click();
  await expect(alertsIn(page).filter({ hasText: "This content couldn't be loaded." })).toBeVisible();
  await page.unroute(`**/api${address}`);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'The bridge' })).toBeVisible();
});

test('Archive is among the details, and a pressed button keeps its width', async ({ page, server }) => {
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  const { body, post } = updatesPanel(page);
  await expect(aboutPanel(page).section.getByRole('button')).toHaveText(['Edit', 'Archive project']);
  const width = async () => (await post.boundingBox())?.width;
  const before = await width();
  await body.fill('The first arch stands.');
  const answer = await hold(page, '**/updates');
  await post.click();
  await expect(post).toHaveAttribute('aria-busy', 'true');
  await expect(post).toHaveText('Saving…');
  expect(await width()).toBe(before);
  answer.release();
  await expect(updatesPanel(page).entries).toHaveCount(1);
});

test('a project with two updates fits on a desktop screen', async ({ page, server }) => {
  const workspace = await Workspace.of(server);
  const client_id = await workspace.client('Ada');
  const address = await workspace.project('The bridge', { client_id, summary: 'A bridge of stone across the river.' });
  await workspace.write(address, 'The first arch stands.');
  await workspace.write(address, 'The second arch waits.');
  await page.setViewportSize({ width: 1120, height: 700 });
  await signIn(page, server);
  await open(page, address);
  await expect(updatesPanel(page).entries).toHaveCount(2);
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(1000);
});
