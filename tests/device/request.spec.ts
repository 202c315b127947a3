import { proof } from '../support/account';
import {
  Device,
  ageRequests,
  authorizeView,
  chooserView,
  endView,
  followAndType,
  lookUp,
  openRequest,
} from '../support/device';
import { recordRequests } from '../support/network';
import { signIn, signInHere } from '../support/screens';
import { expect, test } from '../support/test';

const PROXY = 'trusted_proxies = ["127.0.0.1/32"]\n';

test('all facts about the request are shown', async ({ page, server }) => {
  await server.configure(`${PROXY}[[device.clients]]\nid = "our-tool"\nname = "Our <b>tool</b>"\n`);
  const device = await Device.asks(server, {
    client: 'our-tool',
    label: '<img src=x onerror=alert(1)> “me”',
    from: '198.51.100.7',
    userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) our-tool/1.0',
  });
  await ageRequests(server, 3);
  await signIn(page, server);
  await openRequest(page, device);
  const view = authorizeView(page);
  await expect(view.card).toContainText('Signed in as admin (admin@localhost).');
  await expect(view.heading).toHaveText('Authorize Our <b>tool</b>?');
  await expect(view.fact('Device name (reported by the device)')).toHaveText('“<img src=x onerror=alert(1)> “me””');
  await expect(view.card.locator('img, b')).toHaveCount(0);
  await expect(view.card).toContainText('Check that your device shows this code.');
  await expect(view.fact('IP address')).toHaveText('198.51.100.7');
  await expect(view.fact('System')).toContainText('macOS');
  await expect(view.fact('Requested')).toHaveText('3 minutes ago');
  await expect(view.permissions).toHaveText(['Act with full access to your account']);
  await expect(view.terms).toHaveText([/^Access ends \w+ \d+(, 20\d\d)? \(14 days\)\.$/]);
  await expect(view.warning).toContainText('No one from Doorstep will ask you to.');
  await expect(view.left).toHaveText(/ 1[0-4]:\d\d$/);
  const before = (await view.left.textContent()) ?? '';
  await expect(view.left, 'the remaining time counts down').not.toHaveText(before);
  const left = async () => Number(await view.progress.getAttribute('value'));
  await expect(view.progress).toHaveAttribute('max', '900');
  const earlier = await left();
  expect(earlier).toBeGreaterThan(600);
  await expect.poll(left).toBeLessThan(earlier);
});

test('an unknown application is marked', async ({ page, server, checkAccessibility }) => {
  await server.configure('[[device.clients]]\nid = "our-tool"\nname = "Our tool"\n');
  const device = await Device.asks(server, { client: 'our-tool' });
  await server.configure('');
  await signIn(page, server);
  await openRequest(page, device);
  const view = authorizeView(page);
  await expect(view.heading).toHaveText('Authorize our-tool?');
  await expect(view.unknown).toBeVisible();
  await expect(view.fact('Device name (reported by the device)'), 'none was reported').toHaveCount(0);
  await checkAccessibility();
});

test("a request from another network needs the confirmation that the device is the user's own", async ({
  page,
  server,
  checkAccessibility,
}) => {
  await server.configure(PROXY);
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': '192.0.2.10' });
  await signIn(page, server);
  const view = authorizeView(page);
  await openRequest(page, await Device.asks(server, { from: '192.0.2.77' }));
  await expect(view.allow).toBeVisible();
  await expect(view.fact('IP address')).toHaveText(/^192\.0\.2\.77\s*Same network$/);
  await expect(view.warning).toBeVisible();
  await expect(view.elsewhere).toHaveCount(0);
  await expect(view.own).toHaveCount(0);

  const device = await Device.asks(server, { from: '198.51.100.7' });
  await followAndType(page, device.link, device.code);
  await expect(view.elsewhere).toBeVisible();
  await expect(view.warning).toBeVisible();
  await expect(view.fact('IP address')).toHaveText('198.51.100.7');
  await expect(view.own).not.toBeChecked();
  await expect(view.own).not.toBeFocused();

  const sent = recordRequests(page, '/console/api/oauth/device/approve');
  for (const press of ['the first', 'another']) {
    await view.allow.click();
    await expect(view.own, `${press} press`).toBeFocused();
    await expect(view.own).toHaveAccessibleDescription('Confirm that you started this on your own device.');
    await expect(view.own).toHaveAttribute('aria-invalid', 'true');
  }
  await expect(view.alert).toHaveText('Confirm that you started this on your own device.');
  await expect(view.own, 'marked by more than a colour').toHaveCSS('border-top-width', '2px');
  expect(await view.alert.evaluate((alert) => getComputedStyle(alert, '::before').content)).toContain('×');
  await checkAccessibility();
  await page.keyboard.press('Enter');
  expect(sent).toHaveLength(0);
  expect(await device.refusal()).toBe('authorization_pending');

  await page.keyboard.press('Space');
  await expect(view.own).toBeChecked();
  await expect(view.alert).toHaveCount(0);
  await page.keyboard.press('Enter');
  expect(sent, 'Enter approves nothing').toHaveLength(0);
  await view.allow.click();
  await expect(endView(page).approved).toBeVisible();
  expect(sent).toHaveLength(1);
});

