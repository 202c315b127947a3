import {
  Device,
  authorizeView,
  chooserView,
  enter,
  entryView,
  follow,
  halves,
  leaveSeconds,
  lookUp,
} from '../support/device';
import { cut, recordRequests } from '../support/network';
import { open, signIn } from '../support/screens';
import { expect, test } from '../support/test';

const LOOKUP = '/v1/oauth/device/lookup';

test('the code is normalized while it is typed', async ({ page }) => {
  await open(page, '/device');
  const { code, heading } = entryView(page);
  await expect(page).toHaveTitle('Authorize a device – Doorstep');
  await expect(heading).not.toBeFocused();
  for (const [typed, shown] of [
    ['bcd', 'BCD'],
    ['bcdfg', 'BCDF-G'],
    ['bcdf ghjk', 'BCDF-GHJK'],
    [' b c d f g h j k ', 'BCDF-GHJK'],
    ['bcdf–ghjk', 'BCDF-GHJK'],
    ['bcdf—ghjk', 'BCDF-GHJK'],
    ['bcdf−ghjk', 'BCDF-GHJK'],
    ['bcdf\u00a0\u2011ghjk', 'BCDF-GHJK'],
    ['a1bécdf_g.h!jk0', 'BCDF-GHJK'],
    ['BCDFGHJKLMNP', 'BCDF-GHJK'],
    ['http://127.0.0.1:8080/device?user_code=BCDF-GHJK', 'BCDF-GHJK'],
    ['https://login.example.org/device?x=1&user_code=bcdfghjk#top', 'BCDF-GHJK'],
    ['aeiou 12345', ''],
  ] as const) {
    await code.fill(typed);
    await expect(code, `from ${JSON.stringify(typed)}`).toHaveValue(shown);
  }
});

// The field is all there is to do; and a user who was asked to open the page is warned of phishing.
test('the empty field has the focus, and the page warns of phishing', async ({ page, server }) => {
  await open(page, '/device');
  const view = entryView(page);
  await expect(view.code).toBeFocused();
  await expect(view.neverAsked).toBeVisible();
  await expect(view.half).toBeHidden();
  await expect(view.code).toHaveAccessibleDescription(/^\s*Enter the code shown on your device\. .*will ask you for it\.$/);
  const device = await Device.asks(server);
  await follow(page, device.link, device.code);
  await expect(view.code, 'the second half is to be typed').toBeFocused();
  await expect(view.code).toHaveAccessibleDescription(/^\s*Enter the second half .* close this page\.$/);
  await page.keyboard.type(halves(device.code)[1]);
  await expect(view.code).toHaveValue(device.code);
});

const paths = (requests: { url(): string }[]) => requests.map((request) => new URL(request.url()).pathname);

// The request of a pending code needs no look-up before.
test('the code of a signed-in user is requested once', async ({ page, server, provokes }) => {
  provokes.status(404);
  const device = await Device.asks(server);
  await signIn(page, server);
  await open(page, '/device');
  const sent = recordRequests(page);
  await enter(page, device.code);
  await expect(authorizeView(page).code).toHaveText(device.code);
  expect(paths(sent)).toEqual(['/console/api/oauth/device/context']);
  await page.reload();
  await expect(authorizeView(page).code, 'it survives a reload').toHaveText(device.code);
  await authorizeView(page).otherCode.click();
  await enter(page, 'BBBB-BBBB');
  await expect(entryView(page).alert).toContainText('Incorrect, expired, or already used code.');
});

test('typing key by key gives the same code, with the caret at its end', async ({ page }) => {
  await open(page, '/device');
  const { code } = entryView(page);
  await code.pressSequentially('bc-df gh1jk');
  await expect(code).toHaveValue('BCDF-GHJK');
  await code.press('Backspace');
  await code.press('Backspace');
  await code.press('l');
  await code.press('m');
  await expect(code).toHaveValue('BCDF-GHLM');
});

test('the field has the attributes for a code of letters', async ({ page }) => {
  await open(page, '/device');
  const { code } = entryView(page);
  await expect(code).toHaveAttribute('autocomplete', 'off');
  await expect(code).toHaveAttribute('autocapitalize', 'characters');
  await expect(code).toHaveAttribute('spellcheck', 'false');
  await expect(code).toHaveAttribute('type', 'text');
  await expect(code).not.toHaveAttribute('maxlength');
  expect(await code.evaluate((field) => getComputedStyle(field).fontFamily)).toMatch(/mono/i);
});

