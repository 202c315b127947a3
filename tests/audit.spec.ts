import { readFile } from 'node:fs/promises';

import type { Locator, Page } from '@playwright/test';

import { alertsIn } from './support/alerts';
import { Client } from './support/client';
import { open, section, signIn } from './support/screens';
import type { Server } from './support/server';
import { expect, test } from './support/test';
import { elements, pagedList, signInAs } from './support/workspace';

/** The elements of `/audit`. */
function auditPage(page: Page) {
  const main = page.getByRole('main');
  return {
    ...pagedList(main),
    heading: page.getByRole('heading', { level: 1, name: 'Audit log' }),
    event: main.getByLabel('Event'),
    actor: main.getByLabel('Actor'),
    since: main.getByLabel('From'),
    until: main.getByLabel('To', { exact: true }),
    period: main.getByLabel('Period'),
    days: main.getByRole('region'),
    rows: main.locator('.events li'),
    /** The parts of an event's line. */
    line: (row: Locator) => ({
      event: row.locator('summary > strong'),
      actor: row.locator('.actor'),
      target: row.locator('.target'),
      address: row.locator('.address'),
      recorded: row.locator('dl'),
      open: () => row.locator('summary').click(),
    }),
    download: (format: 'CSV' | 'JSON') => main.getByRole('link', { name: `Export ${format}` }),
    alert: alertsIn(main),
  };
}

