import type { Page } from '@playwright/test';

/**
 * Switches the app to a right-to-left pseudo-language: all texts in brackets, and the direction
 * of the document. A sentence that was concatenated in code would have several pairs of brackets.
 */
export async function pseudoLocale(page: Page): Promise<void> {
  await page.route('**/words-*.json', async (route) => {
    const words = (await (await route.fetch()).json()) as string[];
    await route.fulfill({ json: words.map((word) => (word === '' ? '' : `[${word}]`)) });
  });
  await page.addInitScript(() => {
    const turn = () => {
      const html = document.documentElement as HTMLElement | null;
      if (html !== null && html.dir !== 'rtl') html.dir = 'rtl';
    };
    new MutationObserver(turn).observe(document, { attributes: true, attributeFilter: ['dir'], childList: true, subtree: true });
  });
}
