import type { Page } from '@playwright/test';

import {
  Device,
  authorizeView,
  chooserView,
  endView,
  entryView,
  leaveSeconds,
  lookUp,
  whoIs,
} from '../support/device';
import { IdentitySystem } from '../support/identity_system';
import { recordRequests } from '../support/network';
import { open, signIn } from '../support/screens';
import { expect, test } from '../support/test';

const APPROVE = '/v1/oauth/device/approve-external';

/** Signs in with single sign-on, up to the request. */
async function comeBack(page: Page, device: Device): Promise<void> {
  await lookUp(page, device);
  await chooserView(page).sso.click();
  await expect(authorizeView(page).heading).toBeVisible();
}

/** Signs in with single sign-on, which fails. */
async function comeBackInVain(page: Page, device: Device): Promise<void> {
  await lookUp(page, device);
  await chooserView(page).sso.click();
  await expect(endView(page).ssoFailed).toBeVisible();
  await expect(page, 'the reason is removed from the address bar').toHaveURL('/device');
  await expect(page).toHaveTitle('Single sign‑on failed – Doorstep');
}

test('a user without an account approves a device', async ({ page, server, checkAccessibility }) => {
  await using system = await IdentitySystem.beside(server);
  const device = await Device.asks(server, { label: 'the desk' });
  await lookUp(page, device);
  const chooser = chooserView(page);
  await expect(chooser.sso).toBeVisible();
  await expect(chooser.text).toContainText('or with SSO if you have no account here');
  await expect(chooser.signIn).toHaveText('Sign in with your account');
  await checkAccessibility();
  await chooser.sso.click();
  const view = authorizeView(page);
  await expect(view.heading).toBeVisible();
  await expect(page).toHaveURL('/device');
  await expect(page).toHaveTitle('Authorize difyctl? – Doorstep');
  await expect(view.code).toHaveText(device.code);
  await expect(view.card).toContainText(`Signed in as ${system.email} through ${system.issuer}.`);
  await expect(view.unknown, 'the application is known').toHaveCount(0);
  await expect(view.fact('Device name (reported by the device)')).toHaveText('“the desk”');
  await expect(view.permissions).toHaveText(['Run apps only']);
  await expect(view.terms).toHaveText([/^Access ends .* \(14 days\)\.$/]);
  await checkAccessibility();
  // There is no session to end: the user chooses again how to sign in.
  await view.notYou.click();
  await expect(chooser.heading).toBeFocused();
  await chooser.sso.click();
  await expect(view.code).toHaveText(device.code);
  for (let press = 0; press < 3; press++) await page.keyboard.press('Enter');
  await expect(view.heading).toBeVisible();
  expect(await device.refusal(), 'Enter approves nothing').toBe('authorization_pending');

  await view.allow.click();
  await expect(endView(page).approved).toBeFocused();
  await expect(endView(page).revoke, 'there is no device list').toHaveCount(0);
  await expect(endView(page).done, 'there is no home page').toHaveCount(0);
  await checkAccessibility();
  const { status, body } = await device.poll();
  expect(status).toBe(200);
  const subject = { subject_type: 'external_sso', subject_email: system.email, subject_issuer: system.issuer };
  expect(body).toMatchObject({ ...subject, scope: 'apps:run', token: expect.stringMatching(/^dfoe_/) });
  expect(body).not.toHaveProperty('account');
  expect((await whoIs(server, String(body['token']))).body).toMatchObject({ ...subject, account: null });
  await page.reload();
  await expect(endView(page).approved).toBeVisible();
});

