import type { Page } from '@playwright/test';

import { Device, authorizeView, chooserView, endView, enter, entryView, halves } from '../support/device';
import { cut, hold, recordRequests } from '../support/network';
import { open, running, section, signIn } from '../support/screens';
import { expect, test } from '../support/test';

/** Opens a page without loading the WebAssembly, and records layout shifts. */
async function openWithoutApp(page: Page, address = '/device'): Promise<{ release: () => void }> {
  const held = await hold(page, '**/*.wasm');
  await page.addInitScript(() => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: { node: Node }[] })[]) {
        shifts.push(`${entry.value}: ${entry.sources.map(({ node }) => node?.nodeName).join(', ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(address, { waitUntil: 'domcontentloaded' });
  return held;
}

/** The recorded layout shifts. */
const moved = (page: Page) =>
  page.evaluate(async () => {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return (window as unknown as { shifts: string[] }).shifts;
  });

test('the app adopts the painted field with text, caret and focus', async ({
  page,
  checkAccessibility,
}) => {
  const app = await openWithoutApp(page);
  const { code, heading } = entryView(page);
  await expect(page).toHaveTitle('Authorize a device – Doorstep');
  await expect(heading).toBeVisible();
  await expect(code).toBeFocused();
  await expect(code, 'the accessible description').toHaveAccessibleDescription(/will ask you for it\.$/);
  await checkAccessibility();
  await page.keyboard.type('bcdghj');
  for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowLeft');
  const nodes = page.locator('main form, main input');
  await nodes.evaluateAll((all) => all.forEach((node) => Object.assign(node, { painted: true })));

  app.release();
  await running(page);
  await expect(code).toBeFocused();
  await expect(code, 'not yet normalized').toHaveValue('bcdghj');
  await page.keyboard.type('f');
  await expect(code, 'the caret has not moved').toHaveValue('BCDF-GHJ');
  await page.keyboard.press('End');
  await page.keyboard.type('k');
  await expect(code).toHaveValue('BCDF-GHJK');
  expect(await nodes.evaluateAll((all) => all.map((node) => 'painted' in node))).toEqual([true, true]);
  expect(await moved(page)).toEqual([]);
  await checkAccessibility();
});

test('the app does not move the focus', async ({ page }) => {
  const app = await openWithoutApp(page);
  await entryView(page).submit.focus();
  app.release();
  await running(page);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await expect(entryView(page).submit).toBeFocused();
});

test('an early submit is carried out once', async ({ page, server }) => {
  const device = await Device.asks(server);
  const sent = recordRequests(page, '/v1/oauth/device/lookup');
  const app = await openWithoutApp(page);
  await expect(entryView(page).code).toBeFocused();
  await page.keyboard.type(device.code.toLowerCase());
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/device');
  expect(sent).toHaveLength(0);
  app.release();
  await expect(chooserView(page).heading).toBeVisible();
  expect(sent).toHaveLength(1);
  // The field is a copy of its template, and empty.
  await chooserView(page).otherCode.click();
  await expect(entryView(page).code).toHaveValue('');
  await expect(entryView(page).code).toBeFocused();
  await expect(page.locator('main form')).toHaveCount(1);
  await enter(page, device.code);
  await expect(chooserView(page).heading).toBeVisible();
});

test('an early submit without a code shows an error', async ({ page }) => {
  const app = await openWithoutApp(page);
  await expect(entryView(page).code).toBeFocused();
  await page.keyboard.press('Enter');
  app.release();
  await expect(entryView(page).alert).toHaveText('Enter all eight letters of the code.');
  await expect(entryView(page).code).toBeFocused();
});

test('the first half of a code in a link is painted, and the second one is typed', async ({ page, server }) => {
  const device = await Device.asks(server);
  const app = await openWithoutApp(page, device.link);
  const [first, second] = halves(device.code);
  const view = entryView(page);
  await expect(view.code).toHaveValue(first);
  await expect(view.half).toBeVisible();
  await expect(view.whole, 'only one instruction is shown').toBeHidden();
  await expect(view.code).toBeFocused();
  await page.keyboard.type(second.slice(0, 2));
  app.release();
  await running(page);
  await expect(page).toHaveURL('/device');
  await page.keyboard.type(second.slice(2));
  await expect(view.code).toHaveValue(device.code);
  expect(await moved(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(chooserView(page).heading).toBeVisible();
});

test('the app keeps a field that the user has cleared', async ({ page, server }) => {
  const device = await Device.asks(server);
  const app = await openWithoutApp(page, device.link);
  await entryView(page).code.fill('');
  app.release();
  await running(page);
  await expect(entryView(page).code).toHaveValue('');
});

test('header and field are painted for a signed-in user, and nothing moves', async ({
  page,
  server,
  checkAccessibility,
}) => {
  const device = await Device.asks(server);
  await signIn(page, server);
  const app = await openWithoutApp(page);
  await expect(section(page, 'Projects')).toBeVisible();
  await checkAccessibility();
  await page.keyboard.type(device.code);
  app.release();
  await running(page);
  expect(await moved(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(authorizeView(page).code).toHaveText(device.code);
  // After a reload the outcome is shown, not the field.
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
  await page.unroute('**/*.wasm');
  const again = await hold(page, '**/*.wasm');
  await page.reload({ waitUntil: 'domcontentloaded' });
  await expect(endView(page).approved).toBeVisible();
  await expect(page.locator('main')).toContainText('Return to your device. You can close this page.');
  await expect(entryView(page).code).toHaveCount(0);
  await checkAccessibility();
  const before = await endView(page).approved.boundingBox();
  again.release();
  await running(page);
  await expect(endView(page).approved).toHaveCount(1);
  expect(await endView(page).approved.boundingBox()).toEqual(before);
  await endView(page).otherCode.click();
  await expect(entryView(page).code).toHaveValue('');
  await expect(page.locator('main form')).toHaveCount(1);
});

test('a reload shows the outcome, also without the app', async ({
  page,
  server,
  provokes,
  checkAccessibility,
}) => {
  provokes.networkFailure();
  provokes.perhaps(/was preloaded using link preload but not used|Failed to fetch/);
  const device = await Device.asks(server);
  await signIn(page, server);
  await open(page, '/device');
  await enter(page, device.code);
  await authorizeView(page).deny.click();
  await expect(endView(page).denied).toBeVisible();
  await cut(page, '**/*.wasm');
  await page.reload({ waitUntil: 'domcontentloaded' });
  await expect(endView(page).denied).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Part of the page did not load' })).toBeVisible();
  await expect(entryView(page).code).toHaveCount(0);
  await checkAccessibility();
});

for (const decision of ['allow', 'deny'] as const) {
  test(`the painted outcome looks like the drawn one, ${decision}`, async ({ page, server }) => {
    const device = await Device.asks(server);
    await signIn(page, server);
    await open(page, '/device');
    await enter(page, device.code);
    await authorizeView(page)[decision].click();
    const outcome = endView(page)[decision === 'allow' ? 'approved' : 'denied'];
    await expect(outcome).toBeVisible();
    const app = await hold(page, '**/*.wasm');
    await page.reload({ waitUntil: 'domcontentloaded' });
    await expect(outcome).toBeVisible();
    // Without buttons and links, which need the app.
    const card = () =>
      page.locator('main .card.device > :is(p, .device-title)').evaluateAll((parts) =>
        parts.map((part) => ({
          text: part.textContent?.trim(),
          tone: part.querySelector<HTMLElement>('.tile')?.dataset['tone'],
          picture: part.querySelector('path')?.getAttribute('d'),
        })),
      );
    const painted = await card();
    expect(painted.length).toBeGreaterThan(2);
    app.release();
    await running(page);
    await expect(page.getByRole('link', { name: 'Done' })).toBeVisible();
    expect(await card()).toEqual(painted);
  });
}

test('the field is copied from its template when the user comes from another page of the app', async ({ page, server }) => {
  await signIn(page, server);
  await page.getByRole('link', { name: 'Authorize a device' }).click();
  await expect(entryView(page).code).toBeFocused();
  await page.goBack();
  await expect(page.locator('main form')).toHaveCount(0);
  await page.goForward();
  await expect(entryView(page).code).toHaveCount(1);
});

for (const direction of ['ltr', 'rtl']) {
  test(`it fits in a narrow window, ${direction}`, async ({ page, checkAccessibility }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    const app = await openWithoutApp(page, '/device?user_code=BCDFGHJK');
    await page.evaluate((dir) => document.documentElement.setAttribute('dir', dir), direction);
    await expect(entryView(page).submit).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await checkAccessibility();
    app.release();
    await running(page);
  });
}

test('the field is removed on other pages of the app', async ({ page, server }) => {
  await signIn(page, server);
  await open(page, '/device');
  await section(page, 'Projects').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Projects' })).toBeVisible();
  await expect(page.locator('#device')).toHaveCount(0);
});
