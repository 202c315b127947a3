import { alertsIn } from '../support/alerts';
import { dialog, proof, told } from '../support/account';
import { OAuth2Provider } from '../support/oauth2_provider';
import { GRACE, OpenIdProvider } from '../support/openid_provider';
import { SENTENCES, goThrough, identitiesPage, link, openIdentities, providerLink } from '../support/providers';
import { logOut, open, running, signIn, signInHere, welcome } from '../support/screens';
import { expect, test } from '../support/test';

const REGISTERS = { allow_registration: true };

test('an account is linked in the settings, used to sign in, and unlinked', async ({
  page,
  server,
  checkAccessibility,
}) => {
  await using provider = await OpenIdProvider.beside(server);
  await signIn(page, server);
  await openIdentities(page);
  const view = identitiesPage(page);
  await expect(view.section.getByText('No linked accounts.')).toBeVisible();
  await expect(view.section.getByText('You can sign in with these accounts.'), 'none of them').toHaveCount(0);
  await expect(page).toHaveTitle(/– Doorstep$/);
  await checkAccessibility();
  await view.add(provider.label).click();
  await expect(page).toHaveURL('/account/identities');
  await expect(view.entries).toHaveCount(1);
  await expect(view.entries.first()).toContainText(GRACE.email);
  await expect(view.entries.first()).toContainText('Never');
  await expect(view.section.getByText('You can sign in with these accounts.')).toBeVisible();
  await expect(view.add(provider.label), 'it is linked').toHaveCount(0);
  await expect(page.getByRole('button', { name: `Link another ${provider.label} account` })).toBeVisible();
  await checkAccessibility();

  await logOut(page);
  await providerLink(page, provider.label).click();
  await expect(welcome(page), 'with another email').toBeVisible();
  await openIdentities(page);
  await view.remove(provider.label).click();
  const asked = dialog(page, `Unlink “${provider.label}”`);
  await expect(asked.frame).toBeVisible();
  await checkAccessibility();
  await asked.press('Unlink');
  await expect(told(page, 'Unlinked.')).toBeVisible();
  await expect(view.section.getByText('No linked accounts.')).toBeVisible();
  await expect(view.section.getByRole('heading', { level: 2 })).toBeFocused();

  await page.context().clearCookies();
  await goThrough(page, provider.label);
  await expect(alertsIn(page)).toContainText("That account isn't linked to an account here.");
});

test('the last way to sign in can not be removed', async ({ page, server, provokes, checkAccessibility }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  await goThrough(page, provider.label, '/login?redirect=%2Faccount%2Fidentities');
  const view = identitiesPage(page);
  await expect(view.entries).toHaveCount(1);
  provokes.status(409);
  await view.remove(provider.label).click();
  await dialog(page, `Unlink “${provider.label}”`).press('Unlink');
  await expect(alertsIn(view.section)).toHaveText("This is your only way to sign in. It can't be unlinked.");
  await expect(view.entries).toHaveCount(1);
  await checkAccessibility();
});

test('unlinking requires re-authentication', async ({ page, server, provokes }) => {
  await using provider = await OpenIdProvider.beside(server);
  await signIn(page, server);
  await link(page, provider.label);
  await server.ageProofs(11);
  provokes.status(403);
  await identitiesPage(page).remove(provider.label).click();
  await dialog(page, `Unlink “${provider.label}”`).press('Unlink');
  await proof(page).password.fill(server.password);
  await proof(page).submit.click();
  await expect(told(page, 'Unlinked.')).toBeVisible();
});

test('linking requires re-authentication', async ({ page, server, provokes, checkAccessibility }) => {
  await using provider = await OpenIdProvider.beside(server);
  await signIn(page, server);
  await openIdentities(page);
  await server.ageProofs(11);
  provokes.status(403);
  await identitiesPage(page).add(provider.label).click();
  await expect(proof(page).frame).toBeVisible();
  await checkAccessibility();
  // Cancelling shows an error.
  await proof(page).cancel.click();
  await expect(identitiesPage(page).told("Verify it's you first.")).toBeVisible();
  expect(provider.asked).toHaveLength(0);

  await identitiesPage(page).add(provider.label).click();
  await proof(page).password.fill(server.password);
  await proof(page).submit.click();
  await expect(identitiesPage(page).entries).toHaveCount(1);
  await expect(page).toHaveURL('/account/identities');
});

