import type { BrowserContext, Page } from '@playwright/test';

import { proof } from '../support/account';
import {
  Device,
  authorizeView,
  chooserView,
  endView,
  enter,
  entryView,
  followAndType,
  halves,
  openRequest,
  whoIs,
} from '../support/device';
import { hold, recordRequests } from '../support/network';
import { open, signIn, signInHere, tokenStage } from '../support/screens';
import { expect, test } from '../support/test';

const APPROVE = '/console/api/oauth/device/approve';
const DENY = '/console/api/oauth/device/deny';

/** Everything stored in the browser that scripts can read. */
const kept = (page: Page) =>
  page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]));

/** Records the URLs of all requests from now on. */
function recordAddresses(context: BrowserContext): string[] {
  const addresses: string[] = [];
  context.on('request', (request) => addresses.push(request.url()));
  return addresses;
}

test('a link with a code changes nothing by itself for a signed-in user', async ({
  page,
  server,
  checkAccessibility,
}) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  const sent = recordRequests(page);
  await open(page, device.link);
  const entry = entryView(page);
  await expect(page, 'the code is removed from the address bar').toHaveURL('/device');
  await expect(entry.half).toBeVisible();
  const [first, second] = halves(device.code);
  await expect(entry.code, 'only the first half is filled in').toHaveValue(first);
  await checkAccessibility();
  for (const key of ['Enter', 'Enter', 'Space']) await page.keyboard.press(key);
  await expect(entry.alert).toHaveText('Enter all eight letters of the code.');
  await entry.submit.click();
  await expect(entry.heading).toBeVisible();
  const paths = sent.map((request) => new URL(request.url()).pathname);
  expect(paths, 'there is no request').not.toContain('/console/api/oauth/device/context');
  expect(sent.filter((request) => request.method() !== 'GET')).toHaveLength(0);
  expect(await page.content(), 'the rest is not in the document').not.toContain(second);

  await entry.code.pressSequentially(second);
  await entry.submit.click();
  await expect(authorizeView(page).code).toHaveText(device.code);
  expect(sent.filter((request) => request.method() !== 'GET')).toHaveLength(0);
  expect(await device.refusal()).toBe('authorization_pending');
});

test('a link with a code leads to the sign-in, and the rest must still be typed', async ({
  page,
  server,
}) => {
  const device = await Device.asks(server);
  await open(page, device.link);
  await expect(page).toHaveURL('/device');
  await expect(entryView(page).half).toBeVisible();
  await enter(page, device.code);
  await chooserView(page).signIn.click();
  await expect(page).toHaveURL('/login?redirect=%2Fdevice');
  await signInHere(page, server);
  await expect(authorizeView(page).code).toHaveText(device.code);
  expect(await device.refusal()).toBe('authorization_pending');
});

test('a link with a code visibly replaces an outcome or another code', async ({
  page,
  server,
}) => {
  const [typed, linked] = [await Device.asks(server), await Device.asks(server)];
  await signIn(page, server);
  await openRequest(page, typed);
  await followAndType(page, linked.link, linked.code);
  await expect(authorizeView(page).code).toHaveText(linked.code);
  for (const device of [typed, linked]) expect(await device.refusal()).toBe('authorization_pending');
});

test('a link with an invalid code fills in its valid letters', async ({ page }) => {
  await open(page, '/device?user_code=%3Cscript%3Ealert(1)%3C%2Fscript%3E');
  await expect(page).toHaveURL('/device');
  await expect(entryView(page).code).toHaveValue('SCRP');
});

