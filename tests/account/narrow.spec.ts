import { dialog, recoveryCodes, shownCodes } from '../support/account';
import { signInAnyhow } from '../support/account_scenes';
import { turnOnTotp } from '../support/authenticator';
import { ADDRESSES, broken, sideways } from '../support/fit';
import { open, signIn } from '../support/screens';
import { expect, test } from '../support/test';

for (const locale of ['en-US', 'de-DE', 'ru-RU', 'zh-CN']) {
  test.describe(locale, () => {
    test.use({ locale });

    test('in a narrow window no word of the settings is broken', async ({ page, server, provokes }) => {
      provokes.status(401);
      const { app } = await turnOnTotp(server);
      await signInAnyhow(page, server, await app.code());
      for (const width of [320, 360]) {
        await page.setViewportSize({ width, height: 720 });
        for (const address of ADDRESSES) {
          await open(page, address);
          await expect(page.locator('[aria-busy=true], .outline')).toHaveCount(0);
          expect(await broken(page), `${width} pixels, ${address}`).toEqual([]);
          expect(await sideways(page), `${width} pixels, ${address}`).toBe(0);
        }
      }
    });
  });
}

test('in a narrow window each recovery code is on one line', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await page.setViewportSize({ width: 360, height: 720 });
  await signInAnyhow(page, server, await app.code());
  await open(page, '/account/security');
  await recoveryCodes(page).renew.click();
  await dialog(page, 'Generate new recovery codes').press('Generate new codes');
  await shownCodes(page);
  for (const code of await recoveryCodes(page).codes.locator('code').all()) {
    expect(await code.evaluate((line) => line.getClientRects().length)).toBe(1);
  }
});

test('the tabs are scrolled to an end, not almost', async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 720 });
  await signIn(page, server);
  const strip = page.locator('.tabs .strip');
  const left = () => strip.evaluate(({ scrollLeft, scrollWidth, clientWidth }) => [scrollLeft, scrollWidth - clientWidth - scrollLeft]);
  await open(page, '/account/sessions');
  await expect.poll(async () => (await left())[0]).toBe(0);
  await open(page, '/account/devices');
  await expect.poll(async () => Math.round((await left())[1] ?? NaN)).toBe(0);
});
