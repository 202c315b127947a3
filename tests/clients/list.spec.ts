import { cut } from '../support/network';
import { open, section, signIn } from '../support/screens';
import { expect, test } from '../support/test';
import { ON_A_PAGE, Workspace, listPage, seedClients } from '../support/workspace';

test('the first client is created, with a slug derived from its name', async ({ page, server, checkAccessibility }) => {
  await signIn(page, server);
  await section(page, 'Clients').click();
  const list = listPage(page, 'Clients');
  await expect(page).toHaveURL('/clients');
  await expect(page).toHaveTitle('Clients – Doorstep');
  await expect(list.heading).toBeFocused();
  await expect(list.shown).toHaveText('No clients yet. Create the first one.');
  await list.create.click();
  await list.submit.click();
  await expect(list.refused).toHaveText('Enter a name.');
  await checkAccessibility();
  await list.name.fill('Ada & Söhne');
  await list.submit.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ada & Söhne' })).toBeFocused();
  await expect(page).toHaveTitle('Ada & Söhne – Doorstep');
  await expect(page.getByText(/^ada-s[a-z]+hne$/)).toBeVisible();
});

test('a taken or invalid slug shows an error at its field, and all fields keep their values', async ({
  page,
  server,
  provokes,
}) => {
  await (await Workspace.of(server)).client('Ada');
  await signIn(page, server);
  await open(page, '/clients');
  const list = listPage(page, 'Clients');
  await list.create.click();
  await list.name.fill('Another Ada');
  for (const [slug, status, sentence] of [
    ['ada', 409, 'Another client uses this short name.'],
    ['Not a slug', 422, 'Use lowercase letters, digits, and single hyphens'],
  ] as const) {
    provokes.status(status);
    await list.slug.fill(slug);
    await list.submit.click();
    await expect(list.refused).toContainText(sentence);
    await expect(list.slug).toBeFocused();
    await expect(list.slug).toHaveAttribute('aria-invalid', 'true');
    await expect(list.name).toHaveValue('Another Ada');
    await expect(list.slug).toHaveValue(slug);
  }
  provokes.networkFailure();
  await list.slug.fill('ada-2');
  await cut(page, '**/api/clients');
  await list.submit.click();
  await expect(list.refused).toContainText("The server can't be reached.");
  await expect(list.slug).toHaveValue('ada-2');
  await page.unroute('**/api/clients');
  await list.submit.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Another Ada' })).toBeVisible();
});

test('the document has one page of ten thousand clients, and search finds any', async ({ page, server }) => {
  await seedClients(server, 10_000);
  await signIn(page, server);
  await open(page, '/clients');
  const list = listPage(page, 'Clients');
  await expect(list.rows).toHaveCount(ON_A_PAGE);
  await expect(list.shown).toHaveText('1–50 of 10,000');
  await list.search.fill('client-04242');
  await expect(list.rows).toHaveCount(1);
  await expect(page).toHaveURL('/clients?q=client-04242');
  await page.reload();
  await expect(list.rows).toContainText('Client 04242');
});
