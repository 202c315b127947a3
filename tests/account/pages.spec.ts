import { accountMenu, open, signIn, signInForm, signInHere } from '../support/screens';
import { expect, test } from '../support/test';

const PAGES = [
  ['Profile', '/account'],
  ['Security', '/account/security'],
  ['Sessions', '/account/sessions'],
] as const;

test('each account page has a link, a title and a heading, which gets the focus', async ({ page, server }) => {
  await signIn(page, server);
  await open(page, '/account');
  const links = page.getByRole('navigation', { name: 'Account settings' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account settings');
  const heading = (name: string) => page.getByRole('heading', { level: 2, name, exact: true });
  await expect(heading('Profile'), 'a first load does not move the focus').not.toBeFocused();
  for (const [name, path] of [...PAGES].reverse()) {
    await links.getByRole('link', { name, exact: true }).click();
    await expect(page).toHaveURL(path);
    await expect(heading(name)).toBeFocused();
    await expect(page).toHaveTitle(`${name} – Doorstep`);
    await expect(links.locator('[aria-current=page]')).toHaveText(name);
  }
  await page.goBack();
  await expect(heading('Security')).toBeFocused();
});

test('the menu links to the account pages, and closes', async ({ page, server }) => {
  await signIn(page, server);
  await accountMenu(page).button.press('Enter');
  // The menu moves the focus there when it opens.
  await expect(accountMenu(page).items.first()).toBeFocused();
  await page.getByRole('menuitem', { name: 'Account settings', exact: true }).press('Enter');
  await expect(page).toHaveURL('/account');
  await expect(accountMenu(page).logOut).toBeHidden();
  await expect(page.getByRole('heading', { level: 2, name: 'Profile', exact: true })).toBeFocused();
});

for (const [name, path] of PAGES) {
  test(`${path} needs a sign-in, which returns to it`, async ({ page, server }) => {
    await page.goto(path);
    await expect(signInForm(page).heading).toBeVisible();
    await expect(page).toHaveURL(`/login?redirect=${encodeURIComponent(path)}`);
    await signInHere(page, server);
    await expect(page).toHaveURL(path);
    await expect(page.getByRole('heading', { level: 2, name, exact: true })).toBeVisible();
  });
}

test('the links are a column beside the page, and a scrolling row on narrow screens', async ({ page, server }) => {
  await signIn(page, server);
  await open(page, '/account/identities');
  const links = page.getByRole('navigation', { name: 'Account settings' });
  const panel = page.getByRole('region', { name: 'Linked accounts', exact: true });
  const measure = async () => {
    const [rail, content] = [await links.boundingBox(), await panel.boundingBox()];
    if (!rail || !content) throw new Error('not on the page');
    return { rail, content };
  };
  await page.setViewportSize({ width: 1120, height: 700 });
  const wide = await measure();
  expect(wide.rail.x + wide.rail.width).toBeLessThan(wide.content.x);
  expect(wide.rail.width).toBeLessThanOrEqual(13 * 16);
  expect(wide.content.width).toBeLessThanOrEqual(40 * 16);
  await page.setViewportSize({ width: 360, height: 720 });
  const narrow = await measure();
  expect(narrow.rail.y + narrow.rail.height).toBeLessThan(narrow.content.y);
  expect(narrow.rail.height).toBeLessThan(56);
  await expect(links.getByRole('link')).toHaveCount(5);
});
