import { type Locator, type Page, expect } from '@playwright/test';

/** Why the focus is not visible; `null` if it is. */
const fault = (page: Page): Promise<string | null> =>
  page.evaluate(async () => {
    // After the browser has scrolled it into view.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const element = document.activeElement;
    if (!element || element === document.body) return 'the focus is nowhere';
    const what = element.outerHTML.slice(0, 200);
    // The outline of a row's link is around the row.
    const outlines = ['', '::after'].map((part) => getComputedStyle(element, part));
    const isOutlined = outlines.some(
      ({ outlineStyle, outlineWidth, outlineColor }) =>
        outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && outlineColor !== 'rgba(0, 0, 0, 0)',
    );
    if (!isOutlined) return `no outline: ${what}`;
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return `out of sight: ${what}`;
    const there = document.elementFromPoint(x, y);
    // A press on a row or label counts for its link or field.
    const isFree = there !== null && (element.contains(there) || element.closest('tr, label')?.contains(there));
    return isFree ? null : `behind ${there?.outerHTML.slice(0, 100)}: ${what}`;
  });

/** Presses the Tab key until the target has the focus, which must be visible at each step. */
export async function tabTo(page: Page, target: Locator, most: number, key = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; !(await isThere()); presses += 1) {
    if (presses === most) throw new Error(`${most} presses of ${key} do not reach ${String(target)}`);
    await page.keyboard.press(key);
    expect(await fault(page)).toBeNull();
  }
  expect(await fault(page)).toBeNull();
}

/** The same, and presses the link or button. */
export async function tabAndPress(page: Page, target: Locator, most: number, key = 'Tab'): Promise<void> {
  await tabTo(page, target, most, key);
  await page.keyboard.press('Enter');
}
