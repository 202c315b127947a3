import { type Locator, type Page, expect } from '@playwright/test';

import { alertsIn } from './alerts';
import { Client } from './client';
import { fillIn, signInForm, welcome } from './screens';
import type { Server } from './server';

/** The number of projects or clients per page. */
export const ON_A_PAGE = 50;

/** A searched and paged list. */
export function pagedList(within: Page | Locator) {
  const pages = within.locator('.pages');
  return {
    search: within.getByLabel('Search'),
    rows: within.locator('.list > ul > li, .list > table > tbody > tr'),
    row: (name: string) => within.locator('.list > ul > li, .list > table > tbody > tr').filter({ hasText: name }),
    shown: within.locator('.list > .shown > p'),
    alert: within.locator('.list > .callout > .alert'),
    again: within.getByRole('button', { name: 'Try again' }),
    pages,
    next: pages.getByText('Next', { exact: true }),
    previous: pages.getByText('Previous', { exact: true }),
  };
}

/** `/projects` and `/clients`. */
export function listPage(page: Page, title: 'Projects' | 'Clients') {
  const one = title === 'Projects' ? 'New project' : 'New client';
  const dialog = page.getByRole('dialog', { name: one });
  // An empty list has the button of the page's head, once it is known to be empty.
  const loaded = page.locator('.page:has(.list:not([data-state="loading"]))');
  return {
    ...pagedList(page.getByRole('main')),
    heading: page.getByRole('heading', { level: 1, name: title }),
    status: page.getByLabel('Status'),
    create: loaded.getByRole('button', { name: one }).first(),
    dialog,
    name: dialog.getByLabel('Name', { exact: true }),
    summary: dialog.getByLabel('Summary'),
    slug: dialog.getByLabel('Short name'),
    submit: dialog.locator('[type=submit]'),
    refused: alertsIn(dialog),
  };
}

/** A panel of a page. */
export const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** The details of a project or client. */
export function aboutPanel(page: Page) {
  const section = panel(page, 'Details');
  return {
    section,
    heading: section.getByRole('heading', { level: 2 }),
    edit: section.getByRole('button', { name: 'Edit' }),
    name: section.getByLabel('Name', { exact: true }),
    status: section.getByLabel('Status'),
    summary: section.getByLabel('Summary'),
    slug: section.getByLabel('Short name'),
    save: section.getByRole('button', { name: /^Sav/ }),
    cancel: section.getByRole('button', { name: 'Cancel' }),
    alert: alertsIn(section),
    press: (label: string) => page.getByRole('main').getByRole('button', { name: label, exact: true }).click(),
  };
}

/** The client of a project. */
export function clientPanel(page: Page) {
  const section = panel(page, 'Client');
  const chooser = page.getByRole('dialog', { name: 'Choose a client' });
  return {
    section,
    heading: section.getByRole('heading', { level: 2 }),
    choose: section.getByRole('button', { name: /^(Choose a|Change) client$/ }),
    unlink: section.getByRole('button', { name: 'Unlink' }),
    link: section.getByRole('link'),
    chooser,
    ...pagedList(chooser),
  };
}

/** The updates of a project. */
export function updatesPanel(page: Page) {
  const section = panel(page, 'Updates');
  return {
    section,
    heading: section.getByRole('heading', { level: 2 }),
    body: section.getByLabel('New update'),
    post: section.locator('[type=submit]'),
    alert: alertsIn(section),
    entries: section.locator('.timeline > li'),
    /** Chooses an action in the menu of an update. */
    act: async (row: Locator, label: string) => {
      await row.getByLabel('Actions for').click();
      await row.getByRole('button', { name: label }).click();
    },
    pages: section.getByRole('group', { name: 'Pages' }),
  };
}

/** The members of a project. */
export function membersPanel(page: Page) {
  const section = panel(page, 'Members');
  return {
    section,
    heading: section.getByRole('heading', { level: 2 }),
    username: section.getByLabel('Username or email'),
    add: section.locator('[type=submit]'),
    alert: alertsIn(section),
    entries: section.getByRole('listitem'),
  };
}

/** The access links of a client. */
export function linksPanel(page: Page) {
  const section = panel(page, 'Access links');
  const made = panel(page, 'New access link');
  return {
    section,
    heading: section.getByRole('heading', { level: 2 }),
    note: section.getByLabel('Label (optional)'),
    make: section.locator('[type=submit]'),
    alert: alertsIn(section),
    entries: section.locator('tbody').getByRole('row'),
    made,
    madeHeading: made.getByRole('heading', { level: 2 }),
    address: made.locator('code'),
    copy: made.getByRole('button', { name: 'Copy' }),
    kept: made.getByRole('button', { name: 'Done' }),
  };
}

/** Creates what a test needs by the API. */
export class Workspace {
  private constructor(private readonly operator: Client) {}

  static async of(server: Server): Promise<Workspace> {
    return new Workspace(await Client.signedIn(server));
  }

  /** Creates a project; returns its address. */
  async project(name: string, more: object = {}): Promise<string> {
    const { id } = await this.operator.demand('/api/projects', { name, ...more });
    return `/projects/${String(id)}`;
  }

  /** Creates a client; returns its id. */
  async client(name: string): Promise<string> {
    const { id } = await this.operator.demand('/api/clients', { name });
    return String(id);
  }

  /** Adds a member to the project at this address. */
  async addMember(project: string, username: string): Promise<void> {
    await this.operator.demand(`/api${project}/members`, { username });
  }

  /** Adds an update. */
  async write(project: string, body: string): Promise<void> {
    await this.operator.demand(`/api${project}/updates`, { body });
  }
}

/** An unused id. */
export const NOBODY = '0198c2a5-7b1e-7c3f-9a44-0123456789ab';

const rows = (count: number) =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) INSERT INTO`;
/** In 2026, ascending. */
const TIME = '1780000000000 + i * 60000';

/** Inserts projects `Project 00001` and so on into the database; every tenth is completed. */
export async function seedProjects(server: Server, count: number): Promise<void> {
  await server.alter(
    `${rows(count)} projects (id, name, name_folded, status, summary, created_at, updated_at)
     SELECT printf('0198c2a5-0000-7000-8000-%012x', i), printf('Project %05d', i), printf('project %05d', i),
     iif(i % 10 = 0, 'done', 'active'), '', ${TIME}, ${TIME} FROM n`,
  );
}

/** The same for clients `Client 00001` and so on. */
export async function seedClients(server: Server, count: number): Promise<void> {
  await server.alter(
    `${rows(count)} clients (id, name, name_folded, slug, active, created_at, updated_at)
     SELECT printf('0198c2a5-0000-7000-9000-%012x', i), printf('Client %05d', i), printf('client %05d', i),
     printf('client-%05d', i), 1, ${TIME}, ${TIME} FROM n`,
  );
}

/** Signs in as another user, up to the home page. */
export async function signInAs(page: Page, server: Server, username: string): Promise<void> {
  await page.goto('/login');
  await fillIn(page, username, server.password);
  await signInForm(page).submit.click();
  await expect(welcome(page, username)).toBeVisible();
}

/** The number of elements in the document. */
export const elements = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);
