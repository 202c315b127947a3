import { type Page, expect } from '@playwright/test';

import { type Customer, Office, enter, portal, preview } from './portal';
import { signIn } from './screens';
import type { Server } from './server';

const SUMMARY =
  'The shop moves to a new house, with a catalogue that people can search.\nOpening: the first week of spring.';
const UPDATES = [
  'We have looked at the old shop, and counted what moves: 1,204 articles.',
  'The catalogue is in.\n\n- pictures: all but twelve\n- prices: checked twice',
  'You can try it at https://preview.shop.example/a-rather-long-address-that-no-narrow-screen-has-room-for/index.html. Tell us what is missing.',
];

/** A client with two projects. */
async function twoProjects(server: Server): Promise<{ customer: Customer; project: string }> {
  const office = await Office.of(server);
  const customer = await office.customer('Lindgren & Daughters');
  await office.project('Spring catalogue', customer, { status: 'planned', summary: 'Photographs, texts, print.' });
  const project = await office.project('Web shop', customer, { summary: SUMMARY, updates: UPDATES });
  return { customer, project };
}

async function pictured(page: Page, server: Server): Promise<void> {
  const { customer } = await twoProjects(server);
  await enter(page, customer);
  await expect(portal(page).projects).toHaveCount(2);
}

/** The pages of the portal, for clients and in a preview. Causes a 404. */
export async function everyPortalScreen(
  page: Page,
  server: Server,
  look: (screen: string) => Promise<void>,
): Promise<void> {
  const { customer, project } = await twoProjects(server);
  const seen = portal(page);
  await enter(page, customer);
  await expect(seen.projects).toHaveCount(2);
  await look('projects');
  await seen.link('Web shop').click();
  await expect(seen.updates).toHaveCount(3);
  await look('project');
  await page.goto('/portal/nowhere');
  await expect(seen.heading('Page not found')).toBeVisible();
  await look('unknown address in the portal');
  await seen.leave.click();
  await expect(seen.noAccess).toBeVisible();
  await look('no access, after leaving');
  await signIn(page, server);
  await preview(page, server, project);
  await expect(seen.updates).toHaveCount(3);
  await look('preview');
}

export const PORTAL_PICTURES: Record<
  string,
  { path: (page: Page, server: Server) => Promise<void>; provoked?: number }
> = {
  portal: { path: pictured },
  'portal-empty': {
    path: async (page, server) => {
      await enter(page, await (await Office.of(server)).customer('Lindgren & Daughters'));
      await expect(portal(page).list).toBeVisible();
    },
  },
  'portal-project': {
    path: async (page, server) => {
      await pictured(page, server);
      await portal(page).link('Web shop').click();
      await expect(portal(page).updates).toHaveCount(3);
    },
  },
  'portal-preview': {
    path: async (page, server) => {
      const { project } = await twoProjects(server);
      await signIn(page, server);
      await preview(page, server, project);
      await expect(portal(page).updates).toHaveCount(3);
    },
  },
  'portal-access-required': {
    provoked: 401,
    path: async (page) => {
      await page.goto('/portal');
      await expect(portal(page).noAccess).toBeVisible();
    },
  },
};
