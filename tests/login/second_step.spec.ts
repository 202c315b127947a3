import { Authenticator, turnOnTotp } from '../support/authenticator';
import { Client } from '../support/client';
import { hold, recordRequests } from '../support/network';
import { logOut, open, recoveryStage, signInForm, signInHere, totpStage, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('a code signs in once, submitted as soon as it is complete', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await open(page, '/login?redirect=%2Faccount%2Fsessions');
  await signInHere(page, server);
  const stage = totpStage(page);
  await expect(stage.code).toBeFocused();
  await expect(stage.code).toHaveAccessibleDescription(/Two‑factor authentication Enter the 6-digit code/);
  await expect(page).toHaveTitle('Two‑factor authentication – Doorstep');
  await checkAccessibility();

  const code = await app.code();
  const sent = recordRequests(page, '/api/auth/login');
  await stage.code.pressSequentially(`${code.slice(0, 3)} ${code.slice(3)}`);
  await expect(page, 'the return URL').toHaveURL('/account/sessions');
  await expect(page.getByRole('main')).toContainText('Password and verification code');
  expect(sent).toHaveLength(1);
  const body = sent[0]?.postDataJSON() as Record<string, unknown>;
  const given = Object.keys(body).filter((name) => body[name] !== null);
  expect(given.sort(), 'the password is not sent again').toEqual(['challenge', 'code']);
  expect(body['code']).toBe(code);

  await logOut(page);
  await signInHere(page, server);
  await stage.code.fill(code);
  await expect(stage.alert).toContainText('Incorrect or already used code.');
  await expect(stage.code).toHaveValue('');
  await expect(stage.code).toBeFocused();
  await expect(stage.code).toHaveAttribute('aria-invalid', 'true');
  await expect(stage.code).toHaveAccessibleDescription(/Incorrect or already used code./);
  await checkAccessibility();
  await stage.code.fill(await app.code());
  await expect(welcome(page)).toBeVisible();
  for (const secret of [app.secret, code]) expect(server.log).not.toContain(secret);
});

test('signing in with a code needs no Tab key', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await open(page, '/login');
  const form = signInForm(page);
  await form.username.fill(server.username);
  await form.password.focus();
  await page.keyboard.type(server.password);
  await page.keyboard.press('Enter');
  await expect(totpStage(page).code).toBeFocused();
  await page.keyboard.type(await app.code());
  await expect(welcome(page)).toBeVisible();
});

test('dashes are ignored, and a pasted code is sent once', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await open(page, '/login');
  await signInHere(page, server);
  const stage = totpStage(page);
  await expect(stage.heading).toBeVisible();
  const sent = recordRequests(page, '/api/auth/login');
  const answer = await hold(page, '**/api/auth/login');
  const code = await app.code();
  await stage.code.fill(` ${code.slice(0, 3)}-${code.slice(3)} `);
  await stage.code.press('Enter');
  await stage.code.press('Enter');
  await expect(stage.submit).toHaveText('Signing in…');
  await expect(stage.submit).toHaveAttribute('aria-disabled', 'true');
  await stage.submit.click({ force: true });
  answer.release();
  await expect(welcome(page)).toBeVisible();
  expect(sent).toHaveLength(1);
  expect(sent[0]?.postDataJSON()).toMatchObject({ code });
});

test('an incomplete code shows an error without a request', async ({ page, server, provokes }) => {
  provokes.status(401);
  await turnOnTotp(server);
  await open(page, '/login');
  await signInHere(page, server);
  const stage = totpStage(page);
  await expect(stage.heading).toBeVisible();
  const sent = recordRequests(page, '/api/auth/login');
  for (const typed of ['', '12345', '12345a', '1234567']) {
    await stage.code.fill(typed);
    await stage.submit.click();
    await expect(stage.alert).toHaveText('Enter the 6-digit verification code.');
    await expect(stage.code).toBeFocused();
    await expect(stage.code).toHaveAttribute('aria-invalid', 'true');
  }
  expect(sent).toHaveLength(0);
});

