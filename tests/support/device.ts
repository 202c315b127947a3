import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type Page, expect } from '@playwright/test';

import { alertsIn } from './alerts';
import { open } from './screens';
import type { Server } from './server';

const run = promisify(execFile);
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
const SPELLED = /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/;

/** The answer to the first request of a device (RFC 8628 §3.2). */
export interface Codes {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}

/** The parameters of a device's request, and its address. */
export interface Asked {
  client?: string;
  label?: string;
  scope?: string;
  from?: string;
  userAgent?: string;
}

/** An answer with its status. */
export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

/** Sends a request like a program: without cookies and browser headers. */
export async function send(url: string, { headers = {}, ...rest }: RequestInit = {}): Promise<Reply> {
  const answer = await fetch(url, { ...rest, headers: { connection: 'close', ...headers } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const asJson = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** A device that requests authorization, and polls when the test calls it. */
export class Device {
  private constructor(
    private readonly server: Server,
    readonly client: string,
    readonly codes: Codes,
  ) {}

  static async asks(server: Server, { client = 'difyctl', label, scope, from, userAgent }: Asked = {}): Promise<Device> {
    const body = { client_id: client, device_label: label, scope };
    const { headers, ...rest } = asJson(body);
    const more = {
      ...(from === undefined ? {} : { 'x-forwarded-for': from }),
      'user-agent': userAgent ?? 'difyctl/1.2 (Linux)',
    };
    const { status, body: codes } = await send(`${server.url}/v1/oauth/device/code`, {
      ...rest,
      headers: { ...(headers as Record<string, string>), ...more },
    });
    if (status !== 200) throw new Error(`code: ${status} ${JSON.stringify(codes)}`);
    const device = new Device(server, client, codes as unknown as Codes);
    expect(device.code).toMatch(SPELLED);
    return device;
  }

  /** The user code. */
  get code(): string {
    return this.codes.user_code;
  }

  /** The link with the code. */
  get link(): string {
    return this.codes.verification_uri_complete;
  }

  /** Polls once. */
  async poll(): Promise<Reply> {
    const body = { grant_type: GRANT_TYPE, device_code: this.codes.device_code, client_id: this.client };
    return send(`${this.server.url}/oauth/token`, asJson(body));
  }

  /** The error of a poll. Only the first one can not be `slow_down`. */
  async refusal(): Promise<unknown> {
    return (await this.poll()).body['error'];
  }

  /** Polls and returns the token. */
  async token(): Promise<string> {
    const { status, body } = await this.poll();
    expect(status, JSON.stringify(body)).toBe(200);
    return String(body['access_token']);
  }
}

/** The account of a device's token. */
export async function whoIs(server: Server, token: string): Promise<Reply> {
  return send(`${server.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
}

/** Changes the pending requests in the database, in place of waiting. */
async function changeRequests(server: Server, set: string): Promise<void> {
  const database = join(server.dataDir, 'doorstep.sqlite3');
  await run('sqlite3', ['-cmd', '.timeout 5000', database, `UPDATE device_grants SET ${set}`]);
}

/** Lets all pending requests expire after this many seconds. */
export async function leaveSeconds(server: Server, seconds: number): Promise<void> {
  await changeRequests(server, `expires_at = ${Date.now() + seconds * 1000}`);
}

/** Makes all requests this many minutes older, without changing their expiry. */
export async function ageRequests(server: Server, minutes: number): Promise<void> {
  await changeRequests(server, `created_at = created_at - ${minutes * 60_000}`);
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

/** The field for the code. */
export function entryView(page: Page) {
  return {
    heading: heading(page, 'Authorize a device'),
    code: page.getByLabel('Device code', { exact: true }),
    /** The text for a user who has followed a link. */
    half: page.getByText('Enter the second half of the code shown on your device.'),
    whole: page.getByText('Enter the code shown on your device.'),
    neverAsked: page.getByText('No one from Doorstep will ask you for it.').filter({ visible: true }),
    submit: page.getByRole('button', { name: /^(Continue|Checking…)$/ }),
    wait: page.getByRole('button', { name: /^Wait \d+:\d\d$/ }),
    alert: alertsIn(page),
  };
}

/** The choice how to sign in. */
export function chooserView(page: Page) {
  return {
    heading: heading(page, 'Sign in to continue'),
    text: page.getByText(/^Sign in.* approve or deny the device\.$/),
    signIn: page.getByRole('main').getByRole('link', { name: /^Sign in( with your account)?$/ }),
    sso: page.getByRole('link', { name: 'Sign in with SSO' }),
    otherCode: page.getByRole('button', { name: 'Enter another code' }),
  };
}

/** The request to decide about. */
export function authorizeView(page: Page) {
  return {
    heading: page.getByRole('heading', { level: 1, name: /^Authorize .+\?$/ }),
    card: page.locator('.card'),
    unknown: page.getByText('Unknown application'),
    code: page.locator('.user-code'),
    warning: page.getByText('Only approve if you started this sign‑in yourself.'),
    elsewhere: page.getByText('This request came from another network'),
    /** The checkbox for a request from another network. */
    own: page.getByLabel('I started this on my own device'),
    permissions: page.locator('.permissions').getByRole('listitem'),
    terms: page.locator('.permissions').getByRole('paragraph'),
    notYou: page.getByRole('button', { name: 'Switch account' }),
    left: page.getByText(/^Time left: \d+:\d\d$/),
    progress: page.getByRole('progressbar', { name: /^Time left:/ }),
    deny: page.getByRole('button', { name: 'Deny', exact: true }),
    allow: page.getByRole('button', { name: 'Approve', exact: true }),
    otherCode: page.getByRole('button', { name: 'Enter another code' }),
    alert: alertsIn(page),
    /** The value of a term. */
    fact: (name: string) =>
      page.locator('dl.request > div').filter({ has: page.getByText(name, { exact: true }) }).locator('dd'),
  };
}

/** The outcome. */
export function endView(page: Page) {
  return {
    approved: heading(page, 'Device authorized'),
    denied: heading(page, 'Device denied'),
    expired: heading(page, 'This code has expired'),
    used: heading(page, 'This code was already used'),
    lost: heading(page, 'This request is no longer available'),
    ssoFailed: heading(page, 'Single sign‑on failed'),
    done: page.getByRole('link', { name: 'Done', exact: true }),
    revoke: page.getByRole('link', { name: "This wasn't me: revoke now" }),
    /** The value of a term. */
    fact: (name: string) =>
      page.locator('dl.request > div').filter({ has: page.getByText(name, { exact: true }) }).locator('dd'),
    otherCode: page.getByRole('button', { name: 'Enter another code' }),
    /** If the code may be pending. */
    sameCode: page.getByRole('button', { name: 'Enter code again' }),
  };
}

/** Types a code and presses Continue. */
export async function enter(page: Page, code: string): Promise<void> {
  await entryView(page).code.fill(code);
  await entryView(page).submit.click();
}

/** Follows the link of a device, up to the field with the first half of the code. */
export async function follow(page: Page, link: string, code: string): Promise<void> {
  await open(page, link);
  await expect(entryView(page).code).toHaveValue(halves(code)[0]);
}

/** The same, and types the second half. */
export async function followAndType(page: Page, link: string, code: string): Promise<void> {
  await follow(page, link, code);
  await entryView(page).code.pressSequentially(halves(code)[1]);
  await entryView(page).submit.click();
}

/** Both halves of a code. */
export function halves(code: string): [string, string] {
  const [first = '', second = ''] = code.split('-');
  return [first, second];
}

/** Opens the page and looks up a device's code. */
export async function lookUp(page: Page, device: Device): Promise<void> {
  await open(page, '/device');
  await enter(page, device.code);
}

/** The same for a signed-in user, up to the request. */
export async function openRequest(page: Page, device: Device): Promise<void> {
  await lookUp(page, device);
  await expect(authorizeView(page).heading).toBeVisible();
}
