import type { Page } from '@playwright/test';

import { turnOnTotp } from '../support/authenticator';
import { brokenWords } from '../support/broken_words';
import { Client } from '../support/client';
import { Device } from '../support/device';
import { Office, preview } from '../support/portal';
import { running } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';
import { Workspace } from '../support/workspace';

/** Phones, a small and a large screen; the text twice as large as a browser's setting makes it. */
const SCREENS = [
  { width: 320, text: 16 },
  { width: 360, text: 16 },
  { width: 768, text: 16 },
  { width: 1024, text: 16 },
  { width: 1120, text: 16 },
  { width: 360, text: 32 },
];
const STAGES = ['/login', '/forgot-password', '/device', '/nowhere'];
const PAGES = [
  '/',
  '/projects',
  '/clients',
  '/audit',
  '/account',
  '/account/security',
  '/account/sessions',
  '/account/devices',
  '/account/identities',
  '/nowhere',
];

/** An account with everything: two-factor authentication, a project with a member, a client with links. */
async function furnish(server: Server): Promise<{ project: string; client: string; code: () => Promise<string> }> {
  await server.addUser('ada', 'ada@example.org');
  const office = await Office.of(server);
  const customer = await office.customer('The harbour authority');
  const updates = ['The first arch stands.'];
  const project = await office.project('A second harbour', customer, { summary: 'A pier.', updates });
  await (await Workspace.of(server)).addMember(`/projects/${project}`, 'ada');
  const operator = await Client.signedIn(server);
  await operator.demand(`/api/clients/${customer.id}/links`, { label: 'For the foreman of the second pier' });
  const { app } = await turnOnTotp(server);
  return { project, client: customer.id, code: () => app.code() };
}

async function signIn(page: Page, server: Server, code: () => Promise<string>): Promise<void> {
  await page.goto('/login');
  await running(page);
  await page.locator('[name=username]').fill(server.username);
  await page.locator('[name=password]').fill(server.password);
  await page.keyboard.press('Enter');
  await page.locator('[autocomplete=one-time-code]').fill(await code());
  await expect(page).toHaveURL('/');
}

/** The elements that make the page scroll sideways; rows that scroll by themselves do not. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > innerWidth && element.closest('.nav, .tabs') === null,
    );
    return wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 100));
  });

/** What is wrong with each of these pages on each screen. */
async function faults(page: Page, addresses: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const address of addresses) {
    await page.goto(address);
    await running(page);
    await expect(page.locator('[data-state=loading], [aria-busy=true]')).toHaveCount(0);
    for (const { width, text } of SCREENS) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate((size) => document.documentElement.style.setProperty('font-size', size), `${text}px`);
      const at = `${address}, ${width} px, text of ${text} px`;
      found.push(...(await tooWide(page)).map((element) => `${at}: too wide: ${element}`));
      found.push(...(await brokenWords(page)).map((word) => `${at}: ${word}`));
    }
  }
  return found;
}

for (const locale of ['en-US', 'de-DE', 'ru-RU']) {
  test.describe(locale, () => {
    test.use({ locale });

    test('no word is broken, on small screens and in large text', async ({ page, server, provokes }) => {
      provokes.status(404);
      provokes.status(401);
      expect.soft(await faults(page, STAGES)).toEqual([]);
      const { project, client, code } = await furnish(server);
      await signIn(page, server, code);
      const device = await Device.asks(server);
      const pages = [...PAGES, `/projects/${project}`, `/clients/${client}`, `/device?user_code=${device.code}`];
      expect.soft(await faults(page, pages)).toEqual([]);
      await preview(page, server, project);
      expect.soft(await faults(page, ['/portal', `/portal/projects/${project}`])).toEqual([]);
    });
  });
}
