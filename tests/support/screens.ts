import { type Locator, type Page, expect } from '@playwright/test';

import { alertsIn } from './alerts';
import type { Server } from './server';

/** The elements of the sign-in form. */
export function signInForm(page: Page) {
  return {
    heading: page.getByRole('heading', { level: 1, name: 'Sign in' }),
    username: page.getByLabel('Username or email'),
    password: page.getByLabel('Password', { exact: true }),
    showPassword: page.getByRole('button', { name: 'Show password' }),
    submit: page.getByRole('button', { name: /^Sign(ing)? in/ }),
    alert: alertsIn(page),
  };
}

/** The second step with a verification code. */
export function totpStage(page: Page) {
  return {
    heading: page.getByRole('heading', { level: 1, name: 'Two‑factor authentication' }),
    code: page.getByLabel('Verification code', { exact: true }),
    trust: page.getByLabel('Trust this browser for 30 days'),
    useRecovery: page.getByRole('button', { name: 'Use a recovery code' }),
    back: page.getByRole('button', { name: 'Back to sign in' }),
    submit: page.getByRole('button', { name: /^Sign(ing)? in/ }),
    alert: alertsIn(page),
  };
}

/** The second step with a recovery code. */
export function recoveryStage(page: Page) {
  return {
    heading: page.getByRole('heading', { level: 1, name: 'Use a recovery code' }),
    code: page.getByLabel('Recovery code', { exact: true }),
    useApp: page.getByRole('button', { name: 'Use the authenticator app' }),
    back: page.getByRole('button', { name: 'Back to sign in' }),
    submit: page.getByRole('button', { name: /^Sign(ing)? in/ }),
    alert: alertsIn(page),
  };
}

/** The stage for a temporary token, and the link to it. */
export function tokenStage(page: Page) {
  return {
    link: page.getByRole('button', { name: 'Use a temporary sign‑in token' }),
    heading: page.getByRole('heading', { level: 1, name: 'Use a temporary sign‑in token' }),
    token: page.getByLabel('Temporary sign‑in token', { exact: true }),
    back: page.getByRole('button', { name: 'Back to sign in' }),
    submit: page.getByRole('button', { name: /^Sign(ing)? in/ }),
    alert: alertsIn(page),
  };
}

/** The heading of the home page, once the app runs: the server paints the same one. */
export function welcome(page: Page, name = 'admin'): Locator {
  return page.locator('html[data-running]').getByRole('heading', { level: 1, name: `Welcome, ${name}` });
}

/** The heading of the stage for users who are signed in already. */
export function alreadySignedIn(page: Page): Locator {
  return page.getByRole('heading', { level: 1, name: 'You are already signed in' });
}

/** The menu in the header. */
export function accountMenu(page: Page) {
  return {
    button: page.getByRole('button', { name: 'Account menu of admin' }),
    items: page.locator('[role^=menuitem]'),
    logOut: page.getByRole('menuitem', { name: 'Sign out' }),
  };
}

/** The link to a section of the app, in the header. */
export function section(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });
}

/** Waits until the app runs. */
export async function running(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-running', '');
}

/** Opens an address, and waits until the app runs. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await running(page);
}

export async function fillIn(page: Page, username: string, password: string): Promise<void> {
  const form = signInForm(page);
  await form.username.fill(username);
  await form.password.fill(password);
}

/** Signs in on the current page. */
export async function signInHere(page: Page, server: Server): Promise<void> {
  await fillIn(page, server.username, server.password);
  await signInForm(page).submit.click();
}

/** Signs in, up to the home page. */
export async function signIn(page: Page, server: Server): Promise<void> {
  await page.goto('/login');
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
}

/** Signs in with a verification code, up to the home page. Causes a 401. */
export async function signInWithCode(page: Page, server: Server, code: string): Promise<void> {
  await open(page, '/login');
  await signInHere(page, server);
  await totpStage(page).code.fill(code);
  await expect(welcome(page)).toBeVisible();
}

/** Signs out, and waits until the session has ended; the page does not wait. */
export async function logOut(page: Page): Promise<void> {
  const ended = page.waitForResponse('**/api/auth/logout');
  await pressLogOut(page);
  await ended;
}

/** Presses the button without waiting. */
export async function pressLogOut(page: Page): Promise<void> {
  const menu = accountMenu(page);
  await menu.button.click();
  await menu.logOut.click();
}

/** The value of the session cookie; `undefined` when there is none. */
export async function sessionToken(page: Page): Promise<string | undefined> {
  const cookies = await page.context().cookies();
  return cookies.find(({ name }) => name === 'doorstep_session')?.value;
}

/** The answer of `me` for this token. */
export async function askWhoIs(server: Server, token: string): Promise<{ status: number; code: string | null }> {
  const answer = await fetch(`${server.url}/api/auth/me`, { headers: { cookie: `doorstep_session=${token}` } });
  const { code } = (await answer.json()) as { code: string | null };
  return { status: answer.status, code };
}
