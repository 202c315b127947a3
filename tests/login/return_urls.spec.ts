import type { Page } from '@playwright/test';

import { HOSTILE } from '../support/hostile';
import { open, running, signIn, signInForm, signInHere, welcome } from '../support/screens';
import { expect, test } from '../support/test';

const via = (target: string) => `/login?redirect=${encodeURIComponent(target)}`;

test('signing in leads to the requested page', async ({ page, server }) => {
  await page.goto(via('/account/security?x=1'));
  await signInHere(page, server);
  await expect(page).toHaveURL('/account/security?x=1');
});

test('the return URL is kept exactly', async ({ page, server }) => {
  await open(page, '/?page=2&q=fish%26chips%2B');
  await expect(page).toHaveURL(via('/?page=2&q=fish%26chips%2B'));
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveURL('/?page=2&q=fish%26chips%2B');
});

test('a wrong password keeps the return URL', async ({ page, server, provokes }) => {
  provokes.status(401);
  await open(page, via('/?x=1'));
  const form = signInForm(page);
  await form.username.fill(server.username);
  await form.password.fill('not the password');
  await form.submit.click();
  await expect(form.alert).toBeVisible();
  await signInHere(page, server);
  await expect(page).toHaveURL('/?x=1');
});

test('a hostile return URL leads to the home page after a sign-in', async ({ page, server }) => {
  await page.goto(via('//evil.example/'));
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  expect(page.url()).toBe(`${server.url}/`);
});

// In halves, for two workers.
for (const half of [0, 1]) {
  test(`every hostile return URL leads to the home page, ${half + 1} of 2`, async ({ page, server }) => {
    expect(HOSTILE.length).toBeGreaterThan(100);
    await signIn(page, server);
    const strays: string[] = [];
    for (const text of HOSTILE.filter((_, index) => index % 2 === half)) {
      const end = await whereItEnds(page, text);
      if (end !== `${server.url}/`) {
        strays.push(`${JSON.stringify(text)} ends on ${end}`);
      }
    }
    expect(strays).toEqual([]);
  });
}

/** Follows a return URL as a signed-in user, which is the fastest way. */
async function whereItEnds(page: Page, text: string): Promise<string> {
  await page.goto(via(text));
  await running(page);
  await page.getByRole('button', { name: 'Continue as admin' }).click();
  const arrived = welcome(page).waitFor({ timeout: 5_000 });
  return arrived.then(
    () => page.url(),
    () => `${page.url()}, which is not the start page`,
  );
}
