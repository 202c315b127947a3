import type { Page } from '@playwright/test';

import { Device, authorizeView, endView, entryView, leaveSeconds, lookUp, whoIs } from '../support/device';
import { OAuth2Provider } from '../support/oauth2_provider';
import { GRACE, OpenIdProvider } from '../support/openid_provider';
import { SENTENCES } from '../support/providers';
import { sessionToken, signIn } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const FOR_DEVICES = { device_external: true };

const besides = (server: Server, settings = '') => OpenIdProvider.beside(server, FOR_DEVICES, settings);

/** The link to a provider. */
const way = (page: Page, name: string) => page.getByRole('link', { name: `Continue with ${name}`, exact: true });

async function leave(page: Page, device: Device, provider: OpenIdProvider): Promise<void> {
  await lookUp(page, device);
  await way(page, provider.label).click();
}

/** Expects an error that is shown once, and no session. */
async function endsWith(page: Page, sentence: string): Promise<void> {
  await expect(endView(page).ssoFailed).toBeVisible();
  await expect(page.getByText(sentence)).toBeVisible();
  await expect(page).toHaveURL('/device');
  expect(await sessionToken(page), 'no session').toBeUndefined();
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('device_approval_grant');
}

test('a user of a provider approves a device without an account here', async ({
  page,
  server,
  context,
  checkAccessibility,
}) => {
  await using provider = await besides(server);
  const device = await Device.asks(server, { label: 'the desk' });
  await lookUp(page, device);
  await expect(way(page, provider.label)).toHaveAttribute('rel', 'external');
  await checkAccessibility();
  await way(page, provider.label).click();
  const view = authorizeView(page);
  await expect(view.heading).toBeVisible();
  await expect(page).toHaveURL('/device');
  await expect(view.code).toHaveText(device.code);
  await expect(view.card).toContainText(`Signed in as ${GRACE.email} through ${provider.label}`);
  await expect(view.permissions).toHaveText(['Run apps only']);
  await expect(view.terms).toHaveText([/^Access ends .* \(14 days\)\.$/]);
  await checkAccessibility();
  expect(provider.asked).toHaveLength(1);
  const asked = provider.asked[0] ?? new URLSearchParams();
  expect(asked.get('redirect_uri')).toBe(`${server.url}/auth/login/${provider.name}/callback`);
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect(asked.get('nonce')).toMatch(/^[\w-]{43}$/);
  const grants = (await context.cookies()).filter(({ name }) => name === 'device_approval_grant');
  expect(grants.map(({ path }) => path).sort()).toEqual(['/openapi/v1/oauth/device', '/v1/oauth/device']);
  expect(await sessionToken(page), 'there is no session').toBeUndefined();

  await view.allow.click();
  await expect(endView(page).approved).toBeFocused();
  const subject = { subject_type: 'external_sso', subject_email: GRACE.email, subject_issuer: provider.issuer };
  const { body } = await device.poll();
  expect(body).toMatchObject({ ...subject, scope: 'apps:run', token: expect.stringMatching(/^dfoe_/) });
  expect((await whoIs(server, String(body['token']))).body).toMatchObject({ ...subject, account: null });
  expect(server.log).not.toContain(device.code);
});

test('each provider for devices has a link, and its user can deny', async ({ page, server }) => {
  await using forge = await OAuth2Provider.beside(server);
  const other = forge.settings({ label: 'The forge', ...FOR_DEVICES }) + forge.settings({ name: 'staff', label: 'Staff' });
  await using provider = await besides(server, other);
  const device = await Device.asks(server);
  await lookUp(page, device);
  await expect(page.getByRole('link', { name: /^Continue with/ })).toHaveText([
    'Continue with The forge',
    `Continue with ${provider.label}`,
  ]);
  await way(page, provider.label).click();
  await authorizeView(page).deny.click();
  await expect(endView(page).denied).toBeFocused();
  expect(await device.refusal()).toBe('access_denied');
});

test('a signed-in user is not offered single sign-on', async ({ page, server }) => {
  await using provider = await besides(server);
  const device = await Device.asks(server);
  await signIn(page, server);
  await lookUp(page, device);
  await expect(authorizeView(page).card).toContainText('Signed in as admin');
  expect(provider.asked).toHaveLength(0);
});

