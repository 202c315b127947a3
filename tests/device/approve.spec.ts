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

test('a device is let in with one press, and gets its token once', async ({ page, server, checkAccessibility }) => {
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
  expect(given, 'one of many polls at once').toHaveLength(1);
  const token = String(given[0]?.body['access_token']);
  expect(token).toMatch(/^dfoa_/);
  expect((await whoIs(server, token)).body).toMatchObject({ subject_type: 'account', account: { name: 'admin' } });
  expect(await device.refusal()).toBe('expired_token');

  await page.reload();
  await expect(end.approved, 'a reload does not overwrite it').toBeVisible();
  await expect(page).toHaveTitle('Device authorized – Doorstep');
  await expect(page).toHaveURL('/device');
});

// RFC 8628 §3.3: what an earlier device came to says nothing of the next.
test('a tab that has decided once asks for a code when it is opened anew', async ({ page, server }) => {
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
  await expect(endView(page).approved, 'a reload does not overwrite it').toBeVisible();
  const third = await Device.asks(server);
  await follow(page, third.link, third.code);
  await page.goBack();
  await expect(endView(page).approved, 'Back comes to what was there').toBeVisible();
});

// It says that the device is in, whichever that was, and has no way to another code.
test('who comes again in the same tab lets the next device in', async ({ page, server }) => {
  await signIn(page, server);
  await openRequest(page, await Device.asks(server));
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  const next = await Device.asks(server);
  await endView(page).otherCode.click();
  await enter(page, next.code);
  await expect(authorizeView(page).code).toHaveText(next.code);
});

test('denying is one press as well, and grants nothing', async ({ page, server, checkAccessibility }) => {
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
  await expect(end.denied, 'a reload does not overwrite it').toBeVisible();

  await end.otherCode.click();
  await expect(entryView(page).code).toBeFocused();
  await expect(entryView(page).code).toHaveValue('');
  await page.reload();
  await expect(entryView(page).heading, 'and it does not come back').toBeVisible();
  await expect(entryView(page).code).toHaveValue('');
});

test('the code survives signing in', async ({ page, server, checkAccessibility }) => {
  const device = await Device.asks(server);
  await lookUp(page, device);
  const chooser = chooserView(page);
  await expect(chooser.heading).toBeFocused();
  await expect(page).toHaveTitle('Sign in to continue – Doorstep');
  await expect(chooser.sso, 'nobody else vouches for people here').toHaveCount(0);
  await checkAccessibility();
  await chooser.signIn.click();
  await expect(page).toHaveURL('/login?redirect=%2Fdevice');
  await signInHere(page, server);
  await expect(authorizeView(page).heading).toBeVisible();
  await expect(page).toHaveURL('/device');
  await expect(authorizeView(page).code).toHaveText(device.code);
  expect(await device.refusal(), 'nothing is approved by it').toBe('authorization_pending');
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

// The code is in the field then, and has to be sent again.
test('who has reloaded the page before signing in need not send the code again', async ({ page, server }) => {
  const device = await Device.asks(server);
  await lookUp(page, device);
  await expect(chooserView(page).heading).toBeVisible();
  await page.reload();
  await chooserView(page).signIn.click();
  await signInHere(page, server);
  await expect(authorizeView(page).code).toHaveText(device.code);
});

// The field is empty then: the cookie with the code goes to /device alone, and the app does not ask for that page anew.
test('the code survives a reload of the sign-in page, and a sign-in in a tab of its own', async ({
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

test('a tab that waits for a sign-in follows one in another tab, and a log-out too', async ({ page, server, context }) => {
  const device = await Device.asks(server);
  await lookUp(page, device);
  await expect(chooserView(page).heading).toBeVisible();
  const other = await context.newPage();
  await signIn(other, server);
  await expect(authorizeView(page).code).toHaveText(device.code);
  await open(other, '/device');
  await expect(authorizeView(other).code, 'the code is there as well').toHaveText(device.code);
  await authorizeView(other).notYou.click();
  await expect(chooserView(other).heading).toBeVisible();
  await expect(chooserView(page).heading).toBeVisible();
});

test('who is somebody else signs out, and finds the code again', async ({ page, server, checkAccessibility }) => {
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

test('"Enter another code" goes back to an empty field, and nothing is decided', async ({ page, server }) => {
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

test('when the time is over while the page is open, the page says so', async ({ page, server, checkAccessibility }) => {
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

test('a press that comes too late is told, and grants nothing', async ({ page, server, provokes }) => {
  provokes.status(404);
  const device = await Device.asks(server);
  await signIn(page, server);
  await openRequest(page, device);
  await leaveSeconds(server, -1);
  await authorizeView(page).allow.click();
  await expect(endView(page).expired).toBeFocused();
  expect(await device.refusal()).toBe('expired_token');
});

test('of two tabs the first decides, and the other one is told', async ({
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

test('killing the server between approval and pick-up loses nothing', async ({ page, server }) => {
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
