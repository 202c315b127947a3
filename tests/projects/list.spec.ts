import { cut, hold, recordRequests } from '../support/network';
import { open, section, signIn } from '../support/screens';
import { expect, test } from '../support/test';
import { ON_A_PAGE, Workspace, elements, listPage, seedProjects, signInAs } from '../support/workspace';

test('the empty list leads to the first project', async ({ page, server, checkAccessibility }) => {
  await signIn(page, server);
  await section(page, 'Projects').click();
  const list = listPage(page, 'Projects');
  await expect(page).toHaveURL('/projects');
  await expect(page).toHaveTitle('Projects – Doorstep');
  await expect(list.heading).toBeFocused();
  await expect(list.shown).toHaveText('No projects yet. Create the first one.');
  await expect(list.search, 'there is nothing to search').toBeHidden();
  await expect(list.status).toBeHidden();
  await expect(page.getByRole('button', { name: 'New project' }), 'said once').toHaveCount(1);
  await checkAccessibility();

  await page.locator('.shown').getByRole('button', { name: 'New project' }).click();
  await expect(list.name).toBeFocused();
  await list.submit.click();
  await expect(list.refused).toHaveText('Enter a name.');
  await expect(list.name).toBeFocused();
  await expect(list.name).toHaveAttribute('aria-invalid', 'true');
  await checkAccessibility();
  await list.name.fill('  The bridge ');
  await list.summary.fill('Of stone.\n\nAcross the river.');
  await list.submit.click();
  await expect(page).toHaveURL(/\/projects\/[0-9a-f-]{36}$/);
  await expect(page).toHaveTitle('The bridge – Doorstep');
  const heading = page.getByRole('heading', { level: 1, name: 'The bridge' });
  await expect(heading).toBeFocused();
  await expect(page.getByText('Across the river.')).toBeVisible();

  await page.getByRole('main').getByRole('link', { name: 'Projects' }).click();
  await expect(list.rows).toHaveCount(1);
  await expect(list.rows).toContainText('Active');
  await list.row('The bridge').getByRole('link').click();
  await expect(heading).toBeFocused();
});

test('where all projects are archived, the list says so, and finds them', async ({ page, server }) => {
  await (await Workspace.of(server)).project('The bridge', { status: 'archived' });
  await signIn(page, server);
  await open(page, '/projects');
  const list = listPage(page, 'Projects');
  await expect(list.shown).toHaveText('All projects are archived.');
  await page.getByRole('button', { name: 'Include archived' }).click();
  await expect(page).toHaveURL('/projects?status=all');
  await expect(list.rows).toHaveCount(1);
  await list.status.selectOption('Archived');
  await expect(list.rows).toHaveCount(1);
  await expect(list.shown).toHaveText('1 result');
});

test('a search that leaves out archived projects says so, and includes them', async ({
  page,
  server,
  checkAccessibility,
}) => {
  const workspace = await Workspace.of(server);
  await workspace.project('The bridge');
  await workspace.project('Catalogue archive', { status: 'archived' });
  await signIn(page, server);
  await open(page, '/projects');
  const list = listPage(page, 'Projects');
  await expect(list.shown).toHaveText('1 in total');
  await list.search.fill('no such thing');
  await expect(list.shown, 'there is none either').toHaveText('No results.');
  await expect(page.getByRole('button', { name: 'Include archived' })).toHaveCount(0);
  await list.search.fill('catalogue');
  await expect(list.shown).toHaveText('No matching projects. Archived projects are not included.');
  await checkAccessibility();
  await page.getByRole('button', { name: 'Include archived' }).click();
  await expect(list.rows).toHaveCount(1);
  await expect(list.shown).toHaveText('1 result');
  await expect(list.shown).toBeFocused();
  await expect(page).toHaveURL('/projects?q=catalogue&status=all');
});

test('the current page stands out, and links to others do not', async ({ page, server }) => {
  await seedProjects(server, ON_A_PAGE + 2);
  await signIn(page, server);
  await open(page, '/projects?page=2');
  const list = listPage(page, 'Projects');
  const ground = (text: string) =>
    list.pages.getByText(text, { exact: true }).evaluate((element) => getComputedStyle(element).backgroundColor);
  await expect(list.pages.locator('[aria-current="page"]')).toHaveText('2');
  await page.mouse.move(0, 0);
  expect(await ground('2')).not.toBe('rgba(0, 0, 0, 0)');
  expect([await ground('1'), await ground('Previous')]).toEqual(['rgba(0, 0, 0, 0)', 'rgba(0, 0, 0, 0)']);
});

