import { type Page, expect } from '@playwright/test';

import { browsers, dialog, openPassword, openSecurity, passwordForm, profileForm, recoveryCodes, shownCodes, told, twoFactor } from './account';
import { Authenticator, turnOnTotp } from './authenticator';
import { Client } from './client';
import { OpenIdProvider } from './openid_provider';
import { identitiesPage, link, openIdentities } from './providers';
import { pseudoLocale } from './pseudo_locale';
import { type Scene, few } from './scene';
import { accountMenu, open, section, signIn, signInHere, signInWithCode, totpStage } from './screens';
import type { Server } from './server';
import { Workspace } from './workspace';

/** Opens the last step of the enrolment. */
async function savingCodes(page: Page, server: Server): Promise<void> {
  await signIn(page, server);
  await open(page, '/account/security/two-factor');
  const secret = (await twoFactor(page).secret.textContent()) ?? '';
  await twoFactor(page).firstCode.fill(await new Authenticator(secret.replaceAll(' ', '')).code());
  await twoFactor(page).confirm.click();
  await shownCodes(page);
}

/** Signs in without depending on the page's language. */
export async function signInAnyhow(page: Page, server: Server, code?: string): Promise<void> {
  await open(page, '/login');
  await page.locator('#username').fill(server.username);
  await page.locator('#password').fill(server.password);
  await page.locator('#login-submit').click();
  if (code !== undefined) await page.locator('#code').fill(code);
  await expect(page.locator('.menu-button')).toBeVisible();
}

/** The sessions of a user who trusts this browser. */
async function trusting(page: Page, server: Server): Promise<void> {
  const { app } = await turnOnTotp(server);
  await open(page, '/login?redirect=%2Faccount%2Fsessions');
  await signInHere(page, server);
  await totpStage(page).trust.check();
  await totpStage(page).code.fill(await app.code());
  await expect(browsers(page, 'Trusted browsers').entries).toHaveCount(1);
}

/** A page in another language. */
const inLanguage = (locale: string, address: string): Scene => ({
  locale,
  path: async (page, server) => {
    await signInAnyhow(page, server);
    await open(page, address);
    await expect(page.locator('main h1')).toBeVisible();
    await expect(page.locator('.outline')).toHaveCount(0);
  },
});

/** The security page with two-factor authentication, in another language. */
const securedIn = (locale: string): Scene => ({
  locale,
  provoked: 401,
  path: async (page, server) => {
    const { app } = await turnOnTotp(server);
    await signInAnyhow(page, server, await app.code());
    await open(page, '/account/security');
    await expect(page.locator('.setting')).toHaveCount(3);
  },
});