test('the identity system gets its parameters, and the grant is in an HttpOnly cookie', async ({
  page,
  server,
  context,
}) => {
  await using system = await IdentitySystem.beside(server);
  const device = await Device.asks(server);
  await comeBack(page, device);
  const now = Date.now() / 1000;
  expect(system.states).toHaveLength(1);
  expect(system.states[0]).toMatchObject({
    aud: 'api.sso.state_envelope',
    intent: 'device_flow',
    user_code: device.code,
    nonce: expect.any(String),
    idp_callback_url: `${server.url}/v1/device/sso-complete`,
  });
  expect(Number(system.states[0]?.['exp']) - now).toBeLessThanOrEqual(900);
  const grants = (await context.cookies()).filter(({ name }) => name === 'device_approval_grant');
  expect(grants.map(({ path }) => path).sort()).toEqual(['/openapi/v1/oauth/device', '/v1/oauth/device']);
  for (const grant of grants) {
    expect(grant).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    expect(grant.expires - now).toBeLessThanOrEqual(301);
  }
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(kept).toBe('[{},{},""]');
  expect(server.log).not.toContain(device.code);
  for (const back of system.sentBack) expect(server.log).not.toContain(new URL(back).searchParams.get('sso_assertion'));
});

test('a user without an account denies a device', async ({ page, server, checkAccessibility }) => {
  await using _system = await IdentitySystem.beside(server);
  const device = await Device.asks(server);
  await comeBack(page, device);
  const view = authorizeView(page);
  const [deny, allow] = [await view.deny.boundingBox(), await view.allow.boundingBox()];
  expect([deny?.width, deny?.height]).toEqual([allow?.width, allow?.height]);
  await view.deny.click();
  await expect(endView(page).denied).toBeFocused();
  await checkAccessibility();
  expect(await device.refusal()).toBe('access_denied');
});

test('other parameters of the address are ignored', async ({ page, server }) => {
  await using _system = await IdentitySystem.beside(server);
  const [device, another] = [await Device.asks(server), await Device.asks(server)];
  await comeBack(page, device);
  await open(page, `/device?sso_verified=1&user_code=${another.code}`);
  await expect(authorizeView(page).code).toHaveText(device.code);
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  await device.token();
  expect(await another.refusal()).toBe('authorization_pending');
});

test('the address alone does not sign in', async ({ page, server, provokes }) => {
  provokes.status(401);
  await using system = await IdentitySystem.beside(server);
  await Device.asks(server);
  await open(page, '/device?sso_verified=1');
  await expect(endView(page).lost).toBeVisible();
  await expect(page).toHaveURL('/device');
  expect(system.states).toHaveLength(0);
});

test('the identity survives a reload', async ({ page, server }) => {
  await using system = await IdentitySystem.beside(server);
  const device = await Device.asks(server);
  await comeBack(page, device);
  await page.reload();
  // The code is kept; single sign-on may be required again.
  await expect(authorizeView(page).heading.or(chooserView(page).heading)).toBeVisible();
  if (await chooserView(page).heading.isVisible()) await chooserView(page).sso.click();
  await expect(authorizeView(page).card).toContainText(system.email);
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  await device.token();
});

test('an identity decides once', async ({ page, server, context, provokes }) => {
  provokes.status(401);
  await using _system = await IdentitySystem.beside(server);
  const device = await Device.asks(server);
  await comeBack(page, device);
  const grants = (await context.cookies()).filter(({ name }) => name === 'device_approval_grant');
  const sent = recordRequests(page, APPROVE);
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  expect((await context.cookies()).map(({ name }) => name), 'the cookie is cleared').not.toContain('device_approval_grant');
  expect(sent).toHaveLength(1);

  // An attacker has kept the cookie.
  await context.addCookies(grants);
  await open(page, '/device?sso_verified=1');
  await expect(endView(page).lost).toBeVisible();
});

test('of two tabs the first one decides, and the other one shows so', async ({ page, server, context, provokes }) => {
  provokes.status(401);
  await using _system = await IdentitySystem.beside(server);
  const device = await Device.asks(server);
  await comeBack(page, device);
  const other = await context.newPage();
  await open(other, '/device?sso_verified=1');
  await authorizeView(other).allow.click();
  await expect(endView(other).approved).toBeVisible();
  await authorizeView(page).deny.click();
  await expect(endView(page).lost, 'without a false outcome').toBeVisible();
  await device.token();
});

