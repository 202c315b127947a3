import { openSecurity, recoveryCodes, twoFactor } from '../support/account';
import { turnOnTotp, useUp } from '../support/authenticator';
import { accountMenu, logOut, open, recoveryStage, signInHere, signInWithCode, totpStage, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('a recovery code signs in once, in any format, and leaves two-factor authentication on', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.status(401);
  const { app, codes: [code = ''] } = await turnOnTotp(server);
  await open(page, '/login?redirect=%2Faccount%2Fsecurity');
  await signInHere(page, server);
  await totpStage(page).useRecovery.click();
  const stage = recoveryStage(page);
  await stage.submit.click();
  await expect(stage.alert).toHaveText('Enter a recovery code.');
  await expect(stage.code).toBeFocused();
  await stage.code.fill('no-such-code-there-is');
  await stage.submit.click();
  await expect(stage.alert, 'without "next one"').toHaveText('Incorrect or already used recovery code. Try another one.');
  await expect(stage.code).toHaveValue('');
  await expect(stage.code).toBeFocused();
  await expect(stage.code).toHaveAttribute('aria-invalid', 'true');
  await checkAccessibility();

  await stage.code.fill(` ${code.toUpperCase().replaceAll('-', ' ')} `);
  await stage.submit.click();
  await expect(page).toHaveURL('/account/security');
  await expect(twoFactor(page).state).toHaveText('On');
  await expect(recoveryCodes(page).left(9)).toBeVisible();
  expect(server.log).not.toContain(code);

  await logOut(page);
  await signInHere(page, server);
  await totpStage(page).useRecovery.click();
  await stage.code.fill(code);
  await stage.submit.click();
  await expect(stage.alert, 'not a second time').toContainText('Incorrect or already used recovery code.');
  await stage.useApp.click();
  await totpStage(page).code.fill(await app.code());
  await expect(welcome(page)).toBeVisible();
});

test('the last two recovery codes have a warning in header, home page and settings', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.status(401);
  const { app, codes } = await turnOnTotp(server);
  await useUp(server, codes.slice(0, 7));
  await signInWithCode(page, server, await app.code());
  const menu = accountMenu(page);
  await menu.button.click();
  await expect(menu.logOut).toBeVisible();
  await expect(page.getByText('3 recovery codes left.'), 'enough').toHaveCount(0);
  await expect(menu.button).toHaveAccessibleDescription('');
  await page.keyboard.press('Escape');

  await useUp(server, codes.slice(7, 8));
  await page.reload();
  await expect(menu.button).toHaveAccessibleDescription('Few codes left');
  await expect(page.getByRole('main')).toContainText('2 recovery codes left.');
  await checkAccessibility();
  await menu.button.click();
  const left = (text: string) => page.getByRole('menuitem', { name: text }).evaluate((item) => {
    const range = document.createRange();
    range.selectNodeContents([...item.childNodes].findLast((node) => node.nodeType === Node.TEXT_NODE && node.textContent !== '') ?? item);
    return range.getBoundingClientRect().left;
  });
  expect(await left('2 recovery codes left.'), 'aligned with the other items').toBeCloseTo(await left('Account settings'), 0);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 320, height: 640 });
  const [brand, button] = [await page.locator('.header .brand').boundingBox(), await menu.button.boundingBox()];
  expect(button?.y, 'the account button is beside the brand').toBeLessThan((brand?.y ?? 0) + (brand?.height ?? 0));
  await page.getByRole('link', { name: 'Generate new codes' }).click();
  await expect(page).toHaveURL('/account/security');
  await expect(recoveryCodes(page).left(2)).toBeVisible();
  await expect(page.getByRole('main').getByText('Few codes left')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Generate new codes' }), 'said once').toHaveCount(0);
  await checkAccessibility();
});

test('new codes replace the old ones', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  const { app, codes: [old = ''] } = await turnOnTotp(server);
  await signInWithCode(page, server, await app.code());
  await openSecurity(page);
  const section = recoveryCodes(page);
  await section.renew.click();
  const asked = page.getByRole('dialog', { name: 'Generate new recovery codes' });
  await expect(asked).toContainText('The old ones stop working');
  await checkAccessibility();
  await page.keyboard.press('Escape');
  await expect(asked).toBeHidden();
  await expect(section.renew).toBeFocused();
  await section.renew.click();
  await asked.getByRole('button', { name: 'Generate new codes' }).click();
  await expect(section.codes).toHaveCount(10);
  await expect(section.heading).toBeFocused();
  const [fresh = ''] = await section.codes.allTextContents();
  expect(fresh).not.toBe(old);
  await section.kept.click();
  await expect(section.left(10)).toBeVisible();

  await logOut(page);
  await signInHere(page, server);
  await totpStage(page).useRecovery.click();
  const stage = recoveryStage(page);
  await stage.code.fill(old);
  await stage.submit.click();
  await expect(stage.alert).toContainText('Incorrect or already used recovery code.');
  await stage.code.fill(fresh);
  await stage.submit.click();
  await expect(welcome(page)).toBeVisible();
});
