import { hold, recordRequests } from '../support/network';
import { open, signIn } from '../support/screens';
import { expect, test } from '../support/test';
import { Workspace, clientPanel } from '../support/workspace';

test('repeated presses begin one preview', async ({ page, server }) => {
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  const button = page.getByRole('button', { name: 'View client portal' });
  const requests = recordRequests(page, `/api${address}/portal-preview`);
  const slow = await hold(page, '**/portal-preview');
  await button.click();
  await expect(button).toHaveAttribute('aria-busy', 'true');
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await button.click({ force: true });
  slow.release();
  await expect(page).toHaveURL('/portal');
  expect(requests.map((request) => request.method())).toEqual(['POST']);
  await page.goBack();
  await expect(button).not.toHaveAttribute('aria-busy');
  await page.reload();
  await expect(clientPanel(page).section, 'the client that the preview created').toContainText('For previews');
});

test('a preview with an inactive client shows which one to activate', async ({ page, server, provokes }) => {
  provokes.status(409);
  const address = await (await Workspace.of(server)).project('The bridge');
  await signIn(page, server);
  await open(page, address);
  await page.getByRole('button', { name: 'View client portal' }).click();
  await expect(page).toHaveURL('/portal');
  await server.alter('UPDATE projects SET client_id = NULL; UPDATE clients SET active = 0');
  await open(page, address);
  const button = page.getByRole('button', { name: 'View client portal' });
  await button.click();
  await expect(page.getByText('The client used for previews is deactivated.')).toBeVisible();
  await expect(page).toHaveURL(address);
  await expect(button).not.toHaveAttribute('aria-busy');
});