test.describe('the error is shown:', () => {
  test('the assertion was signed with another key', async ({ page, server, checkAccessibility }) => {
    await using system = await IdentitySystem.beside(server);
    system.key = 'Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7';
    const device = await Device.asks(server);
    await comeBackInVain(page, device);
    await expect(page.getByText("The identity provider's response was invalid or too late.")).toBeVisible();
    await checkAccessibility();
    expect(await device.refusal()).toBe('authorization_pending');
    // The user can try again.
    system.key = 'q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o';
    await endView(page).sameCode.click();
    await entryView(page).code.fill(device.code);
    await entryView(page).submit.click();
    await chooserView(page).sso.click();
    await expect(authorizeView(page).code).toHaveText(device.code);
  });

  test('the assertion is about another code', async ({ page, server }) => {
    await using system = await IdentitySystem.beside(server);
    const [device, victim] = [await Device.asks(server), await Device.asks(server)];
    system.lies = { user_code: victim.code };
    await comeBackInVain(page, device);
    await expect(page.getByText("The identity provider's response was invalid or too late.")).toBeVisible();
    expect(await victim.refusal()).toBe('authorization_pending');
  });

  test('the email is that of an account here', async ({ page, server }) => {
    await using system = await IdentitySystem.beside(server);
    system.lies = { email: 'Admin@Localhost' };
    await comeBackInVain(page, await Device.asks(server));
    await expect(page.getByText('An account with this email already exists here. Sign in to it instead.')).toBeVisible();
  });

  test('the code has expired', async ({ page, server }) => {
    await using system = await IdentitySystem.beside(server);
    system.meanwhile = () => leaveSeconds(server, -1);
    await comeBackInVain(page, await Device.asks(server));
    await expect(page.getByText('Get a new code on your device.')).toBeVisible();
    await expect(endView(page).otherCode, 'the expired one can not be used again').toBeVisible();
  });

  for (const code of ['sso_failed', 'something_newer', '<b>x</b>']) {
    test(`the address says ${code}`, async ({ page, checkAccessibility }) => {
      await open(page, `/device?sso_error=${encodeURIComponent(code)}`);
      await expect(endView(page).ssoFailed).toBeVisible();
      await expect(page.getByText("The identity provider's response was invalid or too late.")).toBeVisible();
      await expect(page).toHaveURL('/device');
      await checkAccessibility();
      await page.reload();
      await expect(entryView(page).heading, 'the error is shown once').toBeVisible();
    });
  }
});

test('the callback works only in the browser that began', async ({ page, server, browser }) => {
  await using system = await IdentitySystem.beside(server);
  const device = await Device.asks(server);
  // The attacker begins, and keeps the callback for the victim.
  system.sendsBack = false;
  await lookUp(page, device);
  await chooserView(page).sso.click();
  await expect.poll(() => system.sentBack.length).toBe(1);
  const victim = await (await browser.newContext({ baseURL: server.url })).newPage();
  await open(victim, system.sentBack[0] ?? '');
  await expect(endView(victim).ssoFailed).toBeVisible();
  await victim.context().close();
  expect(await device.refusal()).toBe('authorization_pending');
});

test('a signed-in user is not offered single sign-on', async ({ page, server }) => {
  await using system = await IdentitySystem.beside(server);
  const device = await Device.asks(server);
  await signIn(page, server);
  await lookUp(page, device);
  await expect(authorizeView(page).card).toContainText('Signed in as admin');
  expect(system.states).toHaveLength(0);
});

test('the code is kept when single sign-on can not begin', async ({ page, server }) => {
  await using _system = await IdentitySystem.beside(server, '[limits]\ndevice_sso_initiate_per_hour = 1\n');
  const device = await Device.asks(server);
  await comeBack(page, device);
  await authorizeView(page).otherCode.click();
  await entryView(page).code.fill(device.code);
  await entryView(page).submit.click();
  await chooserView(page).sso.click();
  await expect(endView(page).ssoFailed).toBeVisible();
  await expect(page.getByText('Too many attempts.')).toBeVisible();
  await expect(page).toHaveURL('/device');
  await page.goBack();
  await expect(chooserView(page).heading).toBeVisible();
});
