import { type Locator, type Page, expect } from '@playwright/test';

import { alertsIn } from './alerts';
import type { Server } from './server';

/** The sign-in form, by what people see. */
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

/** The second step of a sign-in, with a code of the app. */
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

/** The second step of a sign-in, with a recovery code. */
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

/** Signing in with a temporary token, and the way there. */
export function tokenStage(page: Page) {
  return {
    link: page.getByRole('button', { name: 'Use a temporary sign-in token' }),
    heading: page.getByRole('heading', { level: 1, name: 'Use a temporary sign-in token' }),
    token: page.getByLabel('Temporary sign-in token', { exact: true }),
    back: page.getByRole('button', { name: 'Back to sign in' }),
    submit: page.getByRole('button', { name: /^Sign(ing)? in/ }),
    alert: alertsIn(page),
  };
}

/** The heading of the start page, once the app runs: the server paints the same before. */
export function welcome(page: Page, name = 'admin'): Locator {
  return page.locator('html[data-running]').getByRole('heading', { level: 1, name: `Welcome, ${name}` });
}

/** The heading of the stage for people who are signed in already. */
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

/** The app's handlers are attached. */
export async function running(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-running', '');
}

/** Goes to an address, and waits until the app runs. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await running(page);
}

export async function fillIn(page: Page, username: string, password: string): Promise<void> {
  const form = signInForm(page);
  await form.username.fill(username);
  await form.password.fill(password);
}

/** Goes through the sign-in page that is shown. */
export async function signInHere(page: Page, server: Server): Promise<void> {
  await fillIn(page, server.username, server.password);
  await signInForm(page).submit.click();
}

/** From nothing to the start page. */
export async function signIn(page: Page, server: Server): Promise<void> {
  await page.goto('/login');
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
}

/** From nothing to the start page, for somebody who is asked for a code. Provokes a 401. */
export async function signInWithCode(page: Page, server: Server, code: string): Promise<void> {
  await open(page, '/login');
  await signInHere(page, server);
  await totpStage(page).code.fill(code);
  await expect(welcome(page)).toBeVisible();
}

/** Logs out, and waits until the session has ended: the page shows the form before. */
export async function logOut(page: Page): Promise<void> {
  const ended = page.waitForResponse('**/api/auth/logout');
  await pressLogOut(page);
  await ended;
}

/** Presses the button alone. */
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

/** What the server says to whoever comes with this token, asked past the browser. */
export async function askWhoIs(server: Server, token: string): Promise<{ status: number; code: string | null }> {
  const answer = await fetch(`${server.url}/api/auth/me`, { headers: { cookie: `doorstep_session=${token}` } });
  const { code } = (await answer.json()) as { code: string | null };
  return { status: answer.status, code };
}