test('a network failure keeps a new project in the fields', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  await signIn(page, server);
  await open(page, '/projects');
  const list = listPage(page, 'Projects');
  await list.create.click();
  await list.name.fill('The bridge');
  await list.summary.fill('Of stone.');
  await cut(page, '**/api/projects');
  await list.submit.click();
  await expect(list.refused).toContainText("The server can't be reached. Your entries are kept");
  await expect(list.name).toHaveValue('The bridge');
  await expect(list.summary).toHaveValue('Of stone.');
  await page.unroute('**/api/projects');
  await list.submit.click();
  await expect(page.getByRole('heading', { level: 1, name: 'The bridge' })).toBeVisible();
});

test('the document has one page of ten thousand projects', async ({ page, server, checkAccessibility }) => {
  await seedProjects(server, 10_000);
  await signIn(page, server);
  await open(page, '/projects');
  const list = listPage(page, 'Projects');
  await expect(list.shown).toHaveText('1–50 of 10,000');
  await expect(list.rows).toHaveCount(ON_A_PAGE);
  await expect(list.rows.first()).toContainText('Project 10000');
  await checkAccessibility();
  const atFirst = await elements(page);

  await list.next.click();
  await expect(list.shown).toHaveText('51–100 of 10,000');
  await expect(list.shown).toBeFocused();
  await expect(page).toHaveURL('/projects?page=2');
  await expect(list.rows.first()).toContainText('Project 09950');
  for (let turned = 3; turned <= 12; turned += 1) {
    await list.next.click();
    await expect(list.rows.first()).toContainText(`Project ${String(10_050 - turned * 50).padStart(5, '0')}`);
    await expect(list.rows).toHaveCount(ON_A_PAGE);
  }
  expect(await elements(page), 'the document does not grow').toBeLessThan(atFirst + 30);
  await list.pages.getByText('200', { exact: true }).click();
  await expect(list.shown).toHaveText('9,951–10,000 of 10,000');
  await expect(list.next).toHaveCount(0);
  await page.goBack();
  await expect(list.shown).toHaveText('551–600 of 10,000');
  await page.reload();
  await expect(list.shown).toHaveText('551–600 of 10,000');
  await expect(list.pages.locator('[aria-current]')).toHaveText('12');
});

test('the search is in the address: Back and a reload restore it', async ({ page, server }) => {
  await seedProjects(server, 10_000);
  await signIn(page, server);
  await open(page, '/projects');
  const list = listPage(page, 'Projects');
  await expect(list.rows).toHaveCount(ON_A_PAGE);
  const requests = recordRequests(page, '/api/projects');
  await list.search.pressSequentially('project 0420', { delay: 20 });
  await expect(list.shown).toHaveText('10 results');
  await expect(list.rows).toHaveCount(10);
  await expect(list.search).toBeFocused();
  expect(requests.length, 'not one request per letter').toBeLessThan(5);
  await expect(page).toHaveURL('/projects?q=project+0420');

  await list.status.selectOption('Done');
  await expect(list.rows).toHaveCount(1);
  await expect(list.rows).toContainText('Project 04200');
  await expect(page).toHaveURL('/projects?q=project+0420&status=done');
  await page.reload();
  await expect(list.rows).toHaveCount(1);
  await expect(list.search).toHaveValue('project 0420');
  await expect(list.status).toHaveValue('done');

  await list.rows.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Project 04200' })).toBeFocused();
  await page.goBack();
  await expect(list.rows).toHaveCount(1);
  await expect(list.search).toHaveValue('project 0420');
  await page.goBack();
  await expect(list.shown).toHaveText('10 results');
  await expect(list.status).toHaveValue('');

  await list.search.fill('no such thing');
  await expect(list.shown).toHaveText('No results.');
  await expect(list.rows).toHaveCount(0);
  await page.getByRole('button', { name: 'Clear search' }).click();
  await expect(list.shown).toBeFocused();
  await expect(list.search).toHaveValue('');
  await expect(list.shown).toHaveText('1–50 of 10,000');
  await expect(page).toHaveURL('/projects');
});

