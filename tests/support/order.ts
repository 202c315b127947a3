import type { Page } from '@playwright/test';

/** Links, buttons and fields that are seen before a sibling that the Tab key reaches earlier (WCAG 2.4.3). */
export const outOfOrder = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const isReordered = (parent: Element | null) =>
      parent !== null && !['', 'normal', undefined].includes(Reflect.get(getComputedStyle(parent), 'readingFlow'));
    const isBefore = (element: Element, earlier: Element) => {
      const [a, b] = [element.getBoundingClientRect(), earlier.getBoundingClientRect()];
      if (a.bottom <= b.top) return true;
      if (a.top >= b.bottom) return false;
      return getComputedStyle(earlier).direction === 'rtl' ? a.left >= b.right : a.right <= b.left;
    };
    const reached = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(
      (element) => element.checkVisibility({ visibilityProperty: true }) && element.closest('[inert]') === null,
    );
    return reached
      .filter((element, index) => {
        const earlier = reached[index - 1];
        const parent = element.parentElement;
        return earlier?.parentElement === parent && !isReordered(parent) && isBefore(element, earlier);
      })
      .map((element) => element.outerHTML.slice(0, 200));
  });
