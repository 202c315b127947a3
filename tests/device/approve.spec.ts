import { turnOnTotp } from '../support/authenticator';
import {
  Device,
  authorizeView,
  chooserView,
  endView,
  enter,
  entryView,
  follow,
  leaveSeconds,
  lookUp,
  openRequest,
  whoIs,
} from '../support/device';
import { open, signIn, signInForm, signInHere, totpStage } from '../support/screens';
import { expect, test } from '../support/test';

test('a device is approved with one press, and gets its token once', async ({ page, server, checkAccessibility }) => {
  const device = await Device.asks(server, { label: 'the desk' });
  await signIn(page, server);
  await openRequest(page, device);
  const [view, end] = [authorizeView(page), endView(page)];
  await expect(view.heading).toBeFocused();
  await expect(view.heading).toHaveText('Authorize difyctl?');
  await expect(page).toHaveTitle('Authorize difyctl? – Doorstep');
  await expect(view.code).toHaveText(device.code);
  await checkAccessibility();
  expect(await device.refusal()).toBe('authorization_pending');

  await view.allow.click();
  await expect(end.approved).toBeFocused();
  await expect(page).toHaveTitle('Device authorized – Doorstep');
  await expect(page.getByText('Return to your device. You can close this page.')).toBeVisible();
  await expect(end.revoke).toHaveAttribute('href', '/account/devices');
  await expect(end.done).toHaveAttribute('href', '/');
  await expect(end.fact('Application')).toHaveText('difyctl');
  await expect(end.fact('Device name (reported by the device)')).toHaveText('“the desk”');
  await expect(end.fact('IP address')).toHaveText('127.0.0.1');
  await checkAccessibility();

  const answers = await Promise.all(Array.from({ length: 8 }, () => device.poll()));
  const given = answers.filter(({ status }) => status === 200);
  expect(given, 'one of concurrent polls').toHaveLength(1);
  const token = String(given[0]?.body['access_token']);
  expect(token).toMatch(/^dfoa_/);
  expect((await whoIs(server, token)).body).toMatchObject({ subject_type: 'account', account: { name: 'admin' } });
  expect(await device.refusal()).toBe('expired_token');

  await page.reload();
  await expect(end.approved, 'a reload keeps the outcome').toBeVisible();
  await expect(page).toHaveTitle('Device authorized – Doorstep');
  await expect(page).toHaveURL('/device');
});

// RFC 8628 §3.3: the outcome for an earlier device is not shown for the next one.
test('a new visit in a tab with an outcome starts with the field for a code', async ({ page, server }) => {
  await signIn(page, server);
  await openRequest(page, await Device.asks(server));
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  await open(page, '/device');
  await expect(entryView(page).code).toHaveValue('');
  const next = await Device.asks(server);
  await enter(page, next.code);
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  await page.reload();
  await expect(endView(page).approved, 'a reload keeps the outcome').toBeVisible();
  const third = await Device.asks(server);
  await follow(page, third.link, third.code);
  await page.goBack();
  await expect(endView(page).approved, 'Back returns to the outcome').toBeVisible();
});

// The outcome does not name its device, and has no link to enter another code.
test('another device can be approved in the same tab', async ({ page, server }) => {
  await signIn(page, server);
  await openRequest(page, await Device.asks(server));
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  const next = await Device.asks(server);
  await endView(page).otherCode.click();
  await enter(page, next.code);
  await expect(authorizeView(page).code).toHaveText(next.code);
});

test('a device is denied with one press, and gets no token', async ({ page, server, checkAccessibility }) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  const end = endView(page);
  await authorizeView(page).deny.click();
  await expect(end.denied).toBeFocused();
  await expect(page).toHaveTitle('Device denied – Doorstep');
  await expect(page.getByText('contact your administrator')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open audit log' }), 'for an operator').toHaveAttribute('href', '/audit');
  await expect(page.getByRole('link', { name: 'Done' })).toHaveAttribute('href', '/');
  await checkAccessibility();
  expect(await device.refusal()).toBe('access_denied');
  await page.reload();
  await expect(end.denied, 'a reload keeps the outcome').toBeVisible();

  await open(page, '/device');
  await expect(entryView(page).code).toBeFocused();
  await expect(entryView(page).code).toHaveValue('');
  await page.reload();
  await expect(entryView(page).heading, 'the outcome is gone').toBeVisible();
  await expect(entryView(page).code).toHaveValue('');
});

test('the code survives signing in', async ({ page, server, checkAccessibility }) => {
  const device = await Device.asks(server);
  await lookUp(page, device);
  const chooser = chooserView(page);
  await expect(chooser.heading).toBeFocused();
  await expect(page).toHaveTitle('Sign in to continue – Doorstep');
  await expect(chooser.sso, 'there is no single sign-on').toHaveCount(0);
  await expect(chooser.text, 'so there is no choice').toHaveText('Sign in, then approve or deny the device.');
  await expect(chooser.signIn).toHaveText('Sign in');
  await checkAccessibility();
  await chooser.signIn.click();
  await expect(signInForm(page).username).toBeFocused();
  await expect(page).toHaveURL('/login?redirect=%2Fdevice');
  await signInHere(page, server);
  await expect(authorizeView(page).heading).toBeVisible();
  await expect(page).toHaveURL('/device');
  await expect(authorizeView(page).code).toHaveText(device.code);
  expect(await device.refusal(), 'signing in approves nothing').toBe('authorization_pending');
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  await device.token();
});