/** Inserts events of the day before, a second apart, the newest last. */
async function seedEvents(server: Server, count: number): Promise<void> {
  await server.alter(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
     INSERT INTO audit (id, at, event, actor_account, actor_name, address, subject, detail)
     SELECT printf('seeded-%07d', i), (unixepoch() - 86400) * 1000 + i, 'device_approved', NULL, 'ada', '192.0.2.1',
     printf('device %d', i), '{"why":"a test"}' FROM n`,
  );
}

/** The downloaded file. */
async function saved(page: Page, link: ReturnType<Page['getByRole']>): Promise<{ name: string; text: string }> {
  const downloading = page.waitForEvent('download');
  await link.click();
  const download = await downloading;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

test('an operator sees events with actor and address, and filters them', async ({ page, server, checkAccessibility }) => {
  const client = await Client.signedIn(server);
  await client.post('/api/auth/login', { username: 'admin', password: 'not the password' });
  await signIn(page, server);
  await section(page, 'Audit log').click();
  await expect(page).toHaveURL('/audit');
  await expect(page).toHaveTitle('Audit log – Doorstep');
  const audit = auditPage(page);
  await expect(audit.heading).toBeFocused();
  const first = audit.line(audit.rows.first());
  await expect(first.event).toHaveText('Signed in');
  await expect(first.actor).toHaveText('admin');
  await expect(first.address).toHaveText(/^(127\.0\.0\.1|::1)$/);
  await expect(audit.days.first().getByRole('heading', { level: 2 })).toContainText(String(new Date().getFullYear()));
  await expect(first.recorded, 'ids are in the details').toBeHidden();
  await first.open();
  await expect(first.recorded).toContainText('MethodPassword');
  await expect(first.recorded).toContainText('Session ID');
  await expect(first.recorded, 'to the second, in a time zone').toContainText(/Time.*:\d\d:\d\d.* (UTC|GMT|[A-Z]{3,4})/);
  await checkAccessibility();

  await expect(audit.event, 'all events').toHaveValue('');
  const events = (await audit.event.locator('option').allTextContents()).slice(1);
  expect(events.length).toBeGreaterThan(30);
  expect(events, 'in the order of the alphabet').toEqual([...events].sort((one, other) => one.localeCompare(other, 'en')));
  await audit.event.selectOption({ label: 'Sign-in failed' });
  await expect(page).toHaveURL('/audit?event=sign_in_failed');
  await expect(audit.rows).toHaveCount(1);
  await expect(audit.line(audit.rows).actor).toHaveText('');
  await expect(audit.line(audit.rows).target).toContainText('admin');
  await expect(audit.shown).toHaveText('1 result');
  await page.goBack();
  await expect(page).toHaveURL('/audit');
  await expect(audit.event).toHaveValue('');
  await expect(audit.rows).not.toHaveCount(1);

  await audit.actor.fill('nobody-of-this-name');
  await expect(audit.shown).toHaveText('No results.');
  await expect(audit.days).toHaveCount(0);
  await checkAccessibility();
  await audit.actor.fill('adm');
  await expect(audit.rows, 'by the beginning of the name').not.toHaveCount(0);
  await audit.actor.fill('');
  await audit.search.fill('ADMIN');
  await expect(audit.rows).not.toHaveCount(0);
  await expect(page).toHaveURL('/audit?q=ADMIN');
});

test("days are in the user's time zone, the last one inclusive", async ({ page, server }) => {
  await seedEvents(server, 3);
  await signIn(page, server);
  await open(page, '/audit?actor=ada');
  const audit = auditPage(page);
  await expect(audit.rows).toHaveCount(3);
  const day = (before: number) => new Date(Date.now() - before * 86_400_000).toLocaleDateString('sv');
  await expect(audit.since, 'a period that ends now needs no days').toBeHidden();
  await audit.period.selectOption('Custom range');
  await audit.until.fill(day(1));
  await expect(page).toHaveURL(`/audit?actor=ada&period=custom&until=${day(1)}`);
  await expect(audit.rows).toHaveCount(3);
  await audit.since.fill(day(1));
  await expect(page).toHaveURL(`/audit?actor=ada&period=custom&since=${day(1)}&until=${day(1)}`);
  await expect(audit.rows).toHaveCount(3);
  await audit.until.fill(day(2));
  await expect(audit.shown).toHaveText('No results.');
  await audit.period.selectOption('Any time');
  await expect(page).toHaveURL('/audit?actor=ada');
  await expect(audit.rows).toHaveCount(3);
  await expect(audit.until, 'the days go with their period').toBeHidden();

  await open(page, `/audit?actor=ada&until=${day(2)}`);
  await expect(audit.period, 'days alone are a period of their own').toHaveValue('custom');
  await expect(audit.until).toHaveValue(day(2));
  await expect(audit.shown).toHaveText('No results.');
  await open(page, `/audit?actor=ada&period=7d&until=${day(2)}`);
  await expect(audit.rows, 'a period that ends now has no last day').toHaveCount(3);
});

test('a period that ends now is one choice', async ({ page, server }) => {
  const audit = await openTwoDays(page, server);
  await audit.period.selectOption('Last 7 days');
  await expect(page).toHaveURL('/audit?actor=ada&period=7d');
  await expect(audit.rows).toHaveCount(2);
  await page.reload();
  await expect(audit.rows).toHaveCount(2);
  await audit.period.selectOption('Last 30 days');
  await expect(audit.rows).toHaveCount(3);
});

test('twelve events fit on a screen', async ({ page, server }) => {
  await seedEvents(server, 12);
  await page.setViewportSize({ width: 1120, height: 700 });
  await signIn(page, server);
  await open(page, '/audit?q=ada');
  const audit = auditPage(page);
  await expect(audit.rows).toHaveCount(12);
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  expect(await height()).toBeLessThanOrEqual(900);
  const fields = page.getByRole('search').locator('input, select');
  const heights = await fields.evaluateAll((all) => all.map((field) => field.getBoundingClientRect().height));
  expect(heights).toHaveLength(4);
  expect(new Set(heights), 'the filters have the same height').toEqual(new Set([40]));
  await page.setViewportSize({ width: 360, height: 720 });
  expect(await height()).toBeLessThanOrEqual(1400);
});

test('the document has one page of the events', async ({
  page,
  server,
  checkAccessibility,
}) => {
  await seedEvents(server, 12_000);
  await signIn(page, server);
  await open(page, '/audit?actor=ada');
  const audit = auditPage(page);
  await expect(audit.shown).toHaveText('1–50 of 12,000');
  await expect(audit.rows).toHaveCount(50);
  await expect(audit.rows.first()).toContainText('device 12000');
  await expect(page.getByText('An export contains the newest 10,000')).toBeVisible();
  const atFirst = await elements(page);
  for (let turned = 2; turned <= 4; turned += 1) {
    await audit.next.click();
    await expect(audit.rows.first()).toContainText(`device ${12_050 - turned * 50}`);
    await expect(audit.shown).toBeFocused();
  }
  await expect(page).toHaveURL('/audit?actor=ada&page=4');
  expect(await elements(page), 'the document does not grow').toBeLessThan(atFirst + 30);
  await audit.pages.getByText('240', { exact: true }).click();
  await expect(audit.rows.last()).toContainText('device 1');
  await checkAccessibility();
});

test('filtered events are downloaded as CSV or JSON', async ({ page, server }) => {
  await seedEvents(server, 60);
  await server.alter(`UPDATE audit SET subject = '=1+1' WHERE id = 'seeded-0000060'`);
  await signIn(page, server);
  await open(page, '/audit?event=device_approved&page=2');
  const audit = auditPage(page);
  await expect(audit.rows).toHaveCount(10);
  const csv = await saved(page, audit.download('CSV'));
  expect(csv.name).toBe('doorstep-audit.csv');
  const lines = csv.text.split('\r\n');
  expect(lines.length).toBe(62);
  expect(lines[0]).toBe('"at","event","actor","ip","subject","detail","actor_id","id"');
  expect(lines[1]).toContain(`"'=1+1"`);
  const json = await saved(page, audit.download('JSON'));
  expect(json.name).toBe('doorstep-audit.json');
  const { items, total } = JSON.parse(json.text) as { items: { event: string }[]; total: number };
  expect([items.length, total]).toEqual([60, 60]);
  expect(new Set(items.map(({ event }) => event))).toEqual(new Set(['device_approved']));
  await expect(page).toHaveURL('/audit?event=device_approved&page=2');
});

test('on a narrow screen nothing is cut off', async ({ page, server, checkAccessibility }) => {
  await seedEvents(server, 60);
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, server);
  await open(page, '/audit');
  const audit = auditPage(page);
  await expect(audit.rows).toHaveCount(50);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await checkAccessibility();
});

test('members have neither link nor access', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(403);
  await server.addUser('ada', 'ada@example.org');
  await signInAs(page, server, 'ada');
  await expect(section(page, 'Projects')).toBeVisible();
  await expect(section(page, 'Audit log')).toHaveCount(0);
  await open(page, '/audit');
  const audit = auditPage(page);
  await expect(audit.alert).toHaveText('Only operators can view this page.');
  await expect(audit.days).toHaveCount(0);
  await expect(audit.event).toHaveCount(0);
  await checkAccessibility();
});

test('recorded values are in words', async ({ page, server, context }) => {
  const recorded = async (event: string, detail: object) =>
    server.alter(
      `INSERT INTO audit (id, at, event, actor_account, actor_name, address, subject, detail)
       VALUES ('${event}', unixepoch() * 1000, '${event}', NULL, 'ada', NULL, 'ada', '${JSON.stringify(detail)}')`,
    );
  await recorded('password_changed', { how: 'first_set_up', with: 'unheard of' });
  await recorded('login_token_made', { expires_at: '2026-11-28T18:12:31.793179586Z' });
  await signIn(page, server);
  await context.addCookies([{ name: 'doorstep_language', value: 'de', url: server.url }]);
  await open(page, '/audit?q=ada');
  const rows = page.locator('.events li');
  await expect(rows).toHaveCount(2);
  for (const row of await rows.all()) await row.locator('summary').click();
  await expect(rows.locator('dl').filter({ hasText: 'Ersteinrichtung' }), 'others as recorded').toContainText('unheard of');
  await expect(rows.locator('dl').filter({ hasText: 'Läuft ab' }), 'a time to the second').toContainText(/\d\d:\d\d:31/);
});

test('the headings of the columns are shown once, and on paper the filters', async ({ page, server }) => {
  const audit = await openTwoDays(page, server);
  await expect(page.locator('.events-head').filter({ visible: true })).toHaveCount(1);
  await page.emulateMedia({ media: 'print' });
  await expect(audit.actor).toBeVisible();
  await expect(audit.actor).toHaveValue('ada');
  await expect(audit.search, 'it does not narrow the list').toBeHidden();
  await open(page, '/audit');
  await expect(audit.actor).toBeHidden();
});

/** Opens the log of three events, one of them ten days before the others. */
async function openTwoDays(page: Page, server: Server) {
  await seedEvents(server, 3);
  await server.alter(`UPDATE audit SET at = at - 10 * 86400000 WHERE id = 'seeded-0000001'`);
  await signIn(page, server);
  await open(page, '/audit?actor=ada');
  const audit = auditPage(page);
  await expect(audit.days).toHaveCount(2);
  return audit;
}
