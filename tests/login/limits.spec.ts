import { fillIn, logOut, open, signIn, signInForm, welcome } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

/** What a stranger sends, past the browser. */
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

test('two hundred guesses at once are few, the page counts down, and the owner gets in meanwhile', async ({
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

  // A browser that was never signed in has to wait …
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

  // … and the owner's has not.
  await page.goto('/login');
  const form = signInForm(page);
  await fillIn(page, server.username, server.password);
  await form.submit.click();
  await expect(welcome(page)).toBeVisible();

  // The owner's own mistakes count there.
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

  await expect(theirs.submit, 'when the time is over, the form can be sent again').toBeVisible({ timeout: 20_000 });
  await theirs.submit.click();
  await expect(welcome(stranger)).toBeVisible();
  await stranger.context().close();
});

test('a restart forgives nothing', async ({ server }) => {
  await guess(server, 5);
  await server.kill9();
  await server.start();
  expect(await guess(server, 1)).toEqual([429]);
});