test('an incomplete code shows an error without a request', async ({ page, checkAccessibility }) => {
  await open(page, '/device');
  const view = entryView(page);
  const sent = recordRequests(page, LOOKUP);
  for (const typed of ['', 'BCDF-GHJ']) {
    await view.code.fill(typed);
    await view.code.press('Enter');
    await expect(view.alert).toHaveText('Enter all eight letters of the code.');
    await expect(view.code).toBeFocused();
    await expect(view.code).toHaveAttribute('aria-invalid', 'true');
    await expect(view.code).toHaveAccessibleDescription(/^Enter all eight letters of the code\. /);
  }
  await checkAccessibility();
  expect(sent).toHaveLength(0);
});

test('a wrong code shows an error and stays in the field', async ({ page, server, checkAccessibility }) => {
  const device = await Device.asks(server);
  await open(page, '/device');
  const view = entryView(page);
  await enter(page, 'BBBB-BBBB');
  await expect(view.alert).toHaveText('Incorrect, expired, or already used code. Check it, or get a new one on your device.');
  await expect(view.code).toHaveValue('BBBB-BBBB');
  await expect(view.code).toBeFocused();
  await expect(view.code).toHaveAttribute('aria-invalid', 'true');
  await checkAccessibility();
  await enter(page, device.code);
  await expect(chooserView(page).heading).toBeVisible();
});

test('an expired code is answered like an unknown one', async ({ page, server, provokes }) => {
  provokes.status(404);
  const device = await Device.asks(server);
  await leaveSeconds(server, -1);
  await signIn(page, server);
  await lookUp(page, device);
  await expect(entryView(page).alert).toContainText('Incorrect, expired, or already used code.');
});

test('a short outage of the server loses no code', async ({ page, server, provokes }) => {
  provokes.networkFailure();
  const device = await Device.asks(server);
  await open(page, '/device');
  await cut(page, `**${LOOKUP}**`);
  await enter(page, device.code);
  const view = entryView(page);
  await expect(view.alert).toContainText("The server can't be reached.");
  await expect(view.code).toHaveValue(device.code);
  await page.unroute(`**${LOOKUP}**`);
  await view.submit.click();
  await expect(chooserView(page).heading).toBeVisible();
});

test('too many look-ups are limited, with a countdown', async ({ page, server, provokes, checkAccessibility }) => {
  await server.configure('[limits]\ndevice_lookup_per_5_minutes = 3\n');
  provokes.status(429);
  await open(page, '/device');
  const view = entryView(page);
  for (const code of ['BBBB-BBBB', 'CCCC-CCCC', 'DDDD-DDDD']) {
    await enter(page, code);
    await expect(view.alert).toContainText('Incorrect, expired, or already used code.');
    await expect(view.submit).not.toHaveAttribute('aria-disabled', 'true');
  }
  await enter(page, 'FFFF-FFFF');
  await expect(view.alert).toHaveText('Too many attempts. Wait, then try again.');
  await expect(view.wait).toHaveAttribute('aria-disabled', 'true');
  const before = (await view.wait.textContent()) ?? '';
  await expect(view.wait).not.toHaveText(before);
  await expect(view.code, 'the field keeps its value').toHaveValue('FFFF-FFFF');
  await checkAccessibility();
});

test('wrong codes of an address are counted over all endpoints, and limit the right one too', async ({
  page,
  server,
  provokes,
}) => {
  await server.configure('[limits]\nwrong_user_codes_per_5_minutes = 2\n');
  provokes.status(404);
  provokes.status(429);
  const device = await Device.asks(server);
  await signIn(page, server);
  await open(page, '/device');
  const view = entryView(page);
  for (const code of ['BBBB-BBBB', 'CCCC-CCCC']) {
    await enter(page, code);
    await expect(view.alert).toContainText('Incorrect, expired, or already used code.');
  }
  await enter(page, device.code);
  await expect(view.wait).toBeVisible();
  await expect(authorizeView(page).allow).toHaveCount(0);
});

test('the page shows when device authorization is turned off', async ({ page, server, provokes, checkAccessibility }) => {
  await server.configure('[device]\nenabled = false\n');
  provokes.status(503);
  await open(page, '/device');
  const view = entryView(page);
  await enter(page, 'BCDF-GHJK');
  await expect(view.alert).toHaveText('Device authorization is turned off on this server.');
  await expect(view.code).toHaveValue('BCDF-GHJK');
  await checkAccessibility();
});
