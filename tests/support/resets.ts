import { type Page, expect } from '@playwright/test';

import { alertsIn } from './alerts';
import { type Mail, mailTo, mailsTo } from './mails';
import type { Server } from './server';

const SUBJECT = 'Reset your Doorstep password';

/** The page that requests a mail. */
export function forgotPage(page: Page) {
  return {
    heading: page.getByRole('heading', { level: 1, name: 'Reset your password' }),
    email: page.getByLabel('Email', { exact: true }),
    submit: page.getByRole('button', { name: /^(Send link|Sending…|Wait \d+:\d\d)$/ }),
    alert: alertsIn(page),
    sentHeading: page.getByRole('heading', { level: 1, name: 'Check your email' }),
    sent: (email: string) => page.getByText(`If ${email} belongs to an account, a link was sent to it.`),
    again: page.getByRole('button', { name: 'Send another link', exact: true }),
    resting: page.getByRole('button', { name: /^Send another link \(\d:\d\d\)$/ }),
    back: page.getByRole('link', { name: 'Back to sign in' }),
  };
}

/** The page of the mail's link. */
export function resetPage(page: Page) {
  return {
    heading: page.getByRole('heading', { level: 1, name: 'Set a new password' }),
    password: page.getByLabel('New password', { exact: true }),
    submit: page.getByRole('button', { name: /^(Set password|Saving…)$/ }),
    alert: alertsIn(page),
    rule: (text: string) => page.getByRole('listitem').filter({ hasText: text }),
    done: page.getByRole('heading', { level: 1, name: 'Password changed' }),
    signIn: page.getByRole('link', { name: 'Sign in' }),
    void: page.getByRole('heading', { level: 1, name: 'This link no longer works' }),
    another: page.getByRole('link', { name: 'Request a new link' }),
  };
}

/** Types a new password and sends it. */
export async function choose(page: Page, password: string): Promise<void> {
  const view = resetPage(page);
  await view.password.fill(password);
  await view.submit.click();
}

/** Requests a mail by the API. */
export async function askForReset(server: Server, email: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', origin: server.url };
  return fetch(`${server.url}/auth/password/request`, { method: 'POST', headers, body: JSON.stringify({ email }) });
}

/** Waits for this many mails; returns the link of the newest. */
export async function linkOf(server: Server, email = 'admin@localhost', mails = 1): Promise<URL> {
  const resets = async (): Promise<Mail[]> => (await mailsTo(server, email)).filter(({ subject }) => subject === SUBJECT);
  await expect.poll(async () => (await resets()).length, `mails to ${email}`).toBe(mails);
  const { text } = await mailTo(server, email, SUBJECT);
  const [link = ''] = /^http\S+$/m.exec(text) ?? [];
  return new URL(link);
}

/** A valid link. */
export async function resetLink(server: Server, mails = 1): Promise<URL> {
  const answer = await askForReset(server, 'admin@localhost');
  expect(answer.status).toBe(204);
  return linkOf(server, 'admin@localhost', mails);
}
