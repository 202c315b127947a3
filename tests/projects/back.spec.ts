import type { Page } from '@playwright/test';

import { expect, test } from '../support/test';
import { open, signIn } from '../support/screens';
import { hold } from '../support/network';
import { listPage, seedProjects } from '../support/workspace';

/** Waits for this many frames. */
const framesPass = (page: Page, count: number) =>
  page.evaluate(async (left) => {
    for (; left > 0; left--) await new Promise(requestAnimationFrame);
  }, count);

test('Back restores the scroll position of a list', async ({ page, server }) => {
  await seedProjects(server, 60);
  await signIn(page, server);
  await open(page, '/projects');
  const list = listPage(page, 'Projects');
  await expect(list.rows).toHaveCount(50);
  const link = list.rows.nth(40).getByRole('link');
  await link.scrollIntoViewIfNeeded();
  const where = await page.evaluate(() => window.scrollY);
  expect(where).toBeGreaterThan(500);
  await link.click();
  await expect(page).toHaveURL(/\/projects\/[0-9a-f-]{36}$/);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
  // The list is loaded after the browser has tried to restore the position.
  const answer = await hold(page, '**/api/projects?*');
  await page.goBack();
  await expect(list.heading).toBeVisible();
  await framesPass(page, 150);
  answer.release();
  await expect(list.rows).toHaveCount(50);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(where);
  // A new visit starts at the top.
  await page.evaluate(() => window.scrollTo(0, 0));
  await list.rows.nth(0).getByRole('link').click();
  await page.getByRole('main').getByRole('link', { name: 'Projects' }).click();
  await expect(list.rows).toHaveCount(50);
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
});
