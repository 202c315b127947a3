import { type Page, expect } from '@playwright/test';

import { signInAnyhow } from './account_scenes';
import { dialog } from './account';
import { type Scene, few } from './scene';
import { open, signIn } from './screens';
import type { Server } from './server';
import { Workspace, aboutPanel, clientPanel, linksPanel, listPage, membersPanel, updatesPanel } from './workspace';

const SUMMARY = 'A bridge of stone across the river.';

/** Opens a project with a client, a member and an update, as an operator. */
async function openProject(page: Page, server: Server): Promise<void> {
  await server.addUser('grace', 'grace@example.org');
  const workspace = await Workspace.of(server);
  const client_id = await workspace.client('Ada & Sons');
  const project = await workspace.project('The bridge', { client_id, summary: SUMMARY });
  await workspace.addMember(project, 'grace');
  await workspace.write(project, 'The first arch stands.');
  await signIn(page, server);
  await open(page, project);
  await expect(updatesPanel(page).entries).toHaveCount(1);
  await expect(membersPanel(page).entries).toHaveCount(1);
}

async function openClient(page: Page, server: Server): Promise<void> {
  const workspace = await Workspace.of(server);
  const client_id = await workspace.client('Ada & Sons');
  for (const [name, status] of [
    ['The old mill', 'archived'],
    ['The lighthouse', 'done'],
    ['The bridge', 'active'],
  ]) {
    await workspace.project(name ?? '', { status, client_id });
  }
  await signIn(page, server);
  await open(page, `/clients/${client_id}`);
  const links = linksPanel(page);
  for (const label of ['For the office', 'For the foreman of the construction site']) {
    await links.note.fill(label);
    await links.make.click();
    await links.kept.click();
  }
  await server.alter("UPDATE client_links SET created_by = 'Grace Hopper'");
  await links.entries.first().getByRole('button').click();
  await dialog(page, /^Revoke /).press('Revoke');
  await expect(links.entries.filter({ hasText: 'Revoked' })).toHaveCount(1);
}

async function openAudit(page: Page, server: Server): Promise<void> {
  const workspace = await Workspace.of(server);
  await workspace.project('The bridge', { client_id: await workspace.client('Ada & Sons') });
  await signIn(page, server);
  await open(page, '/audit');
  await expect(page.locator('.events li').first()).toBeVisible();
}

/** A project in another language: its name, summary, client and update. */
const projectIn = (locale: string, [name = '', summary = '', client = '', update = '']: string[]): Scene => ({
  locale,
  path: async (page, server) => {
    const workspace = await Workspace.of(server);
    const project = await workspace.project(name, { summary, client_id: await workspace.client(client) });
    await workspace.write(project, update);
    await signInAnyhow(page, server);
    await open(page, project);
    await expect(page.getByText(update)).toBeVisible();
  },
});

const auditIn = (locale: string): Scene => ({
  locale,
  path: async (page, server) => {
    const workspace = await Workspace.of(server);
    await workspace.project('The bridge', { client_id: await workspace.client('Ada & Sons') });
    await signInAnyhow(page, server);
    await open(page, '/audit');
    await page.locator('.events summary').nth(1).click();
  },
});