test('the address for linking asks for confirmation', async ({ page, server, checkAccessibility }) => {
  await using provider = await OpenIdProvider.beside(server);
  const address = `/auth/login/${provider.name}?link=1&redirect=%2Faccount%2Fidentities`;
  await page.goto(address);
  await running(page);
  await expect(alertsIn(page)).toHaveText("Verify it's you, then link the account again.");
  await expect(page, 'the return URL is kept').toHaveURL('/login?redirect=%2Faccount%2Fidentities');
  await checkAccessibility();
  await signInHere(page, server);
  await expect(identitiesPage(page).section.getByText('No linked accounts.')).toBeVisible();
  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'Link an account?' })).toBeVisible();
  await expect(page.getByText(`your ${provider.label} account`)).toBeVisible();
  await checkAccessibility();
  expect(provider.asked).toHaveLength(0);
  await page.getByRole('button', { name: 'Link account' }).click();
  await expect(identitiesPage(page).entries).toHaveCount(1);
  await expect(page).toHaveURL('/account/identities');
});

test('signing in never links an account', async ({ page, server }) => {
  await using provider = await OpenIdProvider.beside(server);
  const address = `/auth/login/${provider.name}?link=1&redirect=%2Fprojects`;
  await page.goto(`/login?redirect=${encodeURIComponent(address)}`);
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  await expect(page).toHaveURL('/');
  expect(provider.asked).toHaveLength(0);
});

test('an identity of another account is not linked, with an error', async ({ page, server }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS);
  await goThrough(page, provider.label);
  await expect(welcome(page, 'Grace Hopper')).toBeVisible();
  await page.context().clearCookies();
  await signIn(page, server);
  await openIdentities(page);
  await identitiesPage(page).add(provider.label).click();
  const sentence = 'That account is already linked to another account here.';
  await expect(identitiesPage(page).told(sentence)).toBeVisible();
  await expect(page).toHaveURL('/account/identities');
  await expect(identitiesPage(page).entries).toHaveCount(0);
});

test('a denial at the provider links nothing, with an error', async ({ page, server }) => {
  await using provider = await OpenIdProvider.beside(server);
  provider.refuses = true;
  await signIn(page, server);
  await openIdentities(page);
  await identitiesPage(page).add(provider.label).click();
  await expect(identitiesPage(page).told(SENTENCES.ACCESS_DENIED)).toBeVisible();
  await expect(page).toHaveURL('/account/identities');
  await expect(identitiesPage(page).section.getByText('No linked accounts.')).toBeVisible();
});

test('a link on another site links nothing', async ({ page, server, provokes }) => {
  await using provider = await OpenIdProvider.beside(server);
  await signIn(page, server);
  provokes.perhaps(/status of 40[34]/);
  const answer = await page.request.get(`/auth/login/${provider.name}?link=1`, {
    headers: { 'sec-fetch-site': 'cross-site' },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(403);
  expect(provider.asked).toHaveLength(0);
});

test('the provider that was used last comes first', async ({ page, server, checkAccessibility }) => {
  await using forge = await OAuth2Provider.beside(server, REGISTERS);
  await using provider = await OpenIdProvider.beside(server, REGISTERS, forge.settings({ label: 'The forge', ...REGISTERS }));
  const names = page.getByRole('link', { name: /^Continue with/ });
  await open(page, '/login');
  await expect(names).toHaveText(['Continue with The forge', 'Continue with Elsewhere']);
  await checkAccessibility();
  await providerLink(page, provider.label).click();
  await expect(welcome(page, 'Grace Hopper')).toBeVisible();
  await page.context().clearCookies({ name: /^doorstep_session/ });
  await open(page, '/login');
  await expect(names).toHaveText(['Continue with Elsewhere Last used', 'Continue with The forge']);
});

test('without passwords there are only providers', async ({ page, server, checkAccessibility }) => {
  await using provider = await OpenIdProvider.beside(server, REGISTERS, '[login]\npassword = false\n');
  await open(page, '/login');
  await expect(page.getByLabel('Password', { exact: true })).toBeHidden();
  await expect(page.getByText('or', { exact: true })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Forgot password?' })).toHaveCount(0);
  await checkAccessibility();
  await providerLink(page, provider.label).click();
  await expect(welcome(page, 'Grace Hopper')).toBeVisible();
});
