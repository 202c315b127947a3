import { type Page, expect } from '@playwright/test';

import { Client } from './client';
import { open, running } from './screens';
import type { Server } from './server';

/** A client with its magic link. */
export interface Customer {
  id: string;
  linkId: string;
  /** The path of its magic link. */
  enter: string;
}

interface Work {
  status?: string;
  summary?: string;
  updates?: string[];
}

/** Creates clients, projects and links by the API, as an operator. */
export class Office {
  private constructor(private readonly operator: Client) {}

  static async of(server: Server): Promise<Office> {
    return new Office(await Client.signedIn(server));
  }

  /** A client with a magic link. */
  async customer(name: string): Promise<Customer> {
    const { id } = await this.operator.demand('/api/clients', { name });
    const made = await this.operator.demand(`/api/clients/${String(id)}/links`, { label: 'by mail' });
    const { id: linkId } = made['link'] as { id: string };
    return { id: String(id), linkId, enter: new URL(String(made['url'])).pathname };
  }

  /** A project, optionally of a client. Updates are added in order. */
  async project(name: string, customer?: Customer, { updates = [], ...about }: Work = {}): Promise<string> {
    const link = customer ? { client_id: customer.id } : {};
    const id = String((await this.operator.demand('/api/projects', { name, ...link, ...about }))['id']);
    for (const body of updates) {
      await this.operator.demand(`/api/projects/${id}/updates`, { body });
    }
    return id;
  }

  async rename(project: string, name: string): Promise<void> {
    await this.operator.demand(`/api/projects/${project}`, { name }, 'PATCH');
  }

  async revoke({ id, linkId }: Customer): Promise<void> {
    await this.operator.demand(`/api/clients/${id}/links/${linkId}`, {}, 'DELETE');
  }

  async deactivate({ id }: Customer): Promise<void> {
    await this.operator.demand(`/api/clients/${id}`, { active: false }, 'PATCH');
  }
}

/** The elements of the portal. */
export function portal(page: Page) {
  const banner = page.getByRole('complementary', { name: 'Preview' });
  return {
    heading: (name: string | RegExp) => page.getByRole('heading', { level: 1, name }),
    list: page.getByRole('heading', { level: 1, name: 'Projects', exact: true }),
    projects: page.locator('.cards > li'),
    link: (name: string) => page.getByRole('link', { name, exact: true }),
    updates: page.locator('.timeline > li'),
    leave: page.getByRole('button', { name: 'Sign out' }),
    banner,
    exit: banner.getByRole('button', { name: 'Exit preview' }),
    noAccess: page.getByRole('heading', { level: 1, name: 'You need an access link' }),
    previous: page.getByRole('button', { name: 'Previous' }),
    next: page.getByRole('button', { name: 'Next' }),
    retry: page.getByRole('button', { name: 'Try again' }),
  };
}

/** Follows a magic link. */
export async function enter(page: Page, customer: Customer): Promise<void> {
  await open(page, customer.enter);
  await expect(page).toHaveURL('/portal');
}

/** Begins a preview of a project, in the browser of an operator. */
export async function preview(page: Page, server: Server, project: string): Promise<void> {
  const headers = { origin: server.url };
  const begun = await page.request.post(`/api/projects/${project}/portal-preview`, { headers, data: {} });
  expect(begun.status(), await begun.text()).toBe(200);
  await page.goto('/portal');
  await running(page);
}

/** Simulates that the tab becomes visible. */
export async function lookAgain(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
}
