import { fillIn, logOut, open, signIn, signInForm, welcome } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

/** Sends wrong passwords by the API. */
async function guess(server: Server, times: number): Promise<number[]> {
  const attempt = async () => {
    const answer = await fetch(`${server.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ username: server.username, password: 'a guess' }),
    });
    return answer.status;
  };
  return Promise.all(Array.from({ length: times }, attempt));
}

test('concurrent guesses are limited, with a countdown, but not for a known browser', async ({
  browser,
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.status(429);
  await signIn(page, server);
  await logOut(page);

  const statuses = await guess(server, 200);
  expect(statuses.filter((status) => status === 401)).toHaveLength(5);
  expect(statuses.filter((status) => status === 429)).toHaveLength(195);

  // An unknown browser is limited …
  const stranger = await (await browser.newContext({ baseURL: server.url })).newPage();
  await open(stranger, '/login');
  const theirs = signInForm(stranger);
  await fillIn(stranger, server.username, server.password);
  await theirs.submit.click();
  await expect(theirs.alert).toHaveText('Too many attempts. Wait, then try again.');
  const countdown = stranger.getByRole('button', { name: /^Wait 0:0?\d+$/ });
  await expect(countdown).toHaveAttribute('aria-disabled', 'true');
  const before = await countdown.textContent();
  await expect(countdown).not.toHaveText(before ?? '');
  await expect(theirs.password, 'the field keeps its value').toHaveValue(server.password);

  // … and a known one is not.
  await page.goto('/login');
  const form = signInForm(page);
  await fillIn(page, server.username, server.password);
  await form.submit.click();
  await expect(welcome(page)).toBeVisible();

  // There the user's own failures count.
  await logOut(page);
  provokes.status(401);
  for (let attempt = 0; attempt < 5; attempt++) {
    await fillIn(page, server.username, 'a mistake');
    await form.submit.click();
    await expect(form.password).toHaveValue('');
    await expect(form.password).toBeFocused();
  }
  await fillIn(page, server.username, server.password);
  await form.submit.click();
  await expect(form.alert).toHaveText('Too many attempts. Wait, then try again.');
  await checkAccessibility();

  await expect(theirs.submit, 'the form can be submitted again afterwards').toBeVisible({ timeout: 20_000 });
  await theirs.submit.click();
  await expect(welcome(stranger)).toBeVisible();
  await stranger.context().close();
});

test('limits survive a restart', async ({ server }) => {
  await guess(server, 5);
  await server.kill9();
  await server.start();
  expect(await guess(server, 1)).toEqual([429]);
});
