import { accountMenu, open, section, signIn, welcome } from '../support/screens';
import { expect, test } from '../support/test';
import { proof } from '../support/account';
import { hold } from '../support/network';
import { listPage, seedProjects } from '../support/workspace';

test('a link after Back and Forward adds a history entry', async ({ page, server }) => {
  await seedProjects(server, 2);
  await signIn(page, server);
  await open(page, '/projects');
  const list = listPage(page, 'Projects');
  await list.rows.nth(0).getByRole('link').click();
  await expect(page).toHaveURL(/\/projects\/[0-9a-f-]{36}$/);
  const project = page.url();
  await page.goBack();
  await expect(list.heading).toBeVisible();
  await page.goForward();
  await expect(list.heading).toHaveCount(0);
  await page.getByRole('main').getByRole('link', { name: 'Projects' }).click();
  await expect(list.heading).toBeVisible();
  await expect(page).toHaveURL('/projects');
  await page.goBack();
  await expect(page).toHaveURL(project);
  await page.goBack();
  await expect(page).toHaveURL('/projects');
});

test('a page of a list after Back and Forward has its address', async ({ page, server }) => {
  await seedProjects(server, 120);
  await signIn(page, server);
  await open(page, '/projects');
  const turn = async (to: string) => {
    await page.getByRole('link', { name: to, exact: true }).click();
    await expect(page).toHaveURL(`/projects?page=${to}`);
  };
  await turn('2');
  await turn('3');
  await page.goBack();
  await expect(page).toHaveURL('/projects?page=2');
  await page.goForward();
  await expect(page).toHaveURL('/projects?page=3');
  await turn('2');
});

test('a pending search does not change the address of another page', async ({ page, server }) => {
  await seedProjects(server, 1);
  await signIn(page, server);
  await open(page, '/account');
  await section(page, 'Projects').click();
  const list = listPage(page, 'Projects');
  await expect(list.heading).toBeVisible();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByRole('searchbox').pressSequentially('Bu');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 2, name: 'Profile' })).toBeVisible();
  // Longer than the debounce of the search.
  await page.waitForTimeout(500);
  await expect(page).toHaveURL('/account');
  expect(asked.filter((url) => url.includes('q=Bu'))).toEqual([]);
});

test('Back closes the menu', async ({ page, server }) => {
  await signIn(page, server);
  await section(page, 'Projects').click();
  await expect(listPage(page, 'Projects').heading).toBeVisible();
  await accountMenu(page).button.click();
  await expect(accountMenu(page).button).toHaveAttribute('aria-expanded', 'true');
  await page.goBack();
  await expect(welcome(page)).toBeVisible();
  await expect(accountMenu(page).button).toHaveAttribute('aria-expanded', 'false');
});

test('the re-authentication dialog is closed with its page', async ({ page, server, provokes }) => {
  provokes.status(403);
  await signIn(page, server);
  await open(page, '/account');
  await page.getByRole('link', { name: 'Security' }).click();
  await server.ageProofs(11);
  await page.getByRole('link', { name: 'Turn on' }).click();
  await expect(proof(page).frame).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL('/account/security');
  await expect(proof(page).frame).toBeHidden();
});

test('a reload keeps the scroll position', async ({ page, server }) => {
  await seedProjects(server, 60);
  await signIn(page, server);
  await open(page, '/projects');
  await expect(listPage(page, 'Projects').rows).toHaveCount(50);
  await page.mouse.wheel(0, 900);
  await expect.poll(() => page.evaluate(() => String(history.state))).toContain('900');
  const answer = await hold(page, '**/api/projects?*');
  await page.reload();
  answer.release();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(900);
});
