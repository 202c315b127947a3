import { type Page, expect } from '@playwright/test';

import { browsers, dialog, openSecurity, passwordForm, profileForm, proof, recoveryCodes, shownCodes, twoFactor } from './account';
import { Authenticator, turnOnTotp, useUp } from './authenticator';
import { Client } from './client';
import { everyDeviceScreen } from './device_walk';
import { everyPortalScreen } from './portal_walk';
import {
  accountMenu,
  alreadySignedIn,
  fillIn,
  open,
  recoveryStage,
  signIn,
  signInForm,
  signInHere,
  tokenStage,
  totpStage,
  welcome,
} from './screens';
import type { Server } from './server';
import { everyResetScreen, everySsoScreen } from './sso_walk';
import { everyWorkspaceScreen } from './workspace_walk';

/** Called for each screen. */
type Look = (screen: string) => Promise<void>;

/** A walk through screens. */
interface Walk {
  walk: (page: Page, server: Server, look: Look) => Promise<void>;
  /** The error statuses on the way. */
  statuses: number[];
}

/** Together they show every screen. */
export const WALKS: Record<string, Walk> = {
  'signing in': { walk: signingIn, statuses: [401, 404] },
  'other sign-in methods': { walk: otherMethods, statuses: [401] },
  'the account': { walk: account, statuses: [403] },
  devices: { walk: everyDeviceScreen, statuses: [409] },
  'single sign-on': { walk: everySsoScreen, statuses: [] },
  'projects and clients': { walk: everyWorkspaceScreen, statuses: [] },
  'a forgotten password': { walk: everyResetScreen, statuses: [403] },
  'the portal': { walk: everyPortalScreen, statuses: [404] },
};

async function signingIn(page: Page, server: Server, look: Look): Promise<void> {
  await open(page, '/login');
  await look('sign-in');
  await fillIn(page, server.username, 'not the password');
  await signInForm(page).submit.click();
  await expect(signInForm(page).alert).toBeVisible();
  await look('sign-in with an error');
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  await look('start page');
  await accountMenu(page).button.click();
  await expect(accountMenu(page).logOut).toBeVisible();
  await look('start page with the menu open');
  await open(page, '/login');
  await expect(alreadySignedIn(page)).toBeVisible();
  await look('continue as');
  await open(page, '/nowhere');
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await look('unknown address');
}

async function otherMethods(page: Page, server: Server, look: Look): Promise<void> {
  const { codes } = await turnOnTotp(server);
  await useUp(server, codes.slice(0, 8));
  const token = await server.loginToken();
  await open(page, '/login');
  await expect(tokenStage(page).link).toBeVisible();
  await look('sign-in while a temporary token is in force');
  await signInHere(page, server);
  const [totp, recovery, temporary] = [totpStage(page), recoveryStage(page), tokenStage(page)];
  await expect(totp.heading).toBeVisible();
  await look('one-time code');
  await totp.submit.click();
  await expect(totp.alert).toBeVisible();
  await look('one-time code with an error');
  await totp.useRecovery.click();
  await expect(recovery.heading).toBeVisible();
  await look('recovery code');
  await recovery.submit.click();
  await expect(recovery.alert).toBeVisible();
  await look('recovery code with an error');
  await recovery.back.click();
  await temporary.link.click();
  await expect(temporary.heading).toBeVisible();
  await look('temporary token');
  await temporary.submit.click();
  await expect(temporary.alert).toBeVisible();
  await look('temporary token with an error');
  await temporary.token.fill(token);
  await temporary.submit.click();
  await expect(page.getByRole('heading', { name: 'Set a new password' })).toBeVisible();
  await look('new password');
  await page.getByRole('button', { name: 'Skip for now' }).click();
  await expect(page.getByText('You signed in with a temporary sign‑in token')).toBeVisible();
  await expect(accountMenu(page).button).toHaveAccessibleDescription('Few codes left');
  await look('start page with all notices');
  await accountMenu(page).button.click();
  await expect(accountMenu(page).logOut).toBeVisible();
  await look('start page with all notices and the menu open');
  await openSecurity(page);
  await twoFactor(page).turnOff.click();
  await expect(dialog(page, 'Turn off').frame).toBeVisible();
  await look('dialog that turns two-factor sign-in off, in a temporary session');
}

async function account(page: Page, server: Server, look: Look): Promise<void> {
  await Client.signedIn(server);
  await signIn(page, server);
  await open(page, '/account');
  const profile = profileForm(page);
  await look('profile');
  await profile.username.fill('not a name');
  await profile.save.click();
  await expect(profile.alert).toBeVisible();
  await look('profile with an error');
  await profile.username.fill('admin');
  await profile.email.fill('a.rather.long.address.for.narrow.screens@mail.example.org');
  await profile.save.click();
  await expect(profile.keepEmail).toBeVisible();
  await look('profile with an email that waits');

  await open(page, '/account/sessions');
  const list = browsers(page, 'Sessions');
  await expect(list.entries).toHaveCount(2);
  await look('browsers');
  await list.endOthers.click();
  await expect(dialog(page, 'Sign out everywhere else').frame).toBeVisible();
  await look('dialog that signs others out');

  await openSecurity(page);
  const section = twoFactor(page);
  await look('password and two-factor sign-in, off');
  await passwordForm(page).change.click();
  await passwordForm(page).submit.click();
  await expect(passwordForm(page).alert).toBeVisible();
  await look('password with an error');
  await server.ageProofs(11);
  await section.turnOn.click();
  await expect(proof(page).frame).toBeVisible();
  await look('dialog that asks who it is');
  await proof(page).password.fill(server.password);
  await proof(page).submit.click();
  await expect(section.picture).toBeVisible();
  await look('enrolment');
  const app = new Authenticator(((await section.secret.textContent()) ?? '').replaceAll(' ', ''));
  await section.firstCode.fill(await app.code());
  await section.confirm.click();
  await shownCodes(page);
  await look('recovery codes');
  await recoveryCodes(page).kept.click();
  await expect(recoveryCodes(page).left(10)).toBeVisible();
  await look('password and two-factor sign-in, on');
  await recoveryCodes(page).renew.click();
  await expect(dialog(page, 'Generate new recovery codes').frame).toBeVisible();
  await look('dialog that makes new codes');
  await dialog(page, 'Generate new recovery codes').cancel.click();
  await section.turnOff.click();
  await expect(dialog(page, 'Turn off').frame).toBeVisible();
  await look('dialog that turns two-factor sign-in off');
}
