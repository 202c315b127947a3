import { readMe } from '@directus/sdk';
import type { Browser } from '@playwright/test';

import { browsers, dialog, told } from '../support/account';
import { turnOnTotp } from '../support/authenticator';
import { Client } from '../support/client';
import { directus, refusal } from '../support/directus';
import { askWhoIs, logOut, open, sessionToken, signIn, signInForm, signInHere, signInWithCode, totpStage, welcome } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** Signs in in another browser. */
async function elsewhere(browser: Browser, server: Server) {
  const context = await browser.newContext({ baseURL: server.url, userAgent: FIREFOX });
  const page = await context.newPage();
  await signIn(page, server);
  return { page, token: (await sessionToken(page)) ?? '' };
}

test('another session is signed out after confirmation', async ({ page, browser, server, checkAccessibility }) => {
  const other = await elsewhere(browser, server);
  await signIn(page, server);
  await open(page, '/account/sessions');
  const list = browsers(page, 'Sessions');
  await expect(list.entries).toHaveCount(2);
  await expect(list.current).toHaveCount(1);
  await expect(list.current).toContainText('on Linux');
  await expect(list.current).toContainText('127.0.0.1');
  await expect(list.current).toContainText('Password');
  await expect(list.current.getByRole('button'), 'the current session is ended by signing out').toHaveCount(0);
  await expect(list.others).toContainText('Firefox on Linux');
  await checkAccessibility();

  const end = list.others.getByRole('button', { name: 'Sign out “Firefox on Linux”' });
  const asked = dialog(page, 'Sign out “Firefox on Linux”');
  await end.click();
  await expect(asked.frame).toContainText('The session ends immediately.');
  await checkAccessibility();
  await page.keyboard.press('Escape');
  await expect(asked.frame).toBeHidden();
  await expect(end).toBeFocused();
  await end.click();
  await asked.cancel.click();
  await expect(end).toBeFocused();
  expect(await askWhoIs(server, other.token)).toMatchObject({ status: 200 });

  await end.click();
  await asked.press('Sign out');
  await expect(told(page, 'Session signed out.')).toBeVisible();
  await expect(list.entries).toHaveCount(1);
  await expect(list.heading).toBeFocused();
  expect(await askWhoIs(server, other.token)).toEqual({ status: 401, code: 'unauthenticated' });

  await other.page.goto('/account/sessions');
  await expect(signInForm(other.page).heading).toBeVisible();
  await expect(other.page).toHaveURL('/login?redirect=%2Faccount%2Fsessions');
  await other.page.context().close();
});

test('five sessions fit on a wide screen, two on a narrow one; details are in a disclosure', async ({ page, server }) => {
  await Promise.all(Array.from({ length: 4 }, () => Client.signedIn(server)));
  await signIn(page, server);
  await page.setViewportSize({ width: 1120, height: 700 });
  await open(page, '/account/sessions');
  const list = browsers(page, 'Sessions');
  await expect(list.entries).toHaveCount(5);
  await expect(list.entries.nth(4)).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 360, height: 720 });
  await expect(list.entries.nth(1)).toBeInViewport({ ratio: 1 });

  await page.setViewportSize({ width: 1120, height: 700 });
  const parts = () => Promise.all([list.others.first().getByText('Details'), list.others.first().getByRole('button')].map((part) => part.boundingBox()));
  const closed = await parts();
  await list.others.first().getByText('Details').click();
  await expect(list.others.first().getByText('Password', { exact: true })).toBeVisible();
  expect(await parts(), 'the toggle and the button stay where they are').toEqual(closed);
  await page.setViewportSize({ width: 360, height: 720 });

  const active = list.current.locator('time').first();
  await expect(active).toHaveText(/ago$|^just now$/);
  await expect(active).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
  await expect(active).toHaveAttribute('title', /\d/);
  await expect(list.current.getByText('Password', { exact: true })).toBeHidden();
  await list.current.getByText('Details').click();
  await expect(list.current.getByText('Password', { exact: true })).toBeVisible();
});