test.describe('the error is shown:', () => {
  test('access was denied at the provider, and can be tried again', async ({ page, server, checkAccessibility }) => {
    await using provider = await besides(server);
    provider.refuses = true;
    const device = await Device.asks(server);
    await leave(page, device, provider);
    await endsWith(page, SENTENCES.ACCESS_DENIED);
    await checkAccessibility();
    expect(await device.refusal()).toBe('authorization_pending');
    provider.refuses = false;
    await endView(page).sameCode.click();
    await entryView(page).code.fill(device.code);
    await entryView(page).submit.click();
    await way(page, provider.label).click();
    await expect(authorizeView(page).code).toHaveText(device.code);
  });

  test('the callback comes from another browser', async ({ page, server, browser }) => {
    await using provider = await besides(server);
    provider.sendsBack = false;
    const device = await Device.asks(server);
    await leave(page, device, provider);
    await expect.poll(() => provider.sentBack.length).toBe(1);
    const victim = await (await browser.newContext({ baseURL: server.url })).newPage();
    await victim.goto(provider.sentBack[0] ?? '');
    await endsWith(victim, "The identity provider's response was invalid or too late.");
    await victim.context().close();
    // A modified state is unknown in this browser too.
    const back = new URL(provider.sentBack[0] ?? '');
    back.searchParams.set('state', `${back.searchParams.get('state')?.slice(0, -1)}_`);
    await page.goto(back.href);
    await endsWith(page, "The identity provider's response was invalid or too late.");
    expect(await device.refusal()).toBe('authorization_pending');
  });

  test('the cookie has expired', async ({ page, server, context }) => {
    await using provider = await besides(server);
    provider.sendsBack = false;
    await leave(page, await Device.asks(server), provider);
    await expect.poll(() => provider.sentBack.length).toBe(1);
    await context.clearCookies({ name: /^doorstep_sso_/ });
    await page.goto(provider.sentBack[0] ?? '');
    await endsWith(page, "The identity provider's response was invalid or too late.");
  });

  test('the code has expired', async ({ page, server }) => {
    await using provider = await besides(server);
    provider.sendsBack = false;
    await leave(page, await Device.asks(server), provider);
    await expect.poll(() => provider.sentBack.length).toBe(1);
    await leaveSeconds(server, -1);
    await page.goto(provider.sentBack[0] ?? '');
    await endsWith(page, 'Get a new code on your device.');
  });

  test('the code was used meanwhile', async ({ page, server, browser }) => {
    await using provider = await besides(server);
    provider.sendsBack = false;
    const device = await Device.asks(server);
    await leave(page, device, provider);
    await expect.poll(() => provider.sentBack.length).toBe(1);
    const other = await (await browser.newContext({ baseURL: server.url })).newPage();
    await signIn(other, server);
    await lookUp(other, device);
    await authorizeView(other).deny.click();
    await expect(endView(other).denied).toBeVisible();
    await other.context().close();
    await page.goto(provider.sentBack[0] ?? '');
    await endsWith(page, 'Get a new code on your device.');
    expect(await device.refusal()).toBe('access_denied');
  });

  test('the email is that of an account here', async ({ page, server }) => {
    await using provider = await besides(server);
    provider.person = { ...GRACE, email: 'Admin@Localhost' };
    await leave(page, await Device.asks(server), provider);
    await endsWith(page, 'An account with this email already exists here. Sign in to it instead.');
  });

  test('the provider is unavailable', async ({ page, server, checkAccessibility }) => {
    await using provider = await besides(server);
    await provider.stop();
    await leave(page, await Device.asks(server), provider);
    await endsWith(page, SENTENCES.SERVICE_UNAVAILABLE);
    await checkAccessibility();
    await provider.listen();
  });

  test('too many attempts from this address', async ({ page, server }) => {
    await using provider = await besides(server, '[limits]\ndevice_sso_initiate_per_hour = 1\n');
    const device = await Device.asks(server);
    await leave(page, device, provider);
    await authorizeView(page).otherCode.click();
    await entryView(page).code.fill(device.code);
    await entryView(page).submit.click();
    await way(page, provider.label).click();
    await expect(endView(page).ssoFailed).toBeVisible();
    await expect(page.getByText('Too many attempts.')).toBeVisible();
  });
});
