import { type Locator, type Page, expect } from '@playwright/test';

import { dialog } from './account';
import { open, signIn } from './screens';
import type { Server } from './server';
import { Workspace, aboutPanel, clientPanel, linksPanel, listPage, seedProjects, updatesPanel } from './workspace';

type Look = (screen: string) => Promise<void>;
type Path = (page: Page, server: Server) => Promise<void>;

const LONG = 'A-name-that-does-not-end-and-has-no-space-in-it-anywhere-so-that-nothing-can-break-it';
const SUMMARY = 'A bridge of stone across the river.\n\nThe old one stays open until the new one stands.';

/** A project with everything; returns its address and its client's. */
async function furnished(server: Server, name: string): Promise<{ project: string; client: string }> {
  await server.addUser('grace', 'grace@example.org');
  const workspace = await Workspace.of(server);
  const client_id = await workspace.client(`${name} & Sons`);
  const project = await workspace.project(name, { client_id, summary: SUMMARY });
  await workspace.addMember(project, 'grace');
  await workspace.write(project, 'The first arch stands.');
  await workspace.write(project, 'The second arch waits for the flood to fall:\n- two metres today\n- one is enough');
  return { project, client: `/clients/${client_id}` };
}

/** The lists and details of projects and clients, and the audit log. */
export async function everyWorkspaceScreen(page: Page, server: Server, look: Look): Promise<void> {
  await signIn(page, server);
  const projects = listPage(page, 'Projects');
  await open(page, '/projects');
  await expect(projects.shown).toContainText('No projects yet.');
  await look('no projects');
  await projects.create.click();
  await projects.submit.click();
  await expect(projects.refused).toBeVisible();
  await look('new project with an error');

  const { project, client } = await furnished(server, LONG);
  await seedProjects(server, 200);
  await open(page, '/projects?page=2');
  await expect(projects.rows).toHaveCount(50);
  await look('projects');
  await open(page, `/projects?q=${LONG}`);
  await expect(projects.rows).toHaveCount(1);
  await look('projects, searched');
  await oneProject(page, project, look);
  await oneClient(page, client, look);
  await auditLog(page, look);
}

/** The audit log of the walk. */
async function auditLog(page: Page, look: Look): Promise<void> {
  await open(page, '/audit');
  await expect(auditRows(page).first()).toBeVisible();
  await look('audit log');
  await open(page, '/audit?q=nothing-like-this');
  await expect(page.getByText('No results.')).toBeVisible();
  await look('audit log without a fitting event');
}

function auditRows(page: Page): Locator {
  return page.locator('.events li');
}

async function oneProject(page: Page, project: string, look: Look): Promise<void> {
  await open(page, project);
  const updates = updatesPanel(page);
  await expect(updates.entries).toHaveCount(2);
  await look('project');
  await aboutPanel(page).edit.click();
  await look('project that is edited');
  await updates.post.click();
  await expect(updates.alert).toBeVisible();
  await look('project with an error');
  await clientPanel(page).choose.click();
  await expect(clientPanel(page).rows).toHaveCount(1);
  await look('client that is chosen');
  await page.keyboard.press('Escape');
  await updates.act(updates.entries.first(), 'Edit');
  await expect(dialog(page, 'Edit update').frame).toBeVisible();
  await look('update that is edited');
  await page.keyboard.press('Escape');
  await aboutPanel(page).cancel.click();
  await aboutPanel(page).press('Archive project');
  await dialog(page, 'Archive').press('Archive project');
  await expect(page.getByText('This project is archived')).toBeVisible();
  await look('archived project');
}

async function oneClient(page: Page, client: string, look: Look): Promise<void> {
  const clients = listPage(page, 'Clients');
  await open(page, '/clients');
  await expect(clients.rows).toHaveCount(1);
  await look('clients');
  await clients.create.click();
  await clients.name.fill('Ada');
  await clients.slug.fill('a-name-that-does-not-end-and-has-no-space-in-it-any');
  await look('new client');
  await open(page, client);
  const links = linksPanel(page);
  await links.note.fill(LONG);
  await links.make.click();
  await expect(links.address).toBeVisible();
  await expect(links.entries).toHaveCount(1);
  await look('client with a new link');
  await links.entries.getByRole('button').click();
  await expect(dialog(page, /^Revoke/).frame).toBeVisible();
  await look('dialog that revokes a link');
  await page.keyboard.press('Escape');
  await aboutPanel(page).press('Deactivate client');
  await dialog(page, 'Deactivate').press('Deactivate client');
  await expect(page.locator('.page-title').getByText('Deactivated')).toBeVisible();
  await look('deactivated client');
}

const BRIDGE = 'The bridge';

/** Pictures: each function brings the page to its screen. */
export const WORKSPACE_PICTURES: Record<string, { path: Path }> = {
  projects: {
    path: async (page, server) => {
      const workspace = await Workspace.of(server);
      const client_id = await workspace.client('Ada & Sons');
      await workspace.project('The tower', { status: 'planned' });
      await workspace.project('The lighthouse', { status: 'paused', client_id });
      await workspace.project(BRIDGE, { client_id });
      await signIn(page, server);
      await open(page, '/projects');
      await expect(listPage(page, 'Projects').rows).toHaveCount(3);
    },
  },
  project: {
    path: async (page, server) => {
      const { project } = await furnished(server, BRIDGE);
      await signIn(page, server);
      await open(page, project);
      await expect(updatesPanel(page).entries).toHaveCount(2);
    },
  },
  'choose-client': {
    path: async (page, server) => {
      const { project } = await furnished(server, BRIDGE);
      await signIn(page, server);
      await open(page, project);
      await clientPanel(page).choose.click();
      await expect(clientPanel(page).rows).toHaveCount(1);
    },
  },
  client: {
    path: async (page, server) => {
      const { client } = await furnished(server, BRIDGE);
      await signIn(page, server);
      await open(page, client);
      await linksPanel(page).note.fill('For the foreman');
      await linksPanel(page).make.click();
      await expect(linksPanel(page).address).toBeVisible();
    },
  },
  audit: {
    path: async (page, server) => {
      await furnished(server, BRIDGE);
      await signIn(page, server);
      await open(page, '/audit');
      await expect(auditRows(page).first()).toBeVisible();
    },
  },
};
