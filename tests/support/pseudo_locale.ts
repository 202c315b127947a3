import type { Page } from '@playwright/test';

/**
 * Has the app speak a language that is written from right to left: the words of its table between brackets, and the direction
 * of the document. A sentence that was put together in code would stand between several pairs of brackets.
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
