import type { Locator, Page } from '@playwright/test';

import { accountMenu, askWhoIs, sessionToken, signIn, signInForm } from '../support/screens';
import { expect, test } from '../support/test';

test('the menu is operated by the keyboard', async ({
  page,
  server,
  checkAccessibility,
}) => {
  await signIn(page, server);
  const token = (await sessionToken(page)) ?? '';
  const menu = accountMenu(page);
  await menu.button.focus();
  await expect(menu.button).toHaveAttribute('aria-haspopup', 'menu');
  await expect(menu.button).toHaveAttribute('aria-expanded', 'false');

  await page.keyboard.press('Enter');
  await expect(menu.button).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByRole('menu')).toBeVisible();
  await expect(menu.items.first()).toBeFocused();
  await expect(page.getByText('Operator', { exact: true }).first()).toBeVisible();
  await checkAccessibility();

  await page.keyboard.press('End');
  await expect(menu.items.last()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(menu.items.first(), 'it wraps around').toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(menu.items.last()).toBeFocused();
  await page.keyboard.press('Home');
  await expect(menu.items.first()).toBeFocused();

  await page.keyboard.press('Escape');
  await expect(menu.logOut).toBeHidden();
  await expect(menu.button).toBeFocused();
  await expect(menu.button).toHaveAttribute('aria-expanded', 'false');

  await page.keyboard.press('Enter');
  await walkTo(page, menu.logOut);
  await page.keyboard.press('Enter');
  await expect(signInForm(page).heading).toBeVisible();
  await expect(page).toHaveURL('/login');
  await expect(menu.button).toHaveCount(0);
  // The page does not wait for the answer.
  await expect.poll(() => askWhoIs(server, token)).toEqual({ status: 401, code: 'unauthenticated' });
  await expect.poll(() => sessionToken(page)).toBeUndefined();
});

test('keys work before the toggle event of the menu', async ({ page, server }) => {
  await signIn(page, server);
  const menu = accountMenu(page);
  await menu.button.focus();
  const press = async (key: string) =>
    menu.button.evaluate((button: HTMLElement, key) => {
      // In one task: the toggle event comes in a later one.
      button.click();
      button.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }, key);
  await press('End');
  await expect(menu.items.last()).toBeFocused();
  await expect(menu.button).toHaveAttribute('aria-expanded', 'true');
  await expect(menu.items.last(), 'opening does not move the focus again').toBeFocused();
  await page.keyboard.press('Escape');
  await press('ArrowUp');
  await expect(menu.items.last()).toBeFocused();
});

test('the arrow keys open the menu', async ({ page, server }) => {
  await signIn(page, server);
  const menu = accountMenu(page);
  await menu.button.press('ArrowDown');
  await expect(menu.items.first()).toBeFocused();
  await page.keyboard.press('Escape');
  await menu.button.press('ArrowUp');
  await expect(menu.items.last()).toBeFocused();
  await page.keyboard.press('Escape');
  await menu.button.press('Space');
  await expect(menu.items.first()).toBeFocused();
});

test('a press outside and Tab close the menu', async ({ page, server }) => {
  await signIn(page, server);
  const menu = accountMenu(page);
  await menu.button.click();
  await expect(menu.logOut).toBeVisible();
  await page.mouse.click(20, 500);
  await expect(menu.logOut).toBeHidden();
  await menu.button.click();
  await expect(menu.items.first()).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(menu.logOut).toBeHidden();
});

test('Sign out is visible in a low window, and the left and right arrow keys work', async ({ page, server }) => {
  await signIn(page, server);
  const menu = accountMenu(page);
  for (const [width, height] of [
    [1120, 600],
    [360, 400],
  ] as const) {
    await page.setViewportSize({ width, height });
    await menu.button.press('ArrowDown');
    await expect(menu.items.first()).toBeFocused();
    await expect(menu.logOut).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('menuitemradio', { name: 'System' })).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('menuitemradio', { name: 'Light' })).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByRole('menuitemradio', { name: 'System' })).toBeFocused();
    await page.keyboard.press('Escape');
  }
});

/** Moves by the arrow keys, at most one round. */
async function walkTo(page: Page, item: Locator): Promise<void> {
  await expect(page.locator('[role^=menuitem]:focus')).toHaveCount(1);
  const count = await accountMenu(page).items.count();
  for (let step = 0; step < count && !(await item.evaluate((node) => node === document.activeElement)); step++) {
    await page.keyboard.press('ArrowDown');
  }
  await expect(item).toBeFocused();
}
