import type { Page } from '@playwright/test';

import { proof, twoFactor } from '../support/account';
import { pseudoLocale } from '../support/pseudo_locale';
import { open, signIn } from '../support/screens';
import { expect, test } from '../support/test';
import { Workspace } from '../support/workspace';

/** Elements whose text was concatenated from several translations. */
const glued = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('body *:not(script)')]
      .map((element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent))
      .map((texts) => texts.join(''))
      .filter((text) => /[^.!?]\].*\[/.test(text)),
  );

/** Elements outside of the window, or wider than their container. */
const overflowing = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const scrolls = (element: Element): boolean => {
      const parent = element.parentElement;
      return parent !== null && (getComputedStyle(parent).overflowX !== 'visible' || scrolls(parent));
    };
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.checkVisibility() && !element.matches('.visually-hidden, .skip') && !scrolls(element))
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 1 && (left < -1 || right > window.innerWidth + 1);
      })
      .map((element) => `${element.tagName}.${element.className}`);
  });

for (const width of [320, 1120]) {
  test(`from right to left, every page fits in a window of ${width} pixels`, async ({ page, server, checkAccessibility }) => {
    const workspace = await Workspace.of(server);
    const client = await workspace.client('Ada');
    const project = await workspace.project('The bridge', { client_id: client, summary: 'Of stone.' });
    await workspace.write(project, 'See https://example.org:\n- one\n- two');
    await page.setViewportSize({ width, height: 720 });
    await signIn(page, server);
    await pseudoLocale(page);
    const addresses = ['/', '/account', '/account/security', '/account/sessions', '/account/devices', '/projects', project];
    for (const address of [...addresses, '/clients', `/clients/${client}`, '/audit', '/device']) {
      await open(page, address);
      await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
      expect(await overflowing(page), address).toEqual([]);
      expect(await glued(page), address).toEqual([]);
      await checkAccessibility();
    }
  });
}

test('in forced colours the current page and the current choice are marked', async ({ page, server, checkAccessibility }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await signIn(page, server);
  await open(page, '/projects');
  const here = page.locator('.nav [aria-current=page]');
  await expect(here).toHaveCSS('text-decoration-line', 'underline');
  const elsewhere = page.locator('.nav a:not([aria-current])').first();
  await expect(elsewhere).toHaveCSS('text-decoration-line', 'none');
  const background = (name: string) =>
    page.getByRole('button', { name }).first().evaluate((button) => getComputedStyle(button).backgroundColor);
  expect(await background('New project'), 'the main button').not.toBe(await background('Account menu of admin'));
  await checkAccessibility();
});

test('a printed page has no controls, and names the account', async ({ page, server }) => {
  const project = await (await Workspace.of(server)).project('The bridge', { summary: 'Of stone.' });
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn(page, server);
  await open(page, project);
  await expect(page.getByText('Of stone.')).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByText(/^Printed by admin, /)).toBeVisible();
  await expect(page.getByText('Of stone.')).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  await expect(page.locator('html')).toHaveCSS('color', 'rgb(26, 31, 29)');
  for (const part of ['html', '.header', '.panel']) {
    await expect(page.locator(part).first(), 'no tint').toHaveCSS('background-color', 'rgb(255, 255, 255)');
  }
  await open(page, '/account/sessions');
  await expect(page.getByText('This session').first()).toBeVisible();
  await expect(page.locator('summary').first(), 'it opens nothing on paper').toBeHidden();
});

test('at 360 pixels the current section and setting are visible', async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 720 });
  await signIn(page, server);
  for (const [address, strip] of [
    ['/audit', '.nav'],
    ['/account/identities', '.tabs'],
    ['/account/devices', '.tabs'],
  ] as const) {
    await open(page, address);
    const here = page.locator(`${strip} [aria-current=page]`);
    await expect(here).toBeInViewport({ ratio: 0.9 });
    // Also after the window has become narrow.
    await page.setViewportSize({ width: 1120, height: 720 });
    await page.locator(`${strip} .strip`).evaluate((strip) => strip.scrollTo({ left: 0 }));
    await page.setViewportSize({ width: 360, height: 720 });
    await expect(here).toBeInViewport({ ratio: 0.9 });
  }
  await open(page, '/account/sessions');
  const next = page.locator('.tabs').getByRole('link', { name: 'Devices' });
  await expect(next, 'so are the ones beside it').toBeInViewport({ ratio: 0.9 });
});

test('fields are as high as the button, and the choices in the footer are in line', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 720 });
  await open(page, '/login');
  const heights = await page.locator('main :is(input, .button)').evaluateAll((parts) => parts.map((part) => part.clientHeight));
  expect(new Set(heights).size, String(heights)).toBe(1);
  const edges = (part: string) =>
    page.locator(`.preferences ${part}`).evaluateAll((parts) => parts.map((part) => Math.round(part.getBoundingClientRect().left)));
  for (const part of ['label', 'select']) expect(new Set(await edges(part)).size, part).toBe(1);
});

test('at 360 pixels a dialog has the margin of a page', async ({ page, server, provokes }) => {
  provokes.status(403);
  await page.setViewportSize({ width: 360, height: 720 });
  await signIn(page, server);
  await server.ageProofs(11);
  await open(page, '/account/security');
  await twoFactor(page).turnOn.click();
  await expect(proof(page).frame).toBeVisible();
  const { x, width } = (await proof(page).frame.boundingBox())!;
  expect([x, width]).toEqual([16, 328]);
});
