import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from '@playwright/test';
import * as openid from 'openid-client';

import { authorizeView, endView, entryView, followAndType, send, whoIs } from '../support/device';
import { PROGRAMS, Program, scanTerminal } from '../support/device_clients';
import { open, signIn } from '../support/screens';
import { BINARY } from '../support/server';
import { expect, test } from '../support/test';
import { Workspace } from '../support/workspace';

/** Opens the link of a device, types the rest of the code, and approves the device. */
async function letIn(page: Page, link: unknown, code: unknown): Promise<void> {
  await followAndType(page, String(link), String(code));
  await authorizeView(page).allow.click();
  await expect(endView(page).approved).toBeVisible();
}

test.describe('unmodified clients are authorized:', () => {
  test.beforeEach(async ({ page, server }) => signIn(page, server));

  test('openid-client (npm)', async ({ page, server }) => {
    const config = await openid.discovery(new URL(server.url), 'difyctl', undefined, openid.None(), {
      algorithm: 'oauth2',
      // The library's option for servers on plain HTTP.
      execute: [openid.allowInsecureRequests],
    });
    expect(config.serverMetadata().issuer).toBe(server.url);
    const codes = await openid.initiateDeviceAuthorization(config, { scope: 'full', device_label: 'openid-client' });
    const [answer] = await Promise.all([
      openid.pollDeviceAuthorizationGrant(config, codes),
      letIn(page, codes.verification_uri_complete, codes.user_code),
    ]);
    expect(answer).toMatchObject({ token_type: 'bearer', scope: 'full', expires_in: expect.any(Number) });
    const me = await openid.fetchProtectedResource(config, answer.access_token, new URL('/v1/me', server.url), 'GET');
    expect(await me.json()).toMatchObject({ subject_type: 'account', account: { name: 'admin' } });
  });

  test('openid-client (npm) gets the denial', async ({ page, server }) => {
    const config = await openid.discovery(new URL(server.url), 'difyctl', undefined, openid.None(), {
      algorithm: 'oauth2',
      execute: [openid.allowInsecureRequests],
    });
    const codes = await openid.initiateDeviceAuthorization(config, {});
    const refused = expect(openid.pollDeviceAuthorizationGrant(config, codes)).rejects.toMatchObject({
      error: 'access_denied',
    });
    await open(page, codes.verification_uri);
    await entryView(page).code.fill(codes.user_code);
    await entryView(page).submit.click();
    await authorizeView(page).deny.click();
    await expect(endView(page).denied).toBeVisible();
    await refused;
  });

  for (const [library, command] of Object.entries(PROGRAMS)) {
    test(library, async ({ page, server }) => {
      await using program = new Program([...command, server.url, library]);
      const codes = await program.output.json();
      await letIn(page, codes['verification_uri_complete'], codes['user_code']);
      const token = await program.output.json();
      await program.ended();
      expect((await whoIs(server, String(token['access_token']))).body).toMatchObject({ account: { name: 'admin' } });
      await endView(page).revoke.click();
      await expect(page.getByRole('heading', { name: library, exact: true })).toBeVisible();
    });
  }

  test('doorstep device-login, which stores the token readable by its user only', async ({ page, server }) => {
    const home = await mkdtemp(join(server.dataDir, 'home-'));
    const words = ['device-login', '--server', server.url, '--label', 'a terminal'];
    await using program = new Program([BINARY, ...words], { HOME: home, XDG_CONFIG_HOME: '' });
    const link = await program.output.find(/^Open this page: (\S+)$/);
    const code = await program.output.find(/: ([A-Z]{4}-[A-Z]{4})$/);
    await program.output.find(/^Waiting for approval\. The code expires in 15 minutes\.$/);
    expect(await scanTerminal(program.output.read), 'the QR code in the terminal is the link').toBe(link);
    await letIn(page, link, code);
    const file = await program.output.find(/^Signed in\. The token is in (.+)$/);
    await program.ended();
    expect(file.startsWith(home), file).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const kept = JSON.parse(await readFile(file, 'utf8')) as { server: string; token: { access_token: string } };
    expect(kept.server).toBe(server.url);
    expect((await whoIs(server, kept.token.access_token)).status).toBe(200);
    expect(program.output.read.join('\n'), 'the token is not printed').not.toContain(kept.token.access_token);
  });

  test('doorstep device-login --json, which prints only the token', async ({ page, server }) => {
    await using program = new Program([BINARY, 'device-login', '--server', server.url, '--json']);
    const link = await program.errors.find(/^Open this page: (\S+)$/);
    const code = await program.errors.find(/: ([A-Z]{4}-[A-Z]{4})$/);
    await letIn(page, link, code);
    const printed = await program.output.rest();
    await program.ended();
    const token = JSON.parse(printed) as Record<string, unknown>;
    expect(token).toMatchObject({ token_type: 'Bearer', subject_type: 'account', scope: 'full' });
    expect((await whoIs(server, String(token['access_token']))).status).toBe(200);
  });

  test('doorstep device-login reports the denial', async ({ page, server }) => {
    await using program = new Program([BINARY, 'device-login', '--server', server.url, '--json']);
    const link = await program.errors.find(/^Open this page: (\S+)$/);
    const code = await program.errors.find(/: ([A-Z]{4}-[A-Z]{4})$/);
    await followAndType(page, link, code);
    await authorizeView(page).deny.click();
    await program.errors.find(/the request was denied in the browser/);
    await expect(program.ended()).rejects.toThrow('it ended with 1');
  });

  test('the requests of difyctl', async ({ page, server }) => {
    const mount = `${server.url}/openapi/v1/oauth/device`;
    const post = (url: string, body: object) =>
      send(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    // It compares the version with known ones of Dify.
    expect(await send(`${server.url}/openapi/v1/_version`)).toMatchObject({
      status: 200,
      body: { version: expect.stringMatching(/^1\.1[45]\./), edition: 'SELF_HOSTED', doorstep: expect.any(String) },
    });
    const asked = { client_id: 'difyctl', device_label: 'difyctl on a-laptop' };
    const { status, body: codes } = await post(`${mount}/code`, asked);
    expect(status).toBe(200);
    expect(codes).toMatchObject({
      device_code: expect.stringMatching(/^dc_/),
      verification_uri: `${server.url}/device`,
      expires_in: 900,
      interval: 5,
    });
    const poll = () => post(`${mount}/token`, { device_code: codes['device_code'], client_id: 'difyctl' });
    expect(await poll()).toMatchObject({ status: 400, body: { error: 'authorization_pending' } });
    expect(await poll()).toMatchObject({ status: 400, body: { error: 'slow_down' } });
    await letIn(page, codes['verification_uri_complete'], codes['user_code']);

    const { status: given, body: token } = await poll();
    expect(given).toBe(200);
    const account = { id: expect.any(String), email: 'admin@localhost', name: 'admin' };
    expect(token).toMatchObject({
      access_token: expect.stringMatching(/^dfoa_/),
      token: token['access_token'],
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      scope: 'full',
      subject_type: 'account',
      account,
      workspaces: [],
      token_id: expect.any(String),
    });
    expect(token, 'absent, not null').not.toHaveProperty('default_workspace_id');

    const headers = { authorization: `Bearer ${String(token['token'])}` };
    /** It requests the catalog before each request, and fails without one. */
    const read = async (path: string, method = 'GET') => {
      const catalog = await send(`${server.url}/openapi/v1/_catalog`, { headers });
      expect(catalog).toMatchObject({ status: 200, body: { ops: { 'get.workspace': { method: 'GET' } } } });
      return send(server.url + path, { method, headers });
    };
    expect(await read('/openapi/v1/account')).toMatchObject({
      status: 200,
      body: { subject_type: 'account', subject_email: 'admin@localhost', account, workspaces: [] },
    });
    // "get workspace" and "use workspace".
    const project = (await (await Workspace.of(server)).project('The bridge')).replace('/projects/', '');
    const workspace = { id: project, name: 'The bridge', role: 'owner', status: 'normal', current: true };
    expect(await read('/openapi/v1/workspaces')).toMatchObject({ status: 200, body: { workspaces: [workspace] } });
    expect(await read(`/openapi/v1/workspaces/${project}/switch`, 'POST')).toEqual({ status: 200, body: workspace });
    expect(await read('/openapi/v1/account')).toMatchObject({ status: 200, body: { default_workspace_id: project } });

    const session = { id: token['token_id'], client_id: 'difyctl', device_label: 'difyctl on a-laptop' };
    const list = await read('/openapi/v1/account/sessions?page=1&limit=20');
    expect(list).toMatchObject({ status: 200, body: { page: 1, limit: 20, total: 1, has_more: false, data: [session] } });
    expect(await read('/openapi/v1/account/sessions/self', 'DELETE')).toEqual({ status: 200, body: { status: 'revoked' } });
    expect(await read('/openapi/v1/account')).toMatchObject({ status: 401 });
    expect(await read('/openapi/v1/account/sessions/self', 'DELETE'), 'again').toEqual({
      status: 200,
      body: { status: 'revoked' },
    });
  });
});
