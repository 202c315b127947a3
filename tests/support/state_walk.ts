import { type Page, expect } from '@playwright/test';

import { cut, hold } from './network';
import { pseudoLocale } from './pseudo_locale';
import type { Scene } from './scene';
import { open, signIn } from './screens';
import type { Server } from './server';
import { ON_A_PAGE, Workspace, listPage, seedProjects } from './workspace';

async function openSomeProject(page: Page, server: Server, before = async () => {}): Promise<void> {
  const workspace = await Workspace.of(server);
  const client_id = await workspace.client('Ada & Sons');
  const project = await workspace.project('The bridge', { client_id, summary: 'A bridge of stone.' });
  await workspace.write(project, 'The first arch stands:\n- see https://example.org/arch');
  await signIn(page, server);
  await before();
  await open(page, project);
  await expect(page.getByText('A bridge of stone.')).toBeVisible();
}

/** Pictures: each function brings the page to its state. */
export const STATE_PICTURES: Record<string, Scene> = {
  clients: {
    path: async (page, server) => {
      const workspace = await Workspace.of(server);
      for (const name of ['Ada & Sons', 'Grace Ltd', 'The harbour']) await workspace.client(name);
      await signIn(page, server);
      await open(page, '/clients');
      await expect(listPage(page, 'Clients').rows).toHaveCount(3);
    },
  },
  'no-results': {
    path: async (page, server) => {
      await (await Workspace.of(server)).project('The bridge');
      await signIn(page, server);
      await open(page, '/projects?q=tunnel');
      await expect(page.getByRole('button', { name: 'Clear search' })).toBeVisible();
    },
  },
  'last-page': {
    path: async (page, server) => {
      await seedProjects(server, ON_A_PAGE + 2);
      await signIn(page, server);
      await open(page, '/projects?page=2');
      await expect(listPage(page, 'Projects').rows).toHaveCount(2);
    },
  },
  'no-clients': {
    path: async (page, server) => {
      await signIn(page, server);
      await open(page, '/clients');
      await expect(listPage(page, 'Clients').shown).toContainText('No clients yet.');
    },
  },
  loading: {
    loading: true,
    path: async (page, server) => {
      await signIn(page, server);
      await hold(page, '**/api/projects?*');
      await open(page, '/projects');
      await expect(page.locator('.outline')).toBeVisible();
    },
  },
  'loading-failed': {
    networkFailure: true,
    path: async (page, server) => {
      await signIn(page, server);
      await cut(page, '**/api/projects?*');
      await open(page, '/projects');
      await expect(listPage(page, 'Projects').again).toBeVisible();
    },
  },
  offline: {
    networkFailure: true,
    path: async (page, server) => {
      await signIn(page, server);
      await page.context().setOffline(true);
      await expect(page.getByText("The server can't be reached. Reconnecting")).toBeVisible();
    },
  },
  'login-zh-Hans': { locale: 'zh-CN', path: async (page) => open(page, '/login') },
  'project-rtl': {
    // Buttons have other names in the pseudo-language.
    path: async (page, server) => openSomeProject(page, server, () => pseudoLocale(page)),
  },
  'project-forced-colours': { media: { forcedColors: 'active' }, path: (page, server) => openSomeProject(page, server) },
  'project-print': {
    media: { media: 'print' },
    path: async (page, server) => {
      await openSomeProject(page, server);
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    },
  },
};
