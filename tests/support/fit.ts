import type { Page } from '@playwright/test';

/** The account settings. */
export const ADDRESSES = ['/account', '/account/security', '/account/sessions', '/account/devices'];

/** Words (of letters) of the page that are broken over two lines, and small buttons with more than one line. */
export const broken = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const lines = (range: Range) => new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
    const texts = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      if (!text.parentElement?.checkVisibility()) continue;
      const content = text.textContent ?? '';
      const words = text.parentElement.closest('.button.small') === null ? content.matchAll(/[\p{Script=Latin}\p{Script=Cyrillic}\p{N}]+/gu) : content.matchAll(/.+/gu);
      for (const { index, 0: word } of words) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        if (lines(range).size > 1) found.push(word);
      }
    }
    return found;
  });

/** How far the page scrolls sideways. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