test('Enter approves nothing, and Approve is not focused', async ({ page, server }) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  await open(page, '/device');
  await entryView(page).code.fill(device.code);
  const sent = recordRequests(page);
  await entryView(page).code.press('Enter');
  const view = authorizeView(page);
  await expect(view.heading).toBeFocused();
  for (let press = 0; press < 5; press++) await page.keyboard.press('Enter');
  await page.keyboard.press('Space');
  await expect(view.heading).toBeFocused();
  expect(sent.filter((request) => request.method() !== 'GET')).toHaveLength(0);
  expect(await device.refusal()).toBe('authorization_pending');

  // After a reload nothing has the focus.
  await page.reload();
  await expect(view.code).toHaveText(device.code);
  for (let press = 0; press < 5; press++) await page.keyboard.press('Enter');
  await expect(view.allow).not.toBeFocused();
  await expect(view.heading).toBeVisible();
  expect(sent.filter((request) => request.method() !== 'GET')).toHaveLength(0);
});

test('Deny comes first, is as large as Approve, and both are reached by the keyboard', async ({ page, server }) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  const view = authorizeView(page);
  for (const width of [1120, 320]) {
    await page.setViewportSize({ width, height: 700 });
    const [deny, allow] = [await view.deny.boundingBox(), await view.allow.boundingBox()];
    expect(deny?.width).toBe(allow?.width);
    expect(deny?.height).toBe(allow?.height);
    expect(deny!.y < allow!.y || deny!.x < allow!.x, `first at ${width} pixels`).toBe(true);
    const look = (button: HTMLElement) => {
      const { backgroundColor, color, fontSize, fontWeight } = getComputedStyle(button);
      return { backgroundColor, color, fontSize, fontWeight };
    };
    expect(await view.allow.evaluate(look)).toEqual(await view.deny.evaluate(look));
  }
  await view.notYou.focus();
  await page.keyboard.press('Tab');
  await expect(view.deny).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(view.allow).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(endView(page).denied).toBeVisible();
});

test('repeated presses decide once', async ({ page, server }) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  const view = authorizeView(page);
  const sent = [recordRequests(page, APPROVE), recordRequests(page, DENY)];
  const answer = await hold(page, `**${APPROVE}`);
  await view.allow.click();
  await expect(view.allow).toHaveAttribute('aria-disabled', 'true');
  await expect(view.deny).toHaveAttribute('aria-disabled', 'true');
  await view.allow.click({ force: true });
  await view.deny.click({ force: true });
  answer.release();
  await expect(endView(page).approved).toBeVisible();
  expect(sent.flat()).toHaveLength(1);
});

test('a decision can be repeated after a network failure', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  await page.route(`**${APPROVE}`, (route) => route.abort('connectionfailed'), { times: 1 });
  const view = authorizeView(page);
  await view.allow.click();
  await expect(view.alert).toContainText("The server can't be reached.");
  await expect(view.code).toHaveText(device.code);
  await view.allow.click();
  await expect(endView(page).approved).toBeVisible();
});

test('a decision requires authentication within 12 hours', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.status(403);
  const device = await Device.asks(server);
  await signIn(page, server);
  await server.ageProofs(12 * 60 + 1);
  await openRequest(page, device);
  const [view, asked] = [authorizeView(page), proof(page)];
  await view.allow.click();
  await expect(asked.password).toBeFocused();
  await checkAccessibility();
  await page.keyboard.press('Escape');
  await expect(view.alert).toHaveText("Verify it's you first.");
  expect(await device.refusal()).toBe('authorization_pending');
  await view.allow.click();
  await asked.password.fill(server.password);
  await asked.submit.click();
  await expect(endView(page).approved).toBeFocused();
  await device.token();
});

test('authentication within 12 hours is sufficient', async ({ page, server }) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  await server.ageProofs(12 * 60 - 1);
  await openRequest(page, device);
  await authorizeView(page).deny.click();
  await expect(endView(page).denied).toBeVisible();
});

test('a temporary session can not approve a device, and shows what to do', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.status(403);
  const [device, token] = [await Device.asks(server), await server.loginToken()];
  await open(page, '/login');
  await tokenStage(page).link.click();
  await tokenStage(page).token.fill(token);
  await tokenStage(page).submit.click();
  await page.getByRole('button', { name: 'Skip for now' }).click();
  await expect(page).toHaveURL('/');
  await openRequest(page, device);
  const view = authorizeView(page);
  await view.allow.click();
  await expect(view.alert).toHaveText('You signed in with a temporary sign‑in token. Set a new password first.');
  await checkAccessibility();
  expect(await device.refusal()).toBe('authorization_pending');
});

