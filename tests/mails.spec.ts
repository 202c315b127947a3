import type { Page } from '@playwright/test';

import { MAILS, linkIn, show, written } from './support/mail_walk';
import { type Mail, mailTo } from './support/mails';
import { expect, test } from './support/test';

/** Checks a mail in both widths and themes. */
async function look(page: Page, mail: Mail, checkAccessibility: () => Promise<void>): Promise<void> {
  await show(page, mail);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  for (const width of [360, 700]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 700 });
      await page.emulateMedia({ colorScheme });
      await page.setContent(mail.html);
      const scrolls = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(scrolls, `it fits in ${width} px`).toBeLessThanOrEqual(width);
      await checkAccessibility();
    }
  }
  expect(requests, 'opening a mail sends no requests').toEqual([]);
}

/** The words of a text, without separators. */
const words = (text: string) => text.split(/[\s:：]+/).filter((word) => word !== '' && word !== '--');

/** Checks that both parts have the same words and link. */
async function saysTheSame(page: Page, mail: Mail): Promise<void> {
  const shown = words(await page.locator('body').innerText());
  expect(words(mail.text).filter((word) => !shown.includes(word)), mail.text).toEqual([]);
  const links = await page.locator('main a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  expect(links).toEqual(linkIn(mail) === '' ? [] : [linkIn(mail), linkIn(mail)]);
  // Its English compounds have a hyphen that no line ends with.
  const heading = await page.getByRole('heading', { level: 1 }).innerText();
  expect(heading.replaceAll('\u2011', '-')).toBe(mail.subject);
}

for (const name of Object.keys(MAILS)) {
  test(`the mail ${name} is accessible in both widths and themes, sends no requests, and equals its text`, async ({
    page,
    server,
    checkAccessibility,
  }) => {
    const mail = await written(name, server, page);
    await look(page, mail, checkAccessibility);
    await saysTheSame(page, mail);
  });
}

for (const [language, subject] of [
  ['de', 'Ihr Passwort für Doorstep wurde geändert'],
  ['ru', 'Doorstep: ваш пароль изменён'],
  ['zh-Hans', '您的 Doorstep 密码已更改'],
] as const) {
  test(`a mail is accessible in ${language}`, async ({ page, server, checkAccessibility }) => {
    await server.alter(`UPDATE accounts SET language = '${language}'`);
    await server.command(['user', 'password', 'admin'], 'nine herons over lisbon\n');
    const mail = await mailTo(server, 'admin@localhost', subject);
    await look(page, mail, checkAccessibility);
    await saysTheSame(page, mail);
    await expect(page.locator('html')).toHaveAttribute('lang', language);
  });
}

test('a mail has the name, the accent and the support of its installation', async ({ page, server, checkAccessibility }) => {
  await server.configure('[branding]\nname = "Acme"\naccent = "#f5c518"\nsupport = "mailto:help@acme.example"\n');
  await server.command(['user', 'password', 'admin'], 'nine herons over lisbon\n');
  const mail = await mailTo(server, 'admin@localhost', 'Your Acme password was changed');
  await look(page, mail, checkAccessibility);
  await saysTheSame(page, mail);
  await expect(page.getByRole('link', { name: 'help@acme.example' })).toHaveAttribute('href', 'mailto:help@acme.example');
});