test('the page shows that a token is replaced, and when the new one expires', async ({ page, server }) => {
  await server.configure('[device]\ntoken_days = 1\n');
  await signIn(page, server);
  const view = authorizeView(page);
  for (const before of [[], ['It replaces the earlier access of this device.']]) {
    const device = await Device.asks(server, { label: 'the desk' });
    await openRequest(page, device);
    await expect(view.terms.first()).toHaveText(/^Access ends \w+ \d+(, 20\d\d)? \(1 day\)\.$/);
    await expect(view.terms).toHaveText([/./, ...before]);
    const until = /ends (.*) \(/.exec(await view.terms.first().innerText())?.[1] ?? '';
    await view.allow.click();
    await expect(endView(page).fact('Access until')).toHaveText(until);
    await device.token();
    await endView(page).otherCode.click();
  }
});

// Within five minutes, not twelve hours: another person may have made the request.
test('a request from another network requires authentication within five minutes', async ({
  page,
  server,
  provokes,
}) => {
  provokes.status(403);
  await server.configure(PROXY);
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': '192.0.2.10' });
  await signIn(page, server);
  await server.ageProofs(6);
  const [view, asked] = [authorizeView(page), proof(page)];
  const near = await Device.asks(server, { from: '192.0.2.77' });
  await openRequest(page, near);
  await view.allow.click();
  await expect(endView(page).approved).toBeVisible();

  const far = await Device.asks(server, { from: '198.51.100.7' });
  await openRequest(page, far);
  await view.own.check();
  await view.allow.click();
  await expect(asked.password).toBeFocused();
  expect(await far.refusal()).toBe('authorization_pending');
  await asked.password.fill(server.password);
  await asked.submit.click();
  await expect(endView(page).approved).toBeFocused();
  await far.token();
});

// The sign-in app has no dialog for it: the page is reloaded with the dashboard.
test('the sign-in app reloads as the dashboard for re-authentication', async ({ page, server, provokes }) => {
  provokes.status(403);
  await server.configure(PROXY);
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': '192.0.2.10' });
  const device = await Device.asks(server, { from: '198.51.100.7' });
  await lookUp(page, device);
  await chooserView(page).signIn.click();
  await signInHere(page, server);
  const view = authorizeView(page);
  await view.own.check();
  await server.ageProofs(6);
  await view.allow.click();
  await expect(view.own, 'the page was reloaded').not.toBeChecked();
  await expect(view.code).toHaveText(device.code);
  await view.own.check();
  await view.allow.click();
  await proof(page).password.fill(server.password);
  await proof(page).submit.click();
  await expect(endView(page).approved).toBeVisible();
});

test('a request from another network is denied without confirmation', async ({ page, server }) => {
  await server.configure(PROXY);
  const device = await Device.asks(server, { from: '198.51.100.7' });
  await signIn(page, server);
  await openRequest(page, device);
  await authorizeView(page).deny.click();
  await expect(endView(page).denied).toBeVisible();
  expect(await device.refusal()).toBe('access_denied');
});

// The buttons and the facts for the decision are visible without scrolling.
test('on a phone all but the list of facts is visible without scrolling', async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 720 });
  await signIn(page, server);
  await openRequest(page, await Device.asks(server, { label: 'the desk' }));
  const view = authorizeView(page);
  const edge = (await view.left.boundingBox())!.y;
  for (const part of [view.heading, view.notYou, view.code, view.warning, view.permissions.last()]) {
    const { y, height } = (await part.boundingBox())!;
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y + height).toBeLessThanOrEqual(edge);
  }
  for (const button of [view.deny, view.allow]) {
    const { y, height } = (await button.boundingBox())!;
    expect(y + height).toBeLessThanOrEqual(720);
    expect(height).toBeGreaterThanOrEqual(40);
  }
  await view.otherCode.focus();
  const { y, height } = (await view.otherCode.boundingBox())!;
  expect(y + height, 'the focused element is visible').toBeLessThanOrEqual(720);
});
