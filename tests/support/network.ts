import type { Page, Request, Route } from '@playwright/test';

/** Delays the answers of requests until `release` is called. */
export async function hold(page: Page, url: string): Promise<{ release: () => void }> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(url, async (route) => {
    await released;
    await route.continue();
  });
  return { release };
}

/** Fails requests. */
export async function cut(page: Page, url: string): Promise<void> {
  await page.route(url, (route) => route.abort('connectionfailed'));
}

/** Sends a request, but drops its answer. */
export async function loseAnswer(page: Page, url: string): Promise<void> {
  const lose = async (route: Route) => {
    await route.fetch();
    await route.abort('connectionreset');
  };
  await page.route(url, lose, { times: 1 });
}

/** Records the page's requests from now on, optionally of one path. */
export function recordRequests(page: Page, path?: string): Request[] {
  const requests: Request[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && (path === undefined || url.pathname === path)) {
      requests.push(request);
    }
  });
  return requests;
}