test('each stage clears its predecessor, moves the focus and changes the title', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await open(page, '/login?redirect=%2Faccount%2Fsessions');
  await signInHere(page, server);
  const [totp, recovery] = [totpStage(page), recoveryStage(page)];
  await totp.code.fill('12345');
  await totp.useRecovery.click();
  await expect(recovery.code).toBeFocused();
  await expect(recovery.code).toHaveAccessibleDescription(/Use a recovery code Enter one of your recovery codes/);
  await expect(page).toHaveTitle('Use a recovery code – Doorstep');
  await expect(recovery.code).toHaveValue('');
  await checkAccessibility();

  await recovery.code.fill('half of a code');
  await recovery.useApp.click();
  await expect(totp.code).toBeFocused();
  await expect(page).toHaveTitle('Two‑factor authentication – Doorstep');
  await expect(totp.code).toHaveValue('');

  await totp.useRecovery.click();
  await expect(recovery.code).toHaveValue('');
  await recovery.back.click();
  const form = signInForm(page);
  await expect(form.username).toBeFocused();
  await expect(page).toHaveTitle('Sign in – Doorstep');
  await expect(form.username, 'the username is kept').toHaveValue('admin');
  await expect(form.password).toHaveValue('');

  await form.password.fill(server.password);
  await form.submit.click();
  await totp.code.fill(await app.code());
  await expect(page).toHaveURL('/account/sessions');
  await expect(page.getByRole('heading', { level: 1, name: 'Account settings' })).toBeVisible();
});

test('after five wrong codes the sign-in starts again, with an error', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.status(401);
  await server.configure('[limits]\nsign_in_free_failures = 100\n');
  const { app } = await turnOnTotp(server);
  await open(page, '/login?redirect=%2Faccount%2Fsessions');
  await signInHere(page, server);
  const [stage, form] = [totpStage(page), signInForm(page)];
  for (let attempt = 0; attempt < 5; attempt++) {
    await stage.code.fill(await app.wrongCode());
    await expect(stage.alert).toContainText('Incorrect or already used code.');
    await expect(stage.code).toHaveValue('');
  }
  await stage.code.fill(await app.code());
  await expect(form.alert).toHaveText('This sign‑in has expired. Start again.');
  await expect(form.username).toHaveValue('admin');
  await expect(form.username).toBeFocused();
  await checkAccessibility();

  await form.password.fill(server.password);
  await form.submit.click();
  await stage.code.fill(await app.code());
  await expect(page).toHaveURL('/account/sessions');
  await expect(page.getByRole('heading', { level: 1, name: 'Account settings' })).toBeVisible();
});

test('an expired challenge restarts the sign-in, also with a recovery code', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app, codes } = await turnOnTotp(server);
  await open(page, '/login?redirect=%2Faccount%2Fsessions');
  await signInHere(page, server);
  await totpStage(page).useRecovery.click();
  await recoveryStage(page).code.fill(codes[0] ?? '');
  await server.expireSignIns();
  await recoveryStage(page).submit.click();
  await expect(signInForm(page).alert).toHaveText('This sign‑in has expired. Start again.');
  await signInForm(page).password.fill(server.password);
  await signInForm(page).submit.click();
  await totpStage(page).code.fill(await app.code());
  await expect(page).toHaveURL('/account/sessions');
});

test('too many wrong codes are limited, with a countdown', async ({ page, server, provokes }) => {
  provokes.status(401);
  provokes.status(429);
  await server.configure('[limits]\nsign_in_free_failures = 3\n');
  const { app } = await turnOnTotp(server);
  await open(page, '/login');
  await signInHere(page, server);
  const stage = totpStage(page);
  for (let attempt = 0; attempt < 3; attempt++) {
    await stage.code.fill(await app.wrongCode());
    await expect(stage.code).toHaveValue('');
  }
  const code = await app.codeOf(0);
  await stage.code.fill(code);
  await expect(stage.alert).toHaveText('Too many attempts. Wait, then try again.');
  await expect(page.getByRole('button', { name: /^Wait \d+:\d\d$/ })).toHaveAttribute('aria-disabled', 'true');
  await expect(stage.code, 'it was not checked').toHaveValue(code);
});