/** Pictures of projects, clients and the audit log in rare states. */
export const WORKSPACE_SCENES: Record<string, Scene> = few({
  'no-projects': {
    path: async (page, server) => {
      await signIn(page, server);
      await open(page, '/projects');
      await expect(listPage(page, 'Projects').shown).toContainText('No projects yet.');
    },
  },
  'projects-every-status': {
    path: async (page, server) => {
      const workspace = await Workspace.of(server);
      for (const status of ['archived', 'done', 'paused', 'active', 'planned']) {
        await workspace.project(`A project that is ${status}`, { status });
      }
      await signIn(page, server);
      await open(page, '/projects?status=all');
      await expect(listPage(page, 'Projects').rows).toHaveCount(5);
    },
  },
  'new-project': {
    path: async (page, server) => {
      await signIn(page, server);
      await open(page, '/projects');
      await listPage(page, 'Projects').create.click();
      await listPage(page, 'Projects').submit.click();
      await expect(listPage(page, 'Projects').refused).toBeVisible();
    },
  },
  'new-client': {
    path: async (page, server) => {
      await signIn(page, server);
      await open(page, '/clients');
      await listPage(page, 'Clients').create.click();
      await listPage(page, 'Clients').name.fill('Ada & Sons');
    },
  },
  'edit-project': {
    path: async (page, server) => {
      await openProject(page, server);
      await aboutPanel(page).edit.click();
      await expect(aboutPanel(page).name).toBeFocused();
    },
  },
  'archived-project': {
    path: async (page, server) => {
      await openProject(page, server);
      await aboutPanel(page).press('Archive project');
      await dialog(page, 'Archive').press('Archive project');
      await expect(page.getByText('This project is archived')).toBeVisible();
    },
  },
  'archive-project': {
    path: async (page, server) => {
      await openProject(page, server);
      await aboutPanel(page).press('Archive project');
      await expect(dialog(page, 'Archive').frame).toBeVisible();
    },
  },
  'remove-member': {
    path: async (page, server) => {
      await openProject(page, server);
      await membersPanel(page).entries.getByRole('button').click();
      await expect(dialog(page, 'Remove “grace”').frame).toBeVisible();
    },
  },
  'remove-update': {
    path: async (page, server) => {
      await openProject(page, server);
      const { entries, act } = updatesPanel(page);
      await act(entries.first(), 'Delete');
      await expect(dialog(page, 'Delete this update').frame).toBeVisible();
    },
  },
  'edit-update': {
    path: async (page, server) => {
      await openProject(page, server);
      const { entries, act } = updatesPanel(page);
      await act(entries.first(), 'Edit');
      await expect(dialog(page, 'Edit update').frame).toBeVisible();
    },
  },
  'client-links': { path: openClient },
  'revoke-link': {
    path: async (page, server) => {
      await openClient(page, server);
      // Of the step before.
      await expect(page.locator('.toast-place .notice')).toBeHidden();
      await linksPanel(page).entries.getByRole('button').first().click();
      await expect(dialog(page, /^Revoke /).frame).toBeVisible();
    },
  },
  'deactivate-client': {
    path: async (page, server) => {
      await openClient(page, server);
      await aboutPanel(page).press('Deactivate client');
      await expect(dialog(page, 'Deactivate').frame).toBeVisible();
    },
  },
  'audit-open': {
    path: async (page, server) => {
      await openAudit(page, server);
      await page.locator('.events summary').nth(1).click();
    },
  },
  'audit-filters': {
    path: async (page, server) => {
      await openAudit(page, server);
      await page.setViewportSize({ width: 360, height: 720 });
      await page.getByRole('button', { name: 'Filters' }).click();
    },
  },
  'audit-print': {
    media: { media: 'print' },
    path: async (page, server) => {
      await openAudit(page, server);
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    },
  },
  'update-menu': {
    path: async (page, server) => {
      await openProject(page, server);
      await updatesPanel(page).entries.first().getByLabel('Actions for').click();
    },
  },
  'unlink-client': {
    path: async (page, server) => {
      await openProject(page, server);
      await clientPanel(page).unlink.click();
      await expect(dialog(page, 'Unlink').frame).toBeVisible();
    },
  },
  'project-zh-Hans': projectIn('zh-CN', ['跨河大桥', '一座石桥。', '艾达公司', '第一个桥拱已完工。']),
  'project-de': projectIn('de-DE', ['Die Brücke', 'Eine Brücke aus Stein.', 'Ada & Söhne', 'Der erste Bogen steht.']),
  'project-ru': projectIn('ru-RU', ['Мост', 'Каменный мост через реку.', 'Ада и сыновья', 'Первая арка готова.']),
  'audit-de': auditIn('de-DE'),
  'audit-ru': auditIn('ru-RU'),
});
