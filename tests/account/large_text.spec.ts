import config from '../playwright.config';
import { signInAnyhow } from '../support/account_scenes';
import { turnOnTotp } from '../support/authenticator';
import { ADDRESSES, sideways } from '../support/fit';
import { open } from '../support/screens';
import { expect, test } from '../support/test';

const { launchOptions } = config.use ?? {};

test.use({
  locale: 'de-DE',
  launchOptions: { ...launchOptions, args: [...(launchOptions?.args ?? []), '--blink-settings=defaultFontSize=32'] },
});

test('with text of twice the size no page of the settings scrolls sideways, and buttons have one line', async ({ page, server, provokes }) => {
  provokes.status(401);
  const { app } = await turnOnTotp(server);
  await page.setViewportSize({ width: 360, height: 720 });
  await signInAnyhow(page, server, await app.code());
  for (const address of ['/', ...ADDRESSES]) {
    await open(page, address);
    await expect(page.locator('[aria-busy=true], .outline')).toHaveCount(0);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('32px');
    expect(await sideways(page), address).toBe(0);
  }
  await open(page, '/account/security');
  const lines = await page.getByRole('button', { name: 'Deaktivieren' }).evaluate((button) => {
    const label = document.createRange();
    label.selectNodeContents(button);
    return new Set([...label.getClientRects()].map(({ top }) => top)).size;
  });
  expect(lines).toBe(1);
});
