import type { Locator } from '@playwright/test';

import { open, signIn } from '../support/screens';
import { expect, test } from '../support/test';
import { Workspace, linksPanel } from '../support/workspace';

/** Words that are continued on another line, where the element has room for them on one. */
const broken = (elements: Locator): Promise<string[]> =>
  elements.evaluateAll((all) =>
    all.flatMap((element) => {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const words: string[] = [];
      for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
        for (const { 0: word, index } of (text.textContent ?? '').matchAll(/[\p{L}\p{N}]+/gu)) {
          const range = document.createRange();
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
          if (lines.size > 1) words.push(word);
        }
      }
      return words;
    }),
  );

/** Buttons whose label has more than one line. */
const wrapped = (buttons: Locator): Promise<string[]> =>
  buttons.evaluateAll((all) =>
    all
      .filter((button) => {
        const range = document.createRange();
        range.selectNodeContents(button);
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
      })
      .map((button) => button.textContent ?? ''),
  );

for (const language of ['de', 'ru']) {
  test(`no word is broken in the tables of a client, nor on a small phone (${language})`, async ({
    page,
    server,
    context,
  }) => {
    const workspace = await Workspace.of(server);
    const client_id = await workspace.client('Wohnungsbaugenossenschaft Friedrichshain-Kreuzberg');
    const name = 'Restaurierung der denkmalgeschützten Eingangshalle und des Treppenhauses';
    const project = await workspace.project(name, { client_id, status: 'paused' });
    await workspace.write(project, 'The first arch stands.');
    await page.setViewportSize({ width: 1120, height: 800 });
    await signIn(page, server);
    await open(page, `/clients/${client_id}`);
    const links = linksPanel(page);
    for (const label of ['For the foreman of the construction site', 'For the office']) {
      await links.note.fill(label);
      await links.make.click();
      await expect(links.entries.filter({ hasText: label })).toHaveCount(1);
    }
    await links.kept.click();
    await server.alter(
      `UPDATE client_links SET created_by = 'Maximilian Wagenknecht', last_used_at = created_at;
       UPDATE client_links SET revoked_at = created_at WHERE label = 'For the office'`,
    );
    await context.addCookies([{ name: 'doorstep_language', value: language, url: server.url }]);
    for (const width of [1024, 1120]) {
      await page.setViewportSize({ width, height: 800 });
      await open(page, `/clients/${client_id}`);
      await expect(page.locator('.rows tbody tr')).toHaveCount(3);
      const main = page.getByRole('main');
      expect(await wrapped(main.locator('.button')), `${width} px`).toEqual([]);
      expect(await broken(main.locator('.button, th, time, .badge, td bdi')), `${width} px`).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `${width} px`).toBeLessThanOrEqual(0);
      const cut = await main.locator('.rows').evaluateAll((all) => all.map((rows) => rows.scrollWidth - rows.clientWidth));
      expect(Math.max(...cut), `${width} px`).toBeLessThanOrEqual(0);
      await open(page, '/projects');
      await expect(page.locator('.rows tbody tr')).toHaveCount(1);
      expect(await broken(page.locator('th, time, .badge')), `${width} px`).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await open(page, '/');
    await expect(page.locator('.events li')).not.toHaveCount(0);
    expect(await broken(page.locator('.events strong, .events time, .attention p, .button'))).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}