test('an ended session can not decide', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  await server.command(['sessions', 'end', '--user', 'admin']);
  await authorizeView(page).allow.click();
  await expect(page.getByText('Your session has ended. Sign in again.').first()).toBeVisible();
  await checkAccessibility();
  expect(await device.refusal()).toBe('authorization_pending');
});

test('too many decisions are limited', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(429);
  await server.configure('[limits]\ndevice_approve_per_hour = 1\n');
  await signIn(page, server);
  await openRequest(page, await Device.asks(server));
  await authorizeView(page).deny.click();
  await expect(endView(page).denied).toBeVisible();
  await open(page, '/device');
  const device = await Device.asks(server);
  await entryView(page).code.fill(device.code);
  await entryView(page).submit.click();
  const view = authorizeView(page);
  await view.allow.click();
  await expect(view.alert).toContainText('Too many attempts.');
  await checkAccessibility();
  expect(await device.refusal()).toBe('authorization_pending');
});

test('scripts, other pages and logs can read neither code nor token', async ({
  page,
  server,
  context,
}) => {
  const device = await Device.asks(server, { label: 'the desk' });
  const addresses = recordAddresses(context);
  await followAndType(page, device.link, device.code);
  await expect(chooserView(page).heading).toBeVisible();
  const cookies = await context.cookies();
  const holding = cookies.filter(({ value }) => value.replaceAll('-', '') === device.code.replace('-', ''));
  expect(holding).toMatchObject([{ name: expect.stringMatching(/^doorstep_user_code_\d+$/), httpOnly: true, path: '/', sameSite: 'Lax' }]);
  await chooserView(page).signIn.click();
  await signInHere(page, server);
  await expect(authorizeView(page).code).toHaveText(device.code);
  const secrets = [device.code, device.code.replace('-', ''), device.codes.device_code];
  for (const secret of secrets) expect(await kept(page)).not.toContain(secret);
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  const names = (await context.cookies()).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('doorstep_user_code')), 'it is over').toEqual([]);
  const token = await device.token();
  expect((await whoIs(server, token)).status).toBe(200);
  await endView(page).revoke.click();
  await expect(page.getByRole('heading', { name: 'the desk' })).toBeVisible();

  secrets.push(token);
  for (const secret of secrets) {
    expect(await kept(page)).not.toContain(secret);
    expect(server.log).not.toContain(secret);
  }
  const bare = (address: string) => decodeURIComponent(address).replace(server.url, '').replace(/&$/, '');
  const telling = addresses.filter((address) => secrets.some((secret) => bare(address).includes(secret))).map(bare);
  expect([...new Set(telling)].sort()).toEqual([
    `/console/api/oauth/device/context?user_code=${device.code}`,
    `/device?user_code=${device.code}`,
    `/v1/oauth/device/lookup?user_code=${device.code}`,
  ]);
});

test('Back shows neither the code nor the decision again', async ({ page, server }) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  await followAndType(page, device.link, device.code);
  await authorizeView(page).deny.click();
  await expect(endView(page).denied).toBeVisible();
  await open(page, '/');
  await page.goBack();
  await expect(page).toHaveURL('/device');
  await expect(endView(page).denied).toBeVisible();
  await expect(authorizeView(page).allow).toHaveCount(0);
});

test('a request that was decided in another tab can not be decided again', async ({ page, server, context }) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  const other = await context.newPage();
  await open(other, '/device');
  await authorizeView(other).allow.click();
  await expect(endView(other).approved).toBeVisible();
  await page.reload();
  await expect(entryView(page).heading).toBeVisible();
  await expect(entryView(page).code).toHaveValue('');
  await expect(entryView(page).alert, 'no error for a code that is not pending').toBeHidden();
});
