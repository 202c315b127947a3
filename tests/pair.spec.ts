import { turnOnTotp } from './support/authenticator';
import { Device, authorizeView, endView, openRequest } from './support/device';
import { POSTGRES, Pair } from './support/pair';
import { logOut, open, signInForm, signInWithCode } from './support/screens';
import { test as base, expect } from './support/test';
import { Workspace } from './support/workspace';

const test = base.extend<{ pair: Pair }>({
  pair: async ({}, use) => {
    const pair = await Pair.start();
    await use(pair);
    await pair.remove();
  },
  server: async ({ pair }, use, testInfo) => {
    const [server, other] = pair.servers;
    await server.setUp();
    await use(server);
    if (testInfo.status !== testInfo.expectedStatus) console.error(`${server.log}\n--- the other:\n${other.log}`);
  },
});

test.skip(!POSTGRES, 'needs PostgreSQL, which `cargo xtask test --only browser` starts');

test('two servers over one database behave like one', async ({
  page,
  context,
  server,
  pair,
  provokes,
}) => {
  const address = await (await Workspace.of(server)).project('The bridge');
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await signInWithCode(page, server, await app.code());

  const device = await Device.asks(server, { label: 'the desk' });
  await openRequest(page, device);
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  const { status, body } = await device.poll();
  expect([status, String(body['access_token']).slice(0, 5)]).toEqual([200, 'dfoa_']);
  expect(await device.refusal(), 'on the other one too').toBe('expired_token');

  await open(page, address);
  await page.getByRole('button', { name: 'View client portal' }).click();
  await expect(page).toHaveURL('/portal');
  await expect(page.getByRole('heading', { name: 'The bridge' })).toBeVisible();

  await open(page, '/');
  const cookies = await context.cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  expect(await pair.each('/api/auth/me', { cookie })).toEqual([200, 200]);
  await logOut(page);
  await expect(signInForm(page).heading).toBeVisible();
  expect(await pair.each('/api/auth/me', { cookie }), 'it has ended on both').toEqual([401, 401]);
  const [one, other] = pair.asked;
  expect(Math.min(one, other), 'both were used').toBeGreaterThan(10);
});
