import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Page, expect } from '@playwright/test';

import { Authenticator, turnOnTotp } from './authenticator';
import { Client } from './client';
import { linkIn, written } from './mail_walk';
import { OpenIdProvider } from './openid_provider';
import { pseudoLocale } from './pseudo_locale';
import { goThrough, section } from './providers';
import { choose, forgotPage, resetLink, resetPage } from './resets';
import { type Scene, few } from './scene';
import { fillIn, logOut, open, signIn, signInForm, signInHere, totpStage } from './screens';
import type { Server } from './server';

const OTHER = { issuer: 'https://id.example.org', client_id: 'doorstep' };
const PROVIDERS = ['Okta', 'The forge'].map((label) =>
  section({ ...OTHER, name: label.toLowerCase().replaceAll(' ', '-'), label }),
);

/** Sends wrong passwords until the address is limited. */
async function tooOften(server: Server): Promise<void> {
  for (let attempt = 0; attempt < 6; attempt++) {
    await new Client(server).post('/api/auth/login', { username: server.username, password: 'a mistake' });
  }
}

/** Signs in up to the second step. */
async function secondStep(page: Page, server: Server): Promise<Authenticator> {
  const { app } = await turnOnTotp(server);
  await open(page, '/login');
  await signInHere(page, server);
  await expect(totpStage(page).heading).toBeVisible();
  return app;
}

/** Writes a logo for the installation. */
async function logo(server: Server): Promise<string> {
  const file = join(server.dataDir, 'logo.svg');
  const drawn = '<circle cx="16" cy="16" r="14" fill="#c40"/><path d="M9 20 16 8l7 12z" fill="#fff"/>';
  await writeFile(file, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${drawn}</svg>`);
  return file;
}

/** Pictures of the sign-in in rare states. */
export const LOGIN_SCENES: Record<string, Scene> = few({
  'login-throttled': {
    provoked: 429,
    path: async (page, server) => {
      await tooOften(server);
      await open(page, '/login');
      await signInHere(page, server);
      await expect(signInForm(page).alert).toHaveText('Too many attempts. Wait, then try again.');
    },
  },
  'login-caps-lock': {
    path: async (page, server) => {
      await open(page, '/login');
      await fillIn(page, server.username, 'SEVEN CLOUDS');
      await signInForm(page).password.evaluate((field) => {
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', bubbles: true, modifierCapsLock: true }));
      });
      await expect(page.getByText('Caps Lock is on')).toBeVisible();
    },
  },
  'one-time-code-refused': {
    provoked: 401,
    path: async (page, server) => {
      const app = await secondStep(page, server);
      await totpStage(page).code.fill(await app.wrongCode());
      await expect(totpStage(page).alert).toContainText('Incorrect or already used code.');
    },
  },
  'login-sso-only': {
    path: async (page, server) => {
      await server.configure(`[login]\npassword = false\n${PROVIDERS.join('')}`);
      await open(page, '/login');
      await expect(page.getByRole('link', { name: 'Continue with Okta' })).toBeVisible();
    },
  },
  'login-sso-refused': {
    path: async (page, server) => {
      await using _provider = await OpenIdProvider.beside(server, { label: 'Okta' });
      await goThrough(page, 'Okta');
      await expect(page.getByText("That account isn't linked to an account here.")).toBeVisible();
    },
  },
  'login-last-used': {
    path: async (page, server) => {
      await server.configure(PROVIDERS.join(''));
      const url = server.url;
      await page.context().addCookies([{ name: 'doorstep_provider', value: 'the-forge', url }]);
      await open(page, '/login');
      await expect(page.getByText('Last used')).toBeVisible();
    },
  },
  'forgot-password-sent': {
    path: async (page) => {
      await open(page, '/forgot-password');
      await forgotPage(page).email.fill('ada@example.org');
      await forgotPage(page).submit.click();
      await expect(forgotPage(page).sent('ada@example.org')).toBeVisible();
    },
  },
  'reset-password-done': {
    path: async (page, server) => {
      await page.goto((await resetLink(server)).href);
      await choose(page, 'nine herons under lisbon');
      await expect(resetPage(page).done).toBeVisible();
    },
  },
  'reset-password-used': {
    provoked: 403,
    path: async (page, server) => {
      const { href } = await resetLink(server);
      await page.goto(href);
      await choose(page, 'nine herons under lisbon');
      await expect(resetPage(page).done).toBeVisible();
      await page.goto(href);
      await choose(page, 'ten herons under lisbon');
      await expect(resetPage(page).void).toBeVisible();
    },
  },
  'revert-email': {
    path: async (page, server) => {
      await page.goto(linkIn(await written('email-changed', server, page)));
      await expect(page.getByRole('button', { name: 'Restore address' })).toBeVisible();
    },
  },
  'login-branded': {
    path: async (page, server) => {
      const look = `name = "Acme"\naccent = "#ff3300"\nlogo = "${await logo(server)}"\n`;
      const links = 'support = "mailto:help@acme.example"\npublic_note = "For employees and partners of Acme."\n';
      const legal = 'privacy = "https://acme.example/privacy"\nterms = "https://acme.example/terms"\n';
      await server.configure(`[branding]\n${look}${links}[branding.links]\n${legal}`);
      await open(page, '/login');
    },
  },
  'login-rtl': {
    path: async (page) => {
      await pseudoLocale(page);
      await open(page, '/login');
    },
  },
  'login-de': { locale: 'de-DE', path: async (page) => open(page, '/login') },
  'login-ru': { locale: 'ru-RU', path: async (page) => open(page, '/login') },
  'signed-out': {
    path: async (page, server) => {
      await signIn(page, server);
      await logOut(page);
      await expect(signInForm(page).heading).toBeVisible();
    },
  },
});
