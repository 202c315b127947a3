import type { Page } from '@playwright/test';

import { open, signInHere, welcome } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

/** The log lines about pages at another address. */
const warnings = (server: Server) => server.log.split('\n').filter((line) => line.includes('opened_at_another_address'));

/** A proxy at another address, which adds the usual headers. */
async function throughProxy(page: Page, server: Server, origin: string): Promise<void> {
  const { host, protocol } = new URL(origin);
  await page.route(`${origin}/**`, async (route) => {
    const request = route.request();
    const headers = {
      ...(await request.allHeaders()),
      // The browser adds it to its own requests.
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-host': host,
      'x-forwarded-proto': protocol.slice(0, -1),
    };
    const response = await route.fetch({ url: request.url().replace(origin, server.url), headers, maxRedirects: 0 });
    await route.fulfill({ response });
  });
}

test('behind an https proxy, a missing public URL is shown on the page, and logged once', async ({ page, server }) => {
  const origin = 'https://localhost:8443';
  await throughProxy(page, server, origin);
  for (const path of ['/login', '/projects', '/login']) {
    await open(page, origin + path);
    await expect(page.getByText(`This server's address is ${server.url}.`)).toBeVisible();
    await expect(page.getByRole('link', { name: `Go to ${server.url}` })).toHaveAttribute('href', new RegExp(`^${server.url}/login`));
  }
  await signInHere(page, server);
  await expect(welcome(page)).toBeVisible();
  const lines = warnings(server);
  expect(lines).toHaveLength(1);
  for (const words of [origin, server.url, 'say public_url']) expect(lines[0]).toContain(words);
  // The proxy ends with the test, and must be idle.
  await page.waitForLoadState('networkidle');
});

test('plain http with an https public URL is shown on the page, and logged once', async ({ page, server }) => {
  const [here, publicUrl] = ['http', 'https'].map((scheme) => server.url.replace('http://127.0.0.1', `${scheme}://localhost`));
  await server.configure(`public_url = "${publicUrl}"\n`);
  await open(page, `${here}/login`);
  const notice = page.getByText(`This server's address is ${publicUrl}.`);
  await expect(notice).toBeVisible();
  await signInHere(page, server);
  // Browsers treat localhost as secure; elsewhere there would be no session.
  await expect(welcome(page)).toBeVisible();
  await expect(notice).toBeVisible();
  await expect.poll(() => warnings(server).length).toBe(1);
  const [line] = warnings(server);
  for (const words of [`"${here}"`, `"${publicUrl}"`]) expect(line).toContain(words);
});
