import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import { enrolment, openPassword, openSecurity, proof, twoFactor } from '../support/account';
import { turnOnTotp } from '../support/authenticator';
import { resetLink } from '../support/resets';
import {
  fillIn,
  open,
  recoveryStage,
  signIn,
  signInForm,
  signInHere,
  signInWithCode,
  tokenStage,
  totpStage,
} from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';
import { Workspace, aboutPanel, listPage, updatesPanel } from '../support/workspace';

const SOURCES = join(import.meta.dirname, '../../src');

interface Reached {
  /** Brings the page to the form. */
  reach: (page: Page, server: Server) => Promise<void>;
  /** The error statuses on the way. */
  status?: number;
  /** Whether it needs the initial password. */
  firstStart?: boolean;
}

/** Each form of the app with fields, by its name; a form in several states has several lines. */
const FORMS: Record<string, Reached[]> = {
  login: [{ reach: (page) => open(page, '/login') }],
  'second-step': [
    { reach: secondStep, status: 401 },
    {
      reach: async (page, server) => {
        await secondStep(page, server);
        await totpStage(page).useRecovery.click();
        await expect(recoveryStage(page).code).toBeVisible();
      },
      status: 401,
    },
  ],
  token: [
    {
      reach: async (page, server) => {
        await server.loginToken();
        await open(page, '/login');
        await tokenStage(page).link.click();
      },
    },
  ],
  choose: [
    {
      reach: async (page, server) => {
        const token = await server.loginToken();
        await open(page, '/login');
        await tokenStage(page).link.click();
        await tokenStage(page).token.fill(token);
        await tokenStage(page).submit.click();
      },
    },
    {
      reach: async (page, server) => {
        await open(page, '/login');
        await fillIn(page, server.username, server.firstPassword);
        await signInForm(page).submit.click();
      },
      firstStart: true,
    },
  ],
  forgot: [{ reach: (page) => open(page, '/forgot-password') }],
  reset: [{ reach: async (page, server) => open(page, (await resetLink(server)).href) }],
  device: [{ reach: (page) => open(page, '/device') }],
  profile: [signedIn((page) => open(page, '/account'))],
  password: [signedIn(openPassword)],
  enrolment: [
    signedIn(async (page) => {
      await openSecurity(page);
      await twoFactor(page).turnOn.click();
      await expect(enrolment(page).picture).toBeVisible();
    }),
  ],
  proof: [
    {
      ...signedIn(async (page, server) => {
        await openSecurity(page);
        await server.ageProofs(11);
        await twoFactor(page).turnOn.click();
        await expect(proof(page).frame).toBeVisible();
      }),
      status: 403,
    },
  ],
  disable: [
    {
      reach: async (page, server) => {
        const { app } = await turnOnTotp(server);
        await signInWithCode(page, server, await app.code());
        await openSecurity(page);
        await twoFactor(page).turnOff.click();
      },
      status: 401,
    },
  ],
  'new-project': [
    signedIn(async (page) => {
      await open(page, '/projects');
      await listPage(page, 'Projects').create.click();
    }),
  ],
  project: [
    signedIn(async (page, server) => {
      await openProject(page, server);
      await aboutPanel(page).edit.click();
    }),
  ],
  member: [signedIn(openProject)],
  update: [signedIn(openProject)],
  'edit-update': [
    signedIn(async (page, server) => {
      await openProject(page, server);
      const updates = updatesPanel(page);
      await updates.act(updates.entries.first(), 'Edit');
    }),
  ],
  'new-client': [
    signedIn(async (page) => {
      await open(page, '/clients');
      await listPage(page, 'Clients').create.click();
    }),
  ],
  client: [
    signedIn(async (page, server) => {
      await openClient(page, server);
      await aboutPanel(page).edit.click();
    }),
  ],
  link: [signedIn(openClient)],
};

/** Forms without fillable fields: one has buttons and a checkbox, the other is not part of the app. */
const WITHOUT_FIELDS = ['decision', 'gallery'];

function signedIn(reach: Reached['reach']): Reached {
  return {
    reach: async (page, server) => {
      await signIn(page, server);
      await reach(page, server);
    },
  };
}

async function secondStep(page: Page, server: Server): Promise<void> {
  await turnOnTotp(server);
  await open(page, '/login');
  await signInHere(page, server);
  await expect(totpStage(page).code).toBeVisible();
}

async function openProject(page: Page, server: Server): Promise<void> {
  const workspace = await Workspace.of(server);
  const project = await workspace.project('The bridge');
  await workspace.write(project, 'The first arch stands.');
  await open(page, project);
  await expect(updatesPanel(page).entries).toHaveCount(1);
}

async function openClient(page: Page, server: Server): Promise<void> {
  const id = await (await Workspace.of(server)).client('Ada & Sons');
  await open(page, `/clients/${id}`);
}

/** Fills the fields without events; returns the words of the request that is sent. */
async function fillSilently(field: Locator): Promise<string> {
  return field.evaluate((field) => {
    if (field instanceof HTMLSelectElement) {
      field.selectedIndex = [...field.options].findIndex(({ selected }) => !selected);
      return `"${field.value}"`;
    }
    const input = field as HTMLInputElement | HTMLTextAreaElement;
    if (input.type === 'checkbox') {
      (input as HTMLInputElement).checked = true;
      return ':true';
    }
    const fitting: Record<string, string> = {
      email: 'silent@example.org',
      username: 'silent',
      'new-password': 'nine herons under lisbon',
      'one-time-code': '123456',
    };
    const byName = input.name === 'user-code' ? 'TQFX-WXGZ' : 'filled-in-silence';
    input.value = fitting[input.autocomplete] ?? byName;
    return input.value;
  });
}

for (const [name, cases] of Object.entries(FORMS)) {
  cases.forEach(({ reach, status, firstStart }, number) => {
    test.describe(() => {
      test.use({ setUp: firstStart !== true });

      test(`fields filled without an event are sent: ${name} ${number + 1}`, async ({ page, server, provokes }) => {
        if (status !== undefined) provokes.status(status);
        await reach(page, server);
        const button = page.locator(`#${name}-submit`);
        await expect(button).toBeVisible();
        const fields = page.locator('form').filter({ has: button }).locator('input:not([hidden]), textarea, select');
        expect(await fields.count(), 'the form has fields').toBeGreaterThan(0);
        const words: string[] = [];
        for (const field of await fields.all()) words.push(await fillSilently(field));
        // The request is intercepted, so that its content does not matter.
        const has = ({ url, body }: { url: string; body: string }) => words.every((word) => `${url} ${body}`.includes(word));
        const sent: string[] = [];
        await page.route('**', async (route) => {
          const [url, body] = [route.request().url(), route.request().postData() ?? ''];
          if (!has({ url, body })) return route.continue();
          sent.push(url);
          return route.fulfill({ json: {} });
        });
        await button.click();
        await expect.poll(() => sent.length, `a request with ${words.join(', ')}`).toBeGreaterThan(0);
      });
    });
  });
}

test('all forms are listed here', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.rs'));
  const made = files.flatMap((path) => {
    const source = readFileSync(join(SOURCES, path), 'utf8');
    return [...source.matchAll(/FormState::new\((?:"([a-z-]+)"|id::(\w+)|\w+)\)/g)].map(([, name, id]) => {
      return name ?? id?.toLowerCase() ?? path.replace(/^.*\/|\.rs$/g, '');
    });
  });
  expect(made.sort()).toEqual([...Object.keys(FORMS), ...WITHOUT_FIELDS].sort());
});
