import { accountMenu, askWhoIs, logOut, open, sessionToken, signIn, signInForm, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('the password signs in', async ({ page, server }) => {
  await signIn(page, server);
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(accountMenu(page).button).toBeVisible();
  await page.reload();
  await expect(welcome(page)).toBeVisible();
});

test('the email and a username in another case sign in too', async ({ page, server }) => {
  for (const name of ['admin@localhost', ' ADMIN ']) {
    await open(page, '/login');
    const form = signInForm(page);
    await form.username.fill(name);
    await form.password.fill(server.password);
    await form.password.press('Enter');
    await expect(welcome(page)).toBeVisible();
    await logOut(page);
    await expect(form.heading).toBeVisible();
  }
});

test('the session token is only in an HttpOnly cookie', async ({ page, server }) => {
  const texts: string[] = [];
  // Read by the route: bodies of an earlier document can't be read later.
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    if (/json|html/.test(response.headers()['content-type'] ?? '')) {
      texts.push(`${route.request().url()} ${await response.text()}`);
    }
    await route.fulfill({ response });
  });
  await signIn(page, server);
  await page.reload();
  await expect(welcome(page)).toBeVisible();

  const cookies = await page.context().cookies();
  const names = cookies.map(({ name }) => name.replace(/known_.*/, 'known')).sort();
  expect(names).toEqual(['doorstep_known', 'doorstep_session', `doorstep_session_${new URL(server.url).port}`]);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', domain: '127.0.0.1' });
  }

  const token = (await sessionToken(page)) ?? '';
  expect(token.length).toBeGreaterThan(40);
  const readable = await page.evaluate(() =>
    JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, location.href, history.state]),
  );
  expect(readable).not.toContain(token);
  expect(texts.filter((text) => text.includes(token))).toEqual([]);
  expect(texts.filter((text) => text.includes('/api/auth/login '))).toHaveLength(1);

  expect(server.log, 'the log has the sign-in').toContain('"event":"signed_in"');
  for (const secret of [...cookies.map(({ value }) => value), server.password, server.firstPassword]) {
    expect(server.log).not.toContain(secret);
  }
});

test('a new sign-in ends the previous session of the browser', async ({ page, server }) => {
  await signIn(page, server);
  const first = (await sessionToken(page)) ?? '';
  await page.evaluate(async ([username, password]) => {
    const headers = { 'content-type': 'application/json' };
    await fetch('/api/auth/login', { method: 'POST', headers, body: JSON.stringify({ username, password }) });
  }, [server.username, server.password]);
  const second = (await sessionToken(page)) ?? '';
  expect(second).not.toBe(first);
  expect(await askWhoIs(server, first)).toEqual({ status: 401, code: 'unauthenticated' });
  expect(await askWhoIs(server, second)).toEqual({ status: 200, code: null });
});

test('a session survives a crash of the server', async ({ page, server }) => {
  await signIn(page, server);
  // The requests of the home page are answered.
  await expect(page.locator('.events')).toBeVisible();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await server.kill9();
  await server.start();
  await page.reload();
  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveURL('/');
});