test('the code survives a second step, and then a reload', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  const device = await Device.asks(server);
  await lookUp(page, device);
  await chooserView(page).signIn.click();
  await signInHere(page, server);
  await totpStage(page).code.fill(await app.code());
  await expect(authorizeView(page).code).toHaveText(device.code);
  await page.reload();
  await expect(authorizeView(page).code).toHaveText(device.code);
  await authorizeView(page).deny.click();
  await expect(endView(page).denied).toBeVisible();
});

// Otherwise the code would be in the field and would have to be submitted again.
test('a code that was looked up survives a reload before signing in', async ({ page, server }) => {
  const device = await Device.asks(server);
  await lookUp(page, device);
  await expect(chooserView(page).heading).toBeVisible();
  await page.reload();
  await chooserView(page).signIn.click();
  await signInHere(page, server);
  await expect(authorizeView(page).code).toHaveText(device.code);
});

// The cookie with the code is only sent to /device, which the app does not load again.
test('the code survives a reload of the sign-in page, and a sign-in in another tab', async ({
  page,
  server,
  context,
}) => {
  const device = await Device.asks(server);
  await lookUp(page, device);
  const other = await context.newPage();
  await open(other, (await chooserView(page).signIn.getAttribute('href')) ?? '');
  await chooserView(page).signIn.click();
  await expect(signInForm(page).heading).toBeVisible();
  await page.reload();
  await signInHere(page, server);
  await expect(authorizeView(page).code).toHaveText(device.code);
  await other.getByRole('button', { name: 'Continue as admin' }).click();
  await expect(authorizeView(other).code).toHaveText(device.code);
});

test('a tab follows signing in and out in another tab', async ({ page, server, context }) => {
  const device = await Device.asks(server);
  await lookUp(page, device);
  await expect(chooserView(page).heading).toBeVisible();
  const other = await context.newPage();
  await signIn(other, server);
  await expect(authorizeView(page).code).toHaveText(device.code);
  await open(other, '/device');
  await expect(authorizeView(other).code, 'the code is shown too').toHaveText(device.code);
  await authorizeView(other).notYou.click();
  await expect(chooserView(other).heading).toBeVisible();
  await expect(chooserView(page).heading).toBeVisible();
});

test('another user can sign in and keeps the code', async ({ page, server, checkAccessibility }) => {
  await server.addUser('grace', 'grace@example.org');
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  const view = authorizeView(page);
  await view.notYou.click();
  await expect(chooserView(page).heading).toBeFocused();
  await checkAccessibility();
  await chooserView(page).signIn.click();
  await signInForm(page).username.fill('grace');
  await signInForm(page).password.fill(server.password);
  await signInForm(page).submit.click();
  await expect(view.card).toContainText('Signed in as grace (grace@example.org).');
  await view.allow.click();
  await expect(endView(page).approved).toBeVisible();
  const { body } = await whoIs(server, await device.token());
  expect(body).toMatchObject({ account: { email: 'grace@example.org' } });
});

test('"Enter another code" returns to an empty field without a decision', async ({ page, server }) => {
  const [device, another] = [await Device.asks(server), await Device.asks(server)];
  await signIn(page, server);
  await openRequest(page, device);
  await authorizeView(page).otherCode.click();
  const entry = entryView(page);
  await expect(entry.code).toBeFocused();
  await expect(entry.code).toHaveValue('');
  await entry.code.fill(another.code);
  await entry.submit.click();
  await expect(authorizeView(page).code).toHaveText(another.code);
  expect(await device.refusal()).toBe('authorization_pending');
});

test('the page shows when the code expires', async ({ page, server, checkAccessibility }) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  await leaveSeconds(server, 12);
  await openRequest(page, device);
  const end = endView(page);
  await expect(authorizeView(page).left).toHaveText(/ 0:\d\d$/);
  await expect(end.expired).toBeVisible({ timeout: 20_000 });
  await expect(end.expired).toBeFocused();
  await expect(page).toHaveTitle('This code has expired – Doorstep');
  await checkAccessibility();
  await end.otherCode.click();
  await expect(entryView(page).code).toHaveValue('');
});

test('approving an expired code shows an error, and grants nothing', async ({ page, server, provokes }) => {
  provokes.status(404);
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  await leaveSeconds(server, -1);
  await authorizeView(page).allow.click();
  await expect(endView(page).expired).toBeFocused();
  expect(await device.refusal()).toBe('expired_token');
});

test('of two tabs the first one decides, and the other one shows so', async ({
  page,
  server,
  provokes,
  context,
  checkAccessibility,
}) => {
  provokes.status(409);
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  const other = await context.newPage();
  await open(other, '/device');
  await authorizeView(other).deny.click();
  await expect(endView(other).denied).toBeVisible();
  await authorizeView(page).allow.click();
  await expect(endView(page).used).toBeFocused();
  await expect(page).toHaveTitle('This code was already used – Doorstep');
  await checkAccessibility();
  expect(await device.refusal()).toBe('access_denied');
});

test('a crash between approval and the next poll loses no token', async ({ page, server }) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  await server.kill9();
  await server.start();
  expect((await whoIs(server, await device.token())).status).toBe(200);
  expect(await device.refusal()).toBe('expired_token');
});
