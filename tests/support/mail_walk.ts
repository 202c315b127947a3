import type { Page } from '@playwright/test';

import { dialog } from './account';
import { turnOnTotp, useUp } from './authenticator';
import { Client } from './client';
import { Device } from './device';
import { type Mail, mailTo } from './mails';
import { OpenIdProvider } from './openid_provider';
import { identitiesPage, link } from './providers';
import { askForReset } from './resets';
import { signIn } from './screens';
import type { Server } from './server';
import { expect } from './test';

/** A kind of mail. */
interface Kind {
  subject: string;
  /** The recipient; by default the first operator. */
  to?: string;
  /** Triggers the mail. */
  write: (server: Server, page: Page) => Promise<unknown>;
}

const OPERATOR = 'admin@localhost';
const NEW = 'a.rather.long.address.for.narrow.screens@mail.example.org';
const LABEL = 'build agent in the basement, third shelf from below';
const BOB = 'bob@example.org';

/** Every kind of mail. */
export const MAILS: Record<string, Kind> = {
  'password-changed': {
    subject: 'Your Doorstep password was changed',
    write: async (server) => edit(server, { new_password: 'nine herons over lisbon', confirm_password: 'nine herons over lisbon' }),
  },
  'username-changed': {
    subject: 'Your Doorstep username was changed',
    write: async (server) => edit(server, { new_username: 'lovelace' }),
  },
  'two-factor-on': {
    subject: 'Two-factor authentication was turned on for your Doorstep account',
    write: turnOnTotp,
  },
  'two-factor-off': {
    subject: 'Two-factor authentication was turned off for your Doorstep account',
    write: async (server) => {
      await turnOnTotp(server);
      await server.command(['user', 'reset-totp', 'admin']);
    },
  },
  'recovery-codes': {
    subject: 'Your Doorstep recovery codes were replaced',
    write: async (server) => {
      const { client } = await turnOnTotp(server);
      await client.demand('/api/auth/totp/recovery', {});
    },
  },
  'recovery-code-used': {
    subject: 'A recovery code was used for your Doorstep account',
    write: async (server) => useUp(server, (await turnOnTotp(server)).codes.slice(0, 1)),
  },
  'codes-blocked': {
    subject: 'Verification codes are blocked for your Doorstep account',
    write: async (server) => {
      const { app } = await turnOnTotp(server);
      // A hundred codes may be wrong: set the count instead of sending them.
      await server.alter('UPDATE accounts SET wrong_second_factors = 100');
      await signInWith(server, await app.wrongCode(), 401);
    },
  },
  'trusted-browser': {
    subject: 'A trusted browser was added to your Doorstep account',
    write: async (server) => {
      const { app } = await turnOnTotp(server);
      await signInWith(server, await app.code(), 200);
    },
  },
  'account-linked': {
    subject: 'Your Doorstep account was linked to Okta',
    write: async (server, page) => {
      await using _ = await linked(server, page);
    },
  },
  'account-unlinked': {
    subject: 'Your Doorstep account was unlinked from Okta',
    write: async (server, page) => {
      await using _ = await linked(server, page);
      await identitiesPage(page).remove('Okta').click();
      await dialog(page, 'Unlink “Okta”').frame.getByRole('button', { name: 'Unlink' }).click();
      await expect(identitiesPage(page).entries).toHaveCount(0);
    },
  },
  'new-browser': {
    subject: 'New sign-in to your Doorstep account',
    write: Client.signedIn,
  },
  'temporary-token': {
    subject: 'A temporary sign-in token was used for your Doorstep account',
    write: async (server) => {
      const login = { login_type: 'temporary_token', temporary_token: await server.loginToken() };
      await new Client(server).demand('/api/auth/login', login);
    },
  },
  'device-authorized': {
    subject: 'A device was authorized for your Doorstep account',
    write: async (server) => {
      const client = await Client.signedIn(server);
      const device = await Device.asks(server, { label: LABEL });
      await client.demand('/console/api/oauth/device/approve', { user_code: device.code });
    },
  },
  suspended: {
    subject: 'Your Doorstep account was suspended',
    to: BOB,
    write: suspendBob,
  },
  reactivated: {
    subject: 'Your Doorstep account was reactivated',
    to: BOB,
    write: async (server) => {
      await suspendBob(server);
      await server.command(['user', 'activate', 'bob']);
    },
  },
  'email-requested': {
    subject: 'A new email address was requested for your Doorstep account',
    write: async (server) => edit(server, { new_email: NEW }),
  },
  'confirm-email': {
    subject: 'Confirm your email address for Doorstep',
    to: NEW,
    write: async (server) => edit(server, { new_email: NEW }),
  },
  'email-changed': {
    subject: 'Your Doorstep email address was changed',
    write: async (server) => {
      const client = await edit(server, { new_email: NEW });
      const token = linkIn(await mailTo(server, NEW, 'Confirm your email address for Doorstep')).split('=')[1];
      await client.demand('/api/auth/account/confirm-email', { token });
    },
  },
  'email-restored': {
    subject: 'Your Doorstep email address was restored',
    write: async (server, page) => {
      await page.goto(linkIn(await written('email-changed', server, page)));
      await page.getByRole('button', { name: 'Restore address' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Email address restored' })).toBeVisible();
    },
  },
  'reset-password': {
    subject: 'Reset your Doorstep password',
    write: async (server) => askForReset(server, OPERATOR),
  },
};

/** Triggers a mail, and waits for it. */
export async function written(name: keyof typeof MAILS, server: Server, page: Page): Promise<Mail> {
  const { subject, to, write } = MAILS[name] as Kind;
  await write(server, page);
  return mailTo(server, to ?? OPERATOR, subject);
}

/** The link of a mail's button. */
export function linkIn({ text }: Mail): string {
  const [link = ''] = /^http\S+$/m.exec(text) ?? [];
  return link;
}

/** Shows the HTML of a mail in a separate document, without the server's policy. */
export async function show(page: Page, mail: Mail): Promise<void> {
  await page.goto('about:blank');
  await page.setContent(mail.html);
}

/** Pictures of all mails. */
export const MAIL_PICTURES = Object.fromEntries(
  Object.keys(MAILS).map((name) => [
    `mail-${name}`,
    {
      widest: 700,
      path: async (page: Page, server: Server) => show(page, await written(name, server, page)),
    },
  ]),
);

async function edit(server: Server, body: object): Promise<Client> {
  const client = await Client.signedIn(server);
  await client.demand('/api/auth/account/edit', body);
  return client;
}

async function signInWith(server: Server, code: string, status: number): Promise<void> {
  const { username, password } = server;
  const login = { username, password, code, trust_device_flag: true };
  expect((await new Client(server).post('/api/auth/login', login)).status).toBe(status);
}

async function suspendBob(server: Server): Promise<void> {
  await server.addUser('bob', BOB);
  await server.command(['user', 'suspend', 'bob']);
}

async function linked(server: Server, page: Page): Promise<OpenIdProvider> {
  const provider = await OpenIdProvider.beside(server, { label: 'Okta' });
  await signIn(page, server);
  await link(page, 'Okta');
  return provider;
}
