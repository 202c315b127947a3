import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';

import { alertsIn } from '../support/alerts';
import { cut, recordRequests } from '../support/network';
import { open, running } from '../support/screens';
import { Office, portal } from '../support/portal';
import { expect, test } from '../support/test';

/** A proxy that exposes only the portal. */
async function portalProxy(target: string) {
  const refused: string[] = [];
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const path = incoming.url ?? '';
    if (!/^\/portal(\/|$|\?)/.test(path)) {
      refused.push(path);
      outgoing.writeHead(404).end();
      return;
    }
    const { method, headers } = incoming;
    const onward = ask(target + path, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  };
  const proxy = createServer(pass).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const close = () => {
    proxy.closeAllConnections();
    proxy.close();
  };
  return { url, refused, close };
}

test('the portal works behind a proxy that exposes nothing else', async ({ page, server, provokes, checkAccessibility }) => {
  provokes.status(401);
  provokes.networkFailure();
  await server.configure('[branding]\nname = "Acme & Sons"\naccent = "#aa0000"');
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await office.project('Site', acme, { updates: ['Begun.'] });
  await office.project('Shop', acme);
  const proxy = await portalProxy(server.url);
  const requests = recordRequests(page);
  try {
    await open(page, proxy.url + acme.enter);
    await expect(page).toHaveURL(`${proxy.url}/portal`);
    await expect(portal(page).projects).toHaveCount(2);
    await portal(page).link('Site').click();
    await expect(portal(page).updates).toHaveCount(1);
    await page.reload();
    await running(page);
    await expect(portal(page).heading('Site')).toBeVisible();
    const mark = page.getByRole('link', { name: 'Acme & Sons' }).locator('.mark');
    await expect(mark, 'the accent colour').toHaveCSS('fill', 'rgb(170, 0, 0)');
    // The lost connection is noticed and probed through the portal's path.
    await page.context().setOffline(true);
    await expect(page.getByText("The server can't be reached. Reconnecting")).toBeVisible();
    await page.context().setOffline(false);
    await expect(page.getByText('Connected again.')).toBeVisible();
    await checkAccessibility();
    await portal(page).leave.click();
    await expect(portal(page).noAccess).toBeVisible();
    await page.goto(`${proxy.url}/portal`);
    await expect(portal(page).noAccess).toBeVisible();
    await page.waitForLoadState('networkidle');
  } finally {
    proxy.close();
  }
  expect(proxy.refused).toEqual([]);
  const elsewhere = requests.map((request) => request.url()).filter((url) => !/^\/portal(\/|$)/.test(new URL(url).pathname));
  expect(elsewhere).toEqual([]);
});

test('a first visit needs at most nine requests, compressed, immutable and with checksums', async ({ page, server }) => {
  const office = await Office.of(server);
  const acme = await office.customer('Acme');
  await office.project('Site', acme);
  const requests = recordRequests(page);
  const assets: Promise<Record<string, string>>[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/portal/assets/')) assets.push(response.allHeaders());
  });
  await open(page, acme.enter);
  await expect(portal(page).heading('Site')).toBeVisible();
  await page.waitForLoadState('networkidle');
  // The link and its page; styles, boot script, app (2), translations; the client's data (2).
  expect(requests.length, requests.map((request) => request.url()).join('\n')).toBeLessThanOrEqual(9);
  expect(assets).toHaveLength(5);
  for (const headers of await Promise.all(assets)) {
    expect(headers['content-encoding']).toBe('br');
    expect(headers['cache-control']).toContain('immutable');
  }
  for (const loads of ['script[src]', 'link[rel=stylesheet]', 'link[rel=modulepreload]']) {
    await expect(page.locator(loads)).not.toHaveCount(0);
    await expect(page.locator(`${loads}:not([integrity])`), 'those without a checksum').toHaveCount(0);
  }
});

for (const [what, address] of [
  ['WebAssembly', '**/portal-*.wasm'],
  ['JavaScript', '**/portal-*.js'],
  ['words', '**/words-*.json'],
] as const) {
  test(`a portal without its ${what} shows an error`, async ({ page, server, provokes }) => {
    provokes.networkFailure();
    provokes.perhaps(/was preloaded using link preload but not used|Failed to fetch/);
    const office = await Office.of(server);
    const acme = await office.customer('Acme');
    await office.project('Site', acme);
    await cut(page, address);
    await page.goto(acme.enter, { waitUntil: 'domcontentloaded' });
    const block = page.getByRole('alert');
    await expect(block.getByRole('heading', { name: 'Part of the page did not load' })).toBeVisible();
    await page.unroute(address);
    await block.getByRole('button', { name: 'Reload the page' }).click();
    await running(page);
    await expect(portal(page).heading('Site')).toBeVisible();
    await expect(alertsIn(page)).toHaveCount(0);
  });
}
