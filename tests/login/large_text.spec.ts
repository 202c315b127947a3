import type { Page } from '@playwright/test';

import { turnOnTotp } from '../support/authenticator';
import { Device } from '../support/device';
import { open } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';
import config from '../playwright.config';

// The browser's own setting, which widens the breakpoints too (WCAG 1.4.4, 1.4.10).
const { launchOptions } = config.use ?? {};
test.use({
  launchOptions: { ...launchOptions, args: [...(launchOptions?.args ?? []), '--blink-settings=defaultFontSize=32'] },
  viewport: { width: 360, height: 720 },
});

/** Expects text of twice the size, no sideways scrolling, and nothing that is broken into letters. */
async function isReadable(page: Page, screen: string): Promise<void> {
  const found = await page.evaluate(() => {
    const root = document.documentElement;
    /** The lines of an element's text. */
    const lines = (element: Element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const tops = [...range.getClientRects()].filter(({ width }) => width > 1).map(({ bottom }) => Math.round(bottom / 8));
      return new Set(tops).size;
    };
    const whole = [...document.querySelectorAll('main :is(.user-code, .equal .button, .button.primary, label[for])')];
    const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true });
    const words = (element: Element) => (element.textContent ?? '').trim().split(/[\s\u00ad-]+/u).length;
    return {
      size: getComputedStyle(root).fontSize,
      beside: root.scrollWidth - root.clientWidth,
      broken: whole.filter((element) => isShown(element) && lines(element) > words(element)).map((element) => element.textContent),
    };
  });
  expect(found, screen).toEqual({ size: '32px', beside: 0, broken: [] });
}

for (const locale of ['en-US', 'de-DE', 'ru-RU', 'zh-CN']) {
  test.describe(`with text of twice the size in ${locale}`, () => {
    test.use({ locale });

    test('signing in needs no sideways scrolling', async ({ page, server, provokes }) => {
      await turnOnTotp(server);
      provokes.status(401);
      await open(page, '/login');
      await isReadable(page, 'login');
      await expect(page.locator('#password-toggle svg'), 'icons grow too').toHaveCSS('width', '40px');
      await page.locator('#username').fill(server.username);
      await page.locator('#password').fill(server.password);
      await page.keyboard.press('Enter');
      await expect(page.locator('#code')).toBeFocused();
      await isReadable(page, 'second step');
    });

    test('a device is authorized without sideways scrolling', async ({ page, server }) => {
      await signInAnywhere(page, server);
      const device = await Device.asks(server, { label: 'the desk' });
      await open(page, '/device');
      await isReadable(page, 'entry');
      const field = page.locator('#user-code');
      const width = await field.evaluate((input) => {
        const style = getComputedStyle(input);
        const canvas = document.createElement('canvas').getContext('2d')!;
        canvas.font = style.font;
        canvas.letterSpacing = style.letterSpacing;
        return canvas.measureText('MMMM-MMMM').width - input.clientWidth;
      });
      expect(width, 'all nine characters fit').toBeLessThanOrEqual(0);
      await field.fill(device.code);
      await page.keyboard.press('Enter');
      await expect(page.locator('.user-code')).toHaveText(device.code);
      await isReadable(page, 'decision');
      const code = (await page.locator('.user-code span').first().boundingBox())!;
      expect(code.width, 'four letters beside each other').toBeGreaterThan(2 * code.height);
    });
  });
}

/** Signs in, whatever the language. */
async function signInAnywhere(page: Page, server: Server): Promise<void> {
  await open(page, '/login');
  await page.locator('#username').fill(server.username);
  await page.locator('#password').fill(server.password);
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(/login/);
  await expect(page.locator('html[data-running] h1')).toBeVisible();
}
