import type { Page } from '@playwright/test';

import { alertsIn } from '../support/alerts';
import { turnOnTotp } from '../support/authenticator';
import { open } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

/** Texts of the sign-in in other languages. */
const GERMAN = {
  heading: 'Anmelden',
  username: 'Benutzername oder E-Mail',
  password: 'Passwort',
  submit: 'Anmelden',
};
const RUSSIAN = {
  heading: 'Вход',
  username: 'Имя пользователя или эл. почта',
  password: 'Пароль',
  submit: 'Войти',
};

function form(page: Page, words: typeof GERMAN) {
  return {
    heading: page.getByRole('heading', { level: 1, name: words.heading, exact: true }),
    username: page.getByLabel(words.username),
    password: page.getByLabel(words.password, { exact: true }),
    submit: page.getByRole('button', { name: words.submit, exact: true }),
    alert: alertsIn(page),
  };
}

test.describe('in a browser that asks for German', () => {
  test.use({ locale: 'de-AT', viewport: { width: 320, height: 640 } });

  test('the sign-in with a second factor and the number of codes are in German', async ({
    page,
    server,
    provokes,
    checkAccessibility,
  }) => {
    provokes.status(401);
    const { app } = await turnOnTotp(server);
    await open(page, '/login');
    const signIn = form(page, GERMAN);
    await expect(signIn.heading).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expectToFit(page);
    await checkAccessibility();

    await signIn.username.fill(server.username);
    await signIn.password.fill(server.password);
    await signIn.submit.click();
    await expect(page.getByRole('heading', { level: 1, name: 'Zwei-Faktor-Authentifizierung' })).toBeVisible();
    await expect(page).toHaveTitle('Zwei-Faktor-Authentifizierung – Doorstep');
    await expectToFit(page);
    await checkAccessibility();
    await page.getByLabel('Bestätigungscode', { exact: true }).fill(await app.code());
    await expect(page.getByRole('heading', { level: 1, name: 'Willkommen, admin' })).toBeVisible();
    await expectToFit(page);
    await checkAccessibility();

    for (const address of ['/account', '/account/security', '/account/sessions', '/projects', '/clients', '/audit', '/device']) {
      await open(page, address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectToFit(page);
    }
    await leaveCodes(server, 2);
    await open(page, '/');
    await page.getByRole('button', { name: 'Kontomenü von admin' }).click();
    await expect(page.getByRole('menuitem').filter({ hasText: 'Noch 2 Wiederherstellungscodes übrig.' })).toBeVisible();
  });
});

test.describe('in a browser that asks for Russian', () => {
  test.use({ locale: 'ru-UA', viewport: { width: 320, height: 640 } });

  test('the sign-in page, its errors and plural forms are in Russian', async ({
    page,
    server,
    provokes,
    checkAccessibility,
  }) => {
    provokes.status(401);
    await open(page, '/login');
    const signIn = form(page, RUSSIAN);
    await expect(signIn.heading).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
    await expect(page).toHaveTitle('Вход — Doorstep');
    await expectToFit(page);
    await checkAccessibility();

    await signIn.username.fill(server.username);
    await signIn.password.fill('not the password');
    await signIn.submit.click();
    await expect(signIn.alert).toHaveText('Неверное имя пользователя или пароль.');
    await expectToFit(page);
    await checkAccessibility();

    const { app } = await turnOnTotp(server);
    await signIn.password.fill(server.password);
    await signIn.submit.click();
    await page.getByLabel('Код подтверждения', { exact: true }).fill(await app.code());
    await expect(page.getByRole('heading', { level: 1, name: 'Добро пожаловать, admin' })).toBeVisible();
    for (const [count, sentence] of [
      [10, 'Осталось 10. Нужны, если'],
      [3, 'Осталось 3. Нужны, если'],
      [1, 'Остался 1. Нужен, если'],
    ] as const) {
      await leaveCodes(server, count);
      await open(page, '/account/security');
      await expect(page.getByRole('main')).toContainText(sentence);
      await expectToFit(page);
    }
    // The menu counts few codes only.
    await open(page, '/');
    await page.getByRole('button', { name: 'Меню аккаунта: admin' }).click();
    await expect(page.getByRole('menuitem').filter({ hasText: 'Остался 1 код восстановления.' })).toBeVisible();
    await expectToFit(page);
  });
});

test('the menu lists each language by its own name', async ({ page, server }) => {
  await page.context().addCookies([{ name: 'doorstep_language', value: 'ru', url: server.url }]);
  await open(page, '/login');
  const signIn = form(page, RUSSIAN);
  await signIn.username.fill(server.username);
  await signIn.password.fill(server.password);
  await signIn.submit.click();
  await page.getByRole('button', { name: 'Меню аккаунта: admin' }).click();
  for (const name of ['Deutsch', 'English', 'Русский', '简体中文']) {
    await expect(page.getByRole('menuitemradio', { name, exact: true })).toBeVisible();
  }
  await expect(page.getByRole('menuitemradio', { name: 'Русский' })).toHaveAttribute('aria-checked', 'true');
});

/** Uses up all recovery codes but this number. */
const leaveCodes = (server: Server, count: number) =>
  server.alter(`DELETE FROM recovery_codes WHERE rowid NOT IN (SELECT rowid FROM recovery_codes LIMIT ${count})`);

/** Expects no horizontal scrolling, and no button whose text overflows. */
async function expectToFit(page: Page): Promise<void> {
  const wide = await page.evaluate(() => {
    const parts = [document.documentElement, ...document.querySelectorAll('button, .button')];
    return parts
      .filter((part) => part.scrollWidth > part.clientWidth && part.clientWidth > 0)
      .map((part) => {
        const what = part === document.documentElement ? 'the page' : `“${part.textContent}”`;
        return `${what}: ${part.scrollWidth} in ${part.clientWidth}`;
      });
  });
  expect.soft(wide, `${page.url()} does not fit`).toEqual([]);
}