/** Pictures of the account pages and the home page in rare states. */
export const ACCOUNT_SCENES: Record<string, Scene> = few({
  'start-projects': {
    path: async (page, server) => {
      const workspace = await Workspace.of(server);
      const client_id = await workspace.client('Ada & Sons');
      for (const [name, status] of [
        ['The lighthouse', 'done'],
        ['The tower', 'planned'],
        ['The harbour', 'paused'],
        ['The bridge', 'active'],
      ]) {
        await workspace.project(name ?? '', { status, client_id });
      }
      await new Client(server).post('/api/auth/login', { username: server.username, password: 'a mistake' });
      await signIn(page, server);
      await expect(page.getByRole('region', { name: 'Recent activity' }).locator('.events li')).toHaveCount(5);
    },
  },
  'start-member': {
    path: async (page, server) => {
      await server.addUser('grace', 'grace@example.org');
      await open(page, '/login');
      await page.locator('#username').fill('grace');
      await page.locator('#password').fill(server.password);
      await page.locator('#login-submit').click();
      await expect(page.getByText('An operator can add you to one.')).toBeVisible();
    },
  },
  'change-password': {
    path: async (page, server) => {
      await signIn(page, server);
      await openPassword(page);
      await passwordForm(page).current.fill(server.password);
      await passwordForm(page).password.fill('nine herons under lisbon');
    },
  },
  'profile-pending-email': {
    path: async (page, server) => {
      await signIn(page, server);
      await open(page, '/account');
      await profileForm(page).email.fill('ada@example.org');
      await profileForm(page).save.click();
      await expect(profileForm(page).keepEmail).toBeVisible();
    },
  },
  toast: {
    path: async (page, server) => {
      await signIn(page, server);
      await open(page, '/account');
      await profileForm(page).name.fill('Ada Lovelace');
      await profileForm(page).save.click();
      await expect(told(page, 'Saved.')).toBeVisible();
    },
  },
  'renew-codes': {
    provoked: 401,
    path: async (page, server) => {
      const { app } = await turnOnTotp(server);
      await signInWithCode(page, server, await app.code());
      await openSecurity(page);
      await recoveryCodes(page).renew.click();
      await expect(dialog(page, 'Generate new recovery codes').frame).toBeVisible();
    },
  },
  'unsaved-codes': {
    path: async (page, server) => {
      await savingCodes(page, server);
      await section(page, 'Projects').click();
      await expect(dialog(page, 'Continue without saving your codes?').frame).toBeVisible();
    },
  },
  'recovery-codes-print': { media: { media: 'print' }, path: savingCodes },
  'five-sessions': {
    path: async (page, server) => {
      for (let number = 0; number < 4; number++) await Client.signedIn(server);
      await signIn(page, server);
      await open(page, '/account/sessions');
      await expect(browsers(page, 'Sessions').entries).toHaveCount(5);
    },
  },
  'session-details': {
    path: async (page, server) => {
      await signIn(page, server);
      await open(page, '/account/sessions');
      await browsers(page, 'Sessions').current.locator('summary').click();
    },
  },
  'trusted-browsers': { provoked: 401, path: trusting },
  'remove-trusted-browser': {
    provoked: 401,
    path: async (page, server) => {
      await trusting(page, server);
      await browsers(page, 'Trusted browsers').current.getByRole('button', { name: /^Remove trusted browser “/ }).click();
      await expect(dialog(page, /^Remove trusted browser “/).frame).toBeVisible();
    },
  },
  'sign-out-one': {
    path: async (page, server) => {
      await Client.signedIn(server);
      await signIn(page, server);
      await open(page, '/account/sessions');
      await browsers(page, 'Sessions').others.getByRole('button').click();
      await expect(dialog(page, /^Sign out /).frame).toBeVisible();
    },
  },
  unlink: {
    path: async (page, server) => {
      await using _provider = await OpenIdProvider.beside(server, { label: 'Okta' });
      await signIn(page, server);
      await link(page, 'Okta');
      await identitiesPage(page).remove('Okta').click();
      await expect(dialog(page, 'Unlink “Okta”').frame).toBeVisible();
    },
  },
  'no-identities': {
    path: async (page, server) => {
      await using _provider = await OpenIdProvider.beside(server, { label: 'Okta' });
      await signIn(page, server);
      await openIdentities(page);
      await expect(identitiesPage(page).add('Okta')).toBeVisible();
    },
  },
  'menu-forced-colours': {
    media: { forcedColors: 'active' },
    path: async (page, server) => {
      await signIn(page, server);
      await accountMenu(page).button.click();
    },
  },
  'security-forced-colours': {
    media: { forcedColors: 'active' },
    path: async (page, server) => {
      await signIn(page, server);
      await openSecurity(page);
    },
  },
  'start-zh-Hans': inLanguage('zh-CN', '/'),
  'security-zh-Hans': inLanguage('zh-CN', '/account/security'),
  'sessions-ru': inLanguage('ru-RU', '/account/sessions'),
  'security-de': inLanguage('de-DE', '/account/security'),
  'security-two-factor-de': securedIn('de-DE'),
  'security-two-factor-ru': securedIn('ru-RU'),
  'start-rtl': {
    path: async (page, server) => {
      await (await Workspace.of(server)).project('The bridge', { status: 'active' });
      await signIn(page, server);
      await pseudoLocale(page);
      await page.reload();
      await expect(page.locator('.events li').first()).toBeVisible();
    },
  },
});