test('a program is distinguished from a browser', async ({ page, server, checkAccessibility }) => {
  const named = directus(server, 'session').client;
  await named.login('admin@localhost', server.password);
  await signIn(page, server);
  await open(page, '/account/sessions');
  const list = browsers(page, 'Sessions');
  await expect(list.current).not.toContainText('Application');
  await expect(list.others).toHaveCount(1);
  await expect(list.others.getByRole('heading')).toHaveText('Application');
  await checkAccessibility();
  await list.others.getByRole('button', { name: 'Sign out “Application”' }).click();
  await dialog(page, 'Sign out “Application”').press('Sign out');
  await expect(list.entries).toHaveCount(1);
  expect(await refusal(named.request(readMe()))).toMatch(/^401 /);
});

test('all other sessions are signed out at once', async ({ page, browser, server, checkAccessibility }) => {
  const others = [await elsewhere(browser, server), await elsewhere(browser, server)];
  await signIn(page, server);
  await open(page, '/account/sessions');
  const list = browsers(page, 'Sessions');
  await expect(list.entries).toHaveCount(3);
  const asked = dialog(page, 'Sign out everywhere else');
  await list.endOthers.click();
  await checkAccessibility();
  await asked.press('Sign out everywhere else');
  await expect(told(page, 'Signed out everywhere else.')).toBeVisible();
  await expect(list.entries).toHaveCount(1);
  await expect(list.endOthers).toHaveCount(0);
  await expect(list.heading).toBeFocused();
  for (const other of others) {
    expect(await askWhoIs(server, other.token)).toMatchObject({ status: 401 });
    await other.page.context().close();
  }
});

test('a session that was ended elsewhere shows so with its next request', async ({ page, browser, server, provokes }) => {
  await signIn(page, server);
  await open(page, '/account');
  const other = await elsewhere(browser, server);
  await open(other.page, '/account/sessions');
  await browsers(other.page, 'Sessions').endOthers.click();
  await dialog(other.page, 'Sign out everywhere else').press('Sign out everywhere else');
  await expect(told(other.page, 'Signed out everywhere else.')).toBeVisible();
  await other.page.context().close();

  provokes.status(401);
  await page.getByRole('navigation').getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByText('Your session has ended. Sign in again.').first()).toBeVisible();
});

test('a trusted browser is listed and removed', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await open(page, '/login?redirect=%2Faccount%2Fsessions');
  await signInHere(page, server);
  const stage = totpStage(page);
  await stage.trust.check();
  await stage.code.fill(await app.code());
  const list = browsers(page, 'Trusted browsers');
  await expect(list.entries).toHaveCount(1);
  await expect(list.current).toContainText('on Linux');
  const end = list.current.getByRole('button', { name: /^Remove trusted browser “/ });
  await end.click();
  const asked = dialog(page, /^Remove trusted browser “/);
  await expect(asked.frame).toContainText('The next sign‑in in this browser requires a verification code.');
  await checkAccessibility();
  await asked.press('Remove');
  await expect(told(page, 'Trusted browser removed.')).toBeVisible();
  await expect(list.section).toContainText('No trusted browsers.');
  await expect(list.heading).toBeFocused();

  await logOut(page);
  await signInHere(page, server);
  await stage.code.fill(await app.code());
  await expect(welcome(page)).toBeVisible();
});

test('there are no trusted browsers without two-factor authentication', async ({ page, server }) => {
  await signIn(page, server);
  await open(page, '/account/sessions');
  await expect(browsers(page, 'Sessions').entries).toHaveCount(1);
  await expect(browsers(page, 'Trusted browsers').section).toHaveCount(0);
});

test('a list that fails to load shows an error, and the other one is loaded', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await signInWithCode(page, server, await app.code());
  await page.route('**/api/auth/sessions', (route) => route.abort('connectionfailed'));
  await open(page, '/account/sessions');
  await expect(browsers(page, 'Sessions').alert).toContainText("This content couldn't be loaded.");
  await expect(browsers(page, 'Trusted browsers').section).toContainText(
    "A trusted browser doesn't ask for a verification code for 30 days.",
  );
});
