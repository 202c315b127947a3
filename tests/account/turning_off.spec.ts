import { dialog, openSecurity, told, twoFactor } from '../support/account';
import { turnOnTotp } from '../support/authenticator';
import { mailTo } from '../support/mails';
import { logOut, signInHere, signInWithCode, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('turning two-factor authentication off requires a code', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await signInWithCode(page, server, await app.code());
  await openSecurity(page);
  const section = twoFactor(page);
  const asked = dialog(page, 'Turn off');
  const code = asked.frame.getByLabel('Verification code or recovery code');
  await section.turnOff.click();
  await expect(code).toBeFocused();
  await expect(code).toHaveAttribute('autocomplete', 'off');
  await checkAccessibility();
  await asked.press('Turn off');
  await expect(asked.alert).toHaveText('Enter a verification code or a recovery code.');
  await expect(code).toBeFocused();

  await code.fill(await app.wrongCode());
  await asked.press('Turn off');
  await expect(asked.alert).toHaveText('Incorrect or already used code. Enter another one.');
  await expect(code).toHaveValue('');
  await expect(code).toBeFocused();
  await expect(code).toHaveAttribute('aria-invalid', 'true');
  await checkAccessibility();

  await code.fill('half a code');
  await page.keyboard.press('Escape');
  await expect(asked.frame).toBeHidden();
  await expect(section.turnOff).toBeFocused();
  await expect(section.state).toHaveText('On');
  await section.turnOff.click();
  await expect(code, 'a closed dialog keeps no values').toHaveValue('');
  await expect(asked.alert).toBeHidden();

  await code.fill(await app.code());
  await code.press('Enter');
  await expect(asked.frame).toBeHidden();
  await expect(told(page, 'Two‑factor authentication is off. You are signed out everywhere else.')).toBeVisible();
  await expect(section.state).toHaveText('Off');
  await expect(section.heading).toBeFocused();
  await mailTo(server, 'admin@localhost', 'Two-factor authentication was turned off for your Doorstep account');

  await logOut(page);
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
});

test('it can be turned off with a recovery code', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app, codes } = await turnOnTotp(server);
  await signInWithCode(page, server, await app.code());
  await openSecurity(page);
  const asked = dialog(page, 'Turn off');
  await twoFactor(page).turnOff.click();
  await asked.frame.getByLabel('Verification code or recovery code').fill(codes[0] ?? '');
  await asked.press('Turn off');
  await expect(told(page, 'Two‑factor authentication is off.')).toBeVisible();
});

test('an operator can turn it off on the command line', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await signInWithCode(page, server, await app.code());
  const done = JSON.parse(await server.command(['user', 'reset-totp', 'admin', '--json'])) as object;
  expect(JSON.stringify(done)).toContain('"username":"admin"');
  await page.goto('/account/security');
  await expect(page, "the account's sessions have ended").toHaveURL('/login?redirect=%2Faccount%2Fsecurity');
  await signInHere(page, server);
  await expect(page).toHaveURL('/account/security');
  await expect(twoFactor(page).state).toHaveText('Off');
  const mail = await mailTo(server, 'admin@localhost', 'Two-factor authentication was turned off for your Doorstep account');
  expect(mail.text).toContain('An operator (on the server)');
});
