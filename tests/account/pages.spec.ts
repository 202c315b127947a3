import { accountMenu, open, signIn, signInForm, signInHere } from '../support/screens';
import { expect, test } from '../support/test';

const PAGES = [
  ['Profile', '/account'],
  ['Security', '/account/security'],
  ['Sessions', '/account/sessions'],
] as const;

test('each account page is a link away, has a title of its own, and takes the focus', async ({ page, server }) => {
  await signIn(page, server);
  await open(page, '/account');
  const links = page.getByRole('navigation', { name: 'Account settings' });
  const heading = page.getByRole('heading', { level: 1 });
  for (const [name, path] of [...PAGES].reverse()) {
    await links.getByRole('link', { name, exact: true }).click();
    await expect(page).toHaveURL(path);
    await expect(heading).toHaveText(name);
    await expect(heading).toBeFocused();
    await expect(page).toHaveTitle(`${name} – Doorstep`);
    await expect(links.locator('[aria-current=page]')).toHaveText(name);
  }
  await page.goBack();
  await expect(heading).toHaveText('Security');
  await expect(heading).toBeFocused();
});

test('the menu leads to each, and closes', async ({ page, server }) => {
  await signIn(page, server);
  const names = ['Account settings', 'Security', 'Sessions'];
  for (const [index, [title, path]] of PAGES.entries()) {
    await accountMenu(page).button.press('Enter');
    // A menu that has just opened puts the focus there.
    await expect(accountMenu(page).items.first()).toBeFocused();
    await page.getByRole('menuitem', { name: names[index] ?? '', exact: true }).press('Enter');
    await expect(page).toHaveURL(path);
    await expect(accountMenu(page).logOut).toBeHidden();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeFocused();
  }
});

for (const [name, path] of PAGES) {
  test(`whoever is not signed in gets to ${path} by signing in`, async ({ page, server }) => {
    await page.goto(path);
    await expect(signInForm(page).heading).toBeVisible();
    await expect(page).toHaveURL(`/login?redirect=${encodeURIComponent(path)}`);
    await signInHere(page, server);
    await expect(page).toHaveURL(path);
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  });
}
