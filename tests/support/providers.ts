import { type Page, expect } from '@playwright/test';

import { alertsIn } from './alerts';
import { open, running, sessionToken } from './screens';
import type { Server } from './server';

/** Settings of a section of the configuration. */
export type Settings = Record<string, string | boolean | string[]>;

/** One `[[sso.providers]]`. */
export function section(settings: Settings): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return ['[[sso.providers]]', ...lines, ''].join('\n');
}

/** Messages of the sign-in page for a failed single sign-on. */
export const SENTENCES = {
  INVALID_CREDENTIALS: "The identity provider's response was invalid.",
  INVALID_PROVIDER: "This identity provider can't be used for that. Try another one.",
  USER_NOT_REGISTERED: "That account isn't linked to an account here.",
  USER_SUSPENDED: 'Your account is suspended. Contact your administrator.',
  EMAIL_TAKEN: 'An account with your email already exists here.',
  ACCESS_DENIED: 'The sign‑in was canceled or denied. Nothing has changed.',
  STATE_EXPIRED: 'The sign‑in took too long, or started in another browser or at another address. Try again.',
  COOKIE_LOST: 'Your browser did not return the sign‑in cookie. Allow cookies for this site, then start again here.',
  SERVICE_UNAVAILABLE: "The identity provider isn't responding.",
  UNKNOWN_EXCEPTION: 'Sign‑in failed.',
} as const;

/** The link to a provider on the sign-in page. */
export const providerLink = (page: Page, name: string) =>
  page.getByRole('link', { name: new RegExp(`^Continue with ${name}( Last used)?$`) });

/** Signs in with a provider. */
export async function goThrough(page: Page, name: string, address = '/login'): Promise<void> {
  await open(page, address);
  await providerLink(page, name).click();
}

/** Expects the sign-in page with an error that is shown once, and no session. */
export async function endsWith(page: Page, reason: keyof typeof SENTENCES): Promise<void> {
  await running(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await expect(alertsIn(page)).toContainText(SENTENCES[reason]);
  expect(new URL(page.url()).pathname).toBe('/login');
  expect(new URL(page.url()).searchParams.has('reason'), 'the reason is removed from the address bar').toBe(false);
  expect(await sessionToken(page), 'no session').toBeUndefined();
}

/** The number of sessions of all accounts. */
export async function sessionCount(server: Server): Promise<number> {
  return Number(await server.alter('SELECT count(*) FROM sessions'));
}

/** The page with the linked accounts. */
export function identitiesPage(page: Page) {
  const section = page.getByRole('region', { name: 'Linked accounts', exact: true });
  return {
    section,
    entries: section.getByRole('listitem'),
    told: (sentence: string) => alertsIn(page).filter({ hasText: sentence }),
    add: (name: string) => page.getByRole('button', { name: `Link ${name}`, exact: true }),
    remove: (name: string) => section.getByRole('button', { name: `Unlink “${name}”`, exact: true }),
  };
}

export const openIdentities = (page: Page): Promise<void> => open(page, '/account/identities');

/** Links an account of a provider. */
export async function link(page: Page, name: string): Promise<void> {
  await openIdentities(page);
  await identitiesPage(page).add(name).click();
  await expect(identitiesPage(page).entries).toHaveCount(1);
}
