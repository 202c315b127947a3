import { Office, enter, portal } from '../support/portal';
import { accountMenu, logOut, open, running, signIn } from '../support/screens';
import { expect, test } from '../support/test';

const LINKS = [
  'support = "mailto:help@acme.example"',
  'links.privacy = "https://acme.example/privacy"',
  'links.terms = "https://acme.example/terms"',
];

test('the footer has the links of the installation, and for visitors language and theme', async ({ page, server }) => {
  await server.configure(['[branding]', ...LINKS, ''].join('\n'));
  const customer = await (await Office.of(server)).customer('Ada');
  const footer = page.getByRole('contentinfo');
  const language = footer.getByLabel('Language');
  for (const [address, has] of [
    ['/login', { choices: 1, version: 0 }],
    ['/', { choices: 0, version: 1 }],
    ['/portal', { choices: 1, version: 0 }],
  ] as const) {
    if (address === '/') await signIn(page, server);
    if (address === '/portal') await enter(page, customer);
    await open(page, address);
    await expect(footer.getByRole('link')).toHaveText(['Support', 'Privacy', 'Terms']);
    await expect(language).toHaveValue('en');
    for (const choice of [language, footer.getByLabel('Theme')]) {
      await expect(choice.filter({ visible: true }), 'only for visitors').toHaveCount(has.choices);
    }
    await expect(footer.getByText(/^Doorstep \d+\.\d+\.\d+$/), 'only for signed-in users').toHaveCount(has.version);
  }
});

test('the footer after signing out has no version', async ({ page, server }) => {
  await signIn(page, server);
  await accountMenu(page).button.click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await page.keyboard.press('Escape');
  await logOut(page);
  const footer = page.getByRole('contentinfo');
  await expect(footer.getByLabel('Theme')).toHaveValue('dark');
  await expect(footer.getByText(/^Doorstep \d/), 'only for signed-in users').toBeHidden();
});

test('a client chooses the language of the portal', async ({ page, server, checkAccessibility }) => {
  const office = await Office.of(server);
  const customer = await office.customer('Ada');
  await enter(page, customer);
  await page.getByRole('contentinfo').getByLabel('Language').selectOption('de');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await running(page);
  await expect(page.getByRole('button', { name: 'Abmelden' })).toBeVisible();
  await checkAccessibility();
  await page.getByRole('contentinfo').getByLabel('Sprache').selectOption('en');
  await expect(portal(page).leave).toBeVisible();
});
