import { type Locator, type Page, expect } from '@playwright/test';

import { alertsIn } from './alerts';
import { open } from './screens';

/** A panel of an account page. */
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** The toast with this text. */
export function told(page: Page, text: string | RegExp): Locator {
  return page.getByRole('status').filter({ hasText: text });
}

/** 'Two‑factor authentication' in the settings. */
export function twoFactor(page: Page) {
  const section = panel(page, 'Two‑factor authentication');
  return {
    section,
    heading: section.getByRole('heading', { level: 3 }),
    state: section.locator('.badge'),
    alert: alertsIn(section),
    turnOn: section.getByRole('link', { name: 'Turn on', exact: true }),
    turnOff: section.getByRole('button', { name: 'Turn off' }),
    // The page that turns it on.
    ...enrolment(page),
  };
}

/** 'Set up two‑factor authentication'. */
export function enrolment(page: Page) {
  const steps = page.locator('.page:not(.settings)');
  return {
    title: page.getByRole('heading', { level: 1, name: 'Set up two‑factor authentication' }),
    steps,
    picture: steps.getByRole('img', { name: 'QR code for the authenticator app' }),
    secret: steps.locator('.secret code'),
    firstCode: steps.getByLabel('Verification code', { exact: true }),
    refused: alertsIn(steps),
    confirm: steps.getByRole('button', { name: /^Verif/ }),
    cancel: steps.getByRole('button', { name: 'Cancel' }),
    saving: steps.getByRole('heading', { level: 2, name: /Save your recovery codes$/ }),
  };
}

/** 'Recovery codes' in the settings. */
export function recoveryCodes(page: Page) {
  const section = panel(page, 'Recovery codes');
  return {
    section,
    heading: section.getByRole('heading', { level: 3 }),
    renew: section.getByRole('button', { name: 'Generate new codes' }),
    left: (count: number) => section.getByText(`${count} left.`),
    // Also in the last step of the enrolment.
    codes: page.getByRole('main').locator('.codes').getByRole('listitem'),
    kept: page.getByRole('main').getByRole('button', { name: 'I saved my codes' }),
  };
}

/** The open dialog. */
export function dialog(page: Page, name: string | RegExp) {
  const frame = page.getByRole('dialog', { name });
  return {
    frame,
    alert: alertsIn(frame),
    cancel: frame.getByRole('button', { name: 'Cancel' }),
    press: (label: string | RegExp) => frame.getByRole('button', { name: label }).click(),
  };
}

/** The re-authentication dialog. */
export function proof(page: Page) {
  const parts = dialog(page, "Verify it's you");
  return {
    ...parts,
    password: parts.frame.getByLabel('Password', { exact: true }),
    submit: parts.frame.getByRole('button', { name: 'Verify' }),
  };
}

/** 'Password' in the settings. */
export function passwordForm(page: Page) {
  const section = panel(page, 'Password');
  return {
    section,
    heading: section.getByRole('heading', { level: 3 }),
    change: section.getByRole('button', { name: 'Change', exact: true }),
    cancel: section.getByRole('button', { name: 'Cancel' }),
    current: section.getByLabel('Current password'),
    password: section.getByLabel('New password', { exact: true }),
    submit: section.getByRole('button', { name: 'Change password' }),
    alert: alertsIn(section),
  };
}

/** 'Profile' in the settings. */
export function profileForm(page: Page) {
  const section = panel(page, 'Profile');
  return {
    section,
    name: section.getByLabel('Display name'),
    username: section.getByLabel('Username'),
    email: section.getByLabel('Email'),
    save: section.getByRole('button', { name: 'Save' }),
    keepEmail: section.getByRole('button', { name: 'Cancel email change' }),
    alert: alertsIn(section),
  };
}

/** The list of sessions or trusted browsers. */
export function browsers(page: Page, name: 'Sessions' | 'Trusted browsers') {
  const section = panel(page, name);
  return {
    heading: section.getByRole('heading', { level: 2 }),
    alert: alertsIn(section),
    entries: section.getByRole('listitem'),
    current: section.getByRole('listitem').filter({ hasText: /This (session|browser)/ }),
    others: section.getByRole('listitem').filter({ hasNotText: /This (session|browser)/ }),
    endOthers: section.getByRole('button', { name: 'Sign out everywhere else' }),
    section,
  };
}

/** The shown recovery codes. */
export async function shownCodes(page: Page): Promise<string[]> {
  await expect(recoveryCodes(page).codes).toHaveCount(10);
  return recoveryCodes(page).codes.allTextContents();
}

export const openSecurity = (page: Page): Promise<void> => open(page, '/account/security');

/** Opens the form for a new password. */
export async function openPassword(page: Page): Promise<void> {
  await openSecurity(page);
  await passwordForm(page).change.click();
}
