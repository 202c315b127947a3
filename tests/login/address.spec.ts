import { alertsIn } from '../support/alerts';
import { recordRequests } from '../support/network';
import { fillIn, open, signInForm, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('a lost session cookie has its own message, shown once', async ({ page, server }) => {
  await page.route('**/api/auth/login', async (route) => {
    const response = await route.fetch();
    await page.context().clearCookies();
    const headers = Object.fromEntries(Object.entries(response.headers()).filter(([name]) => name !== 'set-cookie'));
    await route.fulfill({ status: response.status(), headers, body: await response.body() });
  });
  await open(page, '/login');
  await fillIn(page, server.username, server.password);
  await signInForm(page).submit.click();
  await expect(signInForm(page).alert).toContainText('The browser blocked the sign‑in cookie');
  await expect(page).toHaveURL('/login');
  await page.reload();
  await expect(signInForm(page).heading).toBeVisible();
  await expect(signInForm(page).alert).toBeHidden();
});

// The next page is another app, whose shell has the user.
test('signing in sends one request before the next page', async ({ page, server }) => {
  await open(page, '/login');
  await fillIn(page, server.username, server.password);
  const sent = recordRequests(page);
  await signInForm(page).submit.click();
  await expect(welcome(page)).toBeVisible();
  const asked = sent.map((request) => `${request.method()} ${new URL(request.url()).pathname}`);
  expect(asked.filter((line) => line.includes('/api/'))).toEqual(expect.arrayContaining(['POST /api/auth/login']));
  expect(asked).not.toContain('GET /api/auth/me');
  expect(asked.indexOf('GET /')).toBe(1);
});

test('a page at another address shows the public one, and the log has it once', async ({ page, server }) => {
  const there = server.url.replace('127.0.0.1', 'localhost');
  for (const path of ['/login', '/projects?page=2', '/login']) {
    await page.goto(there + path);
    await expect(page.getByText(`This server's address is ${server.url}.`)).toBeVisible();
  }
  await page.goto(`${there}/projects?page=2`);
  await page.getByRole('link', { name: `Go to ${server.url}` }).click();
  await expect(page).toHaveURL(`${server.url}/login?redirect=%2Fprojects%3Fpage%3D2`);
  await expect(page.getByText("This server's address is")).toHaveCount(0);
  const lines = server.log.split('\n').filter((line) => line.includes('opened_at_another_address'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(there);
  expect(lines[0]).toContain(server.url);
});

test('a page has one address, and its fragment survives a sign-in', async ({ page, server }) => {
  await page.goto('/projects/?page=1#part');
  await expect(page).toHaveURL(/\/login\?redirect=%2Fprojects%3Fpage%3D1#part$/);
  await fillIn(page, server.username, server.password);
  await signInForm(page).submit.click();
  await expect(page).toHaveURL(`${server.url}/projects?page=1#part`);
});

test('a malformed query is not an error of the server', async ({ page, server }) => {
  await open(page, '/login');
  await fillIn(page, server.username, server.password);
  await signInForm(page).submit.click();
  await expect(welcome(page)).toBeVisible();
  const queries = ['event=%', 'event=nothing', 'page=0', 'page=%', 'since=%', 'q=%', `q=${'a'.repeat(500)}`, 'actor=%FF'];
  for (const query of queries) {
    await page.goto(`/audit?${query}`);
    await expect(page.getByRole('heading', { name: 'Audit log' })).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Event' })).toHaveValue('');
    await expect(alertsIn(page)).toHaveCount(0);
  }
});