test('of two concurrent sign-ins with one code, exactly one succeeds', async ({ server }) => {
  const { app } = await turnOnTotp(server);
  const clients = Array.from({ length: 8 }, () => new Client(server));
  const challenges = await Promise.all(clients.map((client) => client.challenge()));
  const code = await app.code();
  const answers = await Promise.all(
    clients.map((client, index) => client.post('/api/auth/login', { challenge: challenges[index], code })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const { code: told } of answers.filter(({ status }) => status !== 200)) {
    expect(['invalid_code', 'rate_limited']).toContain(told);
  }
});

test('codes of neighbouring steps are valid, but none before a used one', async ({
  server,
}) => {
  await server.configure('[limits]\nsign_in_free_failures = 100\n');
  const { app } = await turnOnTotp(server);
  // So that the step does not end during the test.
  await expect.poll(() => Date.now() % 30_000, { timeout: 35_000, intervals: [100] }).toBeLessThan(10_000);
  const now = Authenticator.now();
  const signIn = async (step: number) => {
    const client = new Client(server);
    const [challenge, code] = [await client.challenge(), await app.codeOf(step)];
    return (await client.post('/api/auth/login', { challenge, code })).code;
  };
  expect(await signIn(now + 2)).toBe('invalid_code');
  expect(await signIn(now - 2)).toBe('invalid_code');
  expect(await signIn(now + 1)).toBeNull();
  for (const step of [now + 1, now, now - 1]) expect(await signIn(step), 'used, or before a used one').toBe('invalid_code');
});

test('a trusted browser skips the second step', async ({ page, server, provokes, browser }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await open(page, '/login');
  await signInHere(page, server);
  const stage = totpStage(page);
  await expect(stage.code).toBeFocused();
  const [trust, field] = [(await stage.trust.boundingBox())!, (await stage.code.boundingBox())!];
  expect(trust.y, 'above the field, whose last digit submits').toBeLessThan(field.y);
  await stage.trust.check();
  await stage.code.fill(await app.code());
  await expect(welcome(page)).toBeVisible();
  const cookie = (await page.context().cookies()).find(({ name }) => name.includes('trust'));
  expect(cookie).toMatchObject({ httpOnly: true, path: '/api/auth', sameSite: 'Lax' });
  expect((cookie?.expires ?? 0) - Date.now() / 1000, '30 days').toBeGreaterThan(29.9 * 86_400);

  await logOut(page);
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();

  const elsewhere = await (await browser.newContext({ baseURL: server.url })).newPage();
  await open(elsewhere, '/login');
  await signInHere(elsewhere, server);
  await expect(totpStage(elsewhere).heading, 'not another browser').toBeVisible();
  await elsewhere.context().close();
});

test('the fields of the second step have the attributes for password managers', async ({ page, server, provokes }) => {
  provokes.status(401);
  await turnOnTotp(server);
  await open(page, '/login');
  await signInHere(page, server);
  const [totp, recovery] = [totpStage(page), recoveryStage(page)];
  await expect(totp.code).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(totp.code).toHaveAttribute('inputmode', 'numeric');
  await totp.useRecovery.click();
  await expect(recovery.code).toHaveAttribute('autocomplete', 'off');
  await expect(recovery.code, 'it contains letters').not.toHaveAttribute('inputmode');
  await expect(recovery.code).toHaveAttribute('autocapitalize', 'none');
  for (const field of [recovery.code, totp.code]) {
    await expect(field).toHaveAttribute('id', 'code');
    await expect(field).toHaveAttribute('name', 'code');
    await expect(field).toHaveAttribute('type', 'text');
    await expect(field).not.toHaveAttribute('maxlength');
    await recovery.useApp.or(totp.useRecovery).click();
  }
});

test('a short outage of the server loses no code', async ({ page, server, provokes }) => {
  provokes.status(401);
  provokes.networkFailure();
  const { app } = await turnOnTotp(server);
  await open(page, '/login');
  await signInHere(page, server);
  const stage = totpStage(page);
  await page.route('**/api/auth/login', (route) => route.abort('connectionfailed'), { times: 1 });
  const code = await app.code();
  await stage.code.fill(code);
  await expect(stage.alert).toContainText("The server can't be reached.");
  await expect(stage.code).toHaveValue(code);
  await stage.submit.click();
  await expect(welcome(page)).toBeVisible();
});

test('Back returns to the first step with the username, and not from the page after it', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await open(page, '/device');
  await open(page, '/login');
  await signInHere(page, server);
  const [form, stage] = [signInForm(page), totpStage(page)];
  await expect(stage.code).toBeFocused();
  await page.goBack();
  await expect(form.heading).toBeVisible();
  await expect(form.username).toHaveValue(server.username);
  await expect(form.password).toHaveValue('');
  await page.goForward();
  await expect(form.heading, 'the challenge is gone').toBeVisible();

  await signInHere(page, server);
  await stage.useRecovery.click();
  await expect(recoveryStage(page).code).toBeFocused();
  await page.goBack();
  await expect(form.heading).toBeVisible();

  await signInHere(page, server);
  await stage.back.click();
  await expect(form.heading).toBeVisible();
  await signInHere(page, server);
  await stage.code.fill(await app.code());
  await expect(welcome(page)).toBeVisible();
  await page.goBack();
  await expect(page, 'the page before the sign-in').toHaveURL('/device');
});