test('a page beyond the end is replaced by the last one', async ({ page, server }) => {
  await seedProjects(server, 120);
  await signIn(page, server);
  await open(page, '/projects?page=900');
  await expect(listPage(page, 'Projects').shown).toHaveText('101–120 of 120');
  await expect(page).toHaveURL('/projects?page=3');
});

test('the answer to the last request is shown, whichever comes first', async ({ page, server }) => {
  await seedProjects(server, 100);
  await signIn(page, server);
  await open(page, '/projects');
  const list = listPage(page, 'Projects');
  await expect(list.rows).toHaveCount(ON_A_PAGE);
  const slow = await hold(page, '**/api/projects?q=project+000&*');
  await list.search.fill('project 000');
  await expect(page).toHaveURL('/projects?q=project+000');
  await list.search.fill('project 0008');
  await expect(list.shown).toHaveText('10 results');
  slow.release();
  await expect(list.rows).toHaveCount(10);
  await expect(list.rows.first()).toContainText('Project 0008');
});

test('a list can be tried again after a failure, and keeps its search', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  const workspace = await Workspace.of(server);
  await workspace.project('The bridge');
  await workspace.project('The tower');
  await signIn(page, server);
  await open(page, '/projects');
  const list = listPage(page, 'Projects');
  await expect(list.rows).toHaveCount(2);
  await cut(page, '**/api/projects?*');
  await list.search.fill('bridge');
  await expect(list.alert).toHaveText("This content couldn't be loaded.");
  const [sentence, again] = [await list.alert.boundingBox(), await list.again.boundingBox()];
  expect(again?.x ?? 0, 'the button is at the end of the sentence').toBeGreaterThan(sentence?.x ?? Infinity);
  expect(again?.y ?? Infinity, 'in the same line').toBeLessThan((sentence?.y ?? 0) + (sentence?.height ?? 0));
  await expect(list.rows).toHaveCount(0);
  await page.unroute('**/api/projects?*');
  await list.again.click();
  await expect(list.rows).toHaveCount(1);
  await expect(list.search).toHaveValue('bridge');
  await expect(list.alert).toBeEmpty();
});

test('archived projects are in the list if requested', async ({ page, server }) => {
  const workspace = await Workspace.of(server);
  await workspace.project('The bridge');
  await workspace.project('The ruin', { status: 'archived' });
  await signIn(page, server);
  await open(page, '/projects');
  const list = listPage(page, 'Projects');
  await expect(list.rows).toHaveCount(1);
  await list.status.selectOption('Archived');
  await expect(list.row('The ruin')).toHaveCount(1);
  await expect(list.rows).toHaveCount(1);
  await list.status.selectOption('All');
  await expect(list.rows).toHaveCount(2);
});

test('members see their own projects, read-only', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(403);
  await server.addUser('grace', 'grace@example.org');
  const workspace = await Workspace.of(server);
  const own = await workspace.project('The bridge', { summary: 'Of stone.' });
  const other = await workspace.project('The tower');
  await workspace.write(own, 'The first arch stands.');
  await signInAs(page, server, 'grace');
  await section(page, 'Projects').click();
  const list = listPage(page, 'Projects');
  await expect(list.shown).toContainText('An operator can add you to one.');
  await workspace.addMember(own, 'grace');
  await page.reload();
  await expect(list.rows).toHaveCount(1);
  await expect(list.create).toHaveCount(0);
  await checkAccessibility();
  await list.row('The bridge').getByRole('link').click();
  await expect(page.getByText('The first arch stands.')).toBeVisible();
  await expect(page.getByText('Of stone.')).toBeVisible();
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(0);

  await expect(section(page, 'Projects')).toHaveAttribute('aria-current', 'page');
  await expect(section(page, 'Clients')).toHaveCount(0);
  await open(page, '/clients');
  await expect(listPage(page, 'Clients').alert).toHaveText('Only operators can view this page.');
  await expect(listPage(page, 'Clients').search, 'there is nothing to search').toBeHidden();
  await expect(listPage(page, 'Clients').create).toHaveCount(0);

  provokes.status(404);
  await open(page, other);
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
});
