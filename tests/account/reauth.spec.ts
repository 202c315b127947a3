import { alertsIn } from '../support/alerts';
import { dialog, openSecurity, proof, told, twoFactor } from '../support/account';
import { turnOnTotp } from '../support/authenticator';
import { recordRequests } from '../support/network';
import { open, sessionToken, signIn, signInWithCode } from '../support/screens';
import { expect, test } from '../support/test';

test('a request that requires re-authentication asks for it, and is repeated', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  await signIn(page, server);
  const before = await sessionToken(page);
  await openSecurity(page);
  await server.ageProofs(11);
  provokes.status(403);
  const [section, asked] = [twoFactor(page), proof(page)];
  await section.turnOn.click();
  await expect(asked.frame).toBeVisible();
  await expect(asked.frame).toContainText('This is required to turn on two‑factor authentication.');
  await expect(asked.password).toBeFocused();
  await expect(asked.password).toHaveAttribute('autocomplete', 'current-password');
  await expect(asked.frame.locator('input[autocomplete=username]')).toHaveValue('admin');
  await checkAccessibility();

  await asked.submit.click();
  await expect(asked.alert).toHaveText('Enter your password.');
  provokes.status(401);
  await asked.password.fill('not the password');
  await asked.submit.click();
  await expect(asked.alert).toHaveText('Incorrect password.');
  await expect(asked.password).toHaveValue('');
  await expect(asked.password).toBeFocused();
  await expect(asked.password).toHaveAttribute('aria-invalid', 'true');
  await checkAccessibility();

  const setups = recordRequests(page, '/api/auth/totp/setup');
  await asked.password.fill(server.password);
  await asked.password.press('Enter');
  await expect(asked.frame).toBeHidden();
  await expect(section.picture).toBeVisible();
  await expect(section.title).toBeFocused();
  expect(setups).toHaveLength(1);
  expect(await sessionToken(page), 'the session has a new token').not.toBe(before);
  await expect(asked.password, 'the page keeps no password').toHaveCount(0);
});

test('cancelling re-authentication leaves the page as it was, with an error', async ({ page, server, provokes }) => {
  await signIn(page, server);
  await openSecurity(page);
  await server.ageProofs(11);
  provokes.status(403);
  const [section, asked] = [twoFactor(page), proof(page)];
  const again = section.steps.getByRole('button', { name: 'Try again' });
  await section.turnOn.click();
  for (const leave of [() => asked.cancel.click(), () => page.keyboard.press('Escape')]) {
    await asked.password.fill('half a pass');
    await leave();
    await expect(asked.frame).toBeHidden();
    await expect(section.refused).toHaveText("Verify it's you first.");
    await expect(section.picture).toHaveCount(0);
    await again.click();
  }
  await expect(asked.password, 'the field is empty').toHaveValue('');
  await asked.password.fill(server.password);
  await asked.submit.click();
  await expect(section.picture).toBeVisible();
  await expect(again, 'the earlier error is gone').toHaveCount(0);
});

test('the dialog to turn off two-factor authentication waits behind re-authentication', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  provokes.status(403);
  const { app } = await turnOnTotp(server);
  await signInWithCode(page, server, await app.code());
  await openSecurity(page);
  await server.ageProofs(11);
  const [beneath, asked] = [dialog(page, 'Turn off'), proof(page)];
  await twoFactor(page).turnOff.click();
  const code = beneath.frame.getByLabel('Verification code or recovery code');
  await code.fill(await app.code());
  await beneath.press('Turn off');
  await expect(asked.password).toBeFocused();
  await checkAccessibility();
  await asked.password.fill(server.password);
  await asked.submit.click();
  await expect(told(page, 'Two‑factor authentication is off.')).toBeVisible();
  await expect(asked.frame).toBeHidden();
  await expect(beneath.frame).toBeHidden();
});

test('a change of email is sent after re-authentication, and the field keeps its value without', async ({
  page,
  server,
  provokes,
}) => {
  await signIn(page, server);
  await open(page, '/account');
  await server.ageProofs(11);
  provokes.status(403);
  const asked = proof(page);
  const email = page.getByLabel('Email');
  await email.fill('ada@example.org');
  await page.getByRole('button', { name: 'Save' }).click();
  await asked.cancel.click();
  await expect(alertsIn(page).filter({ hasText: "Verify it's you first." })).toBeVisible();
  await expect(email).toHaveValue('ada@example.org');
  await page.getByRole('button', { name: 'Save' }).click();
  await asked.password.fill(server.password);
  await asked.submit.click();
  await expect(told(page, 'Saved. Confirmation link sent.')).toBeVisible();
});
