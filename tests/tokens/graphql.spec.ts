import { readMe } from '@directus/sdk';

import { Authenticator } from '../support/authenticator';
import { directus, refusal, signedIn } from '../support/directus';
import { linkOf } from '../support/resets';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const ADMIN = 'admin@localhost';
const NEW = 'nine herons under lisbon';
const LOGIN = `mutation ($email: String!, $password: String!, $mode: auth_mode, $otp: String) {
  auth_login(email: $email, password: $password, mode: $mode, otp: $otp) { access_token refresh_token expires }
}`;

type Fields = Record<string, Record<string, unknown> | boolean>;

/** One mutation, by the client library. */
function mutate(server: Server, query: string, variables = {}, { client } = directus(server)): Promise<Fields> {
  return client.query<Fields>(query, variables, 'system');
}

test('sign in, refresh and sign out', async ({ server }) => {
  const credentials = { email: ADMIN, password: server.password };
  const { auth_login: tokens } = (await mutate(server, LOGIN, credentials)) as Record<string, Record<string, unknown>>;
  expect(tokens).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) });
  const program = directus(server);
  await program.client.setToken(String(tokens?.['access_token']));
  expect(await program.client.request(readMe())).toMatchObject({ email: ADMIN });

  const { auth_refresh: renewed } = (await mutate(
    server,
    'mutation ($token: String) { auth_refresh(refresh_token: $token, mode: json) { access_token refresh_token expires } }',
    { token: tokens?.['refresh_token'] },
  )) as Record<string, Record<string, unknown>>;
  expect(renewed?.['refresh_token']).not.toBe(tokens?.['refresh_token']);
  const out = await mutate(server, 'mutation ($token: String) { auth_logout(refresh_token: $token) }', {
    token: renewed?.['refresh_token'],
  });
  expect(out).toEqual({ auth_logout: true });
  await program.client.setToken(String(renewed?.['access_token']));
  expect(await refusal(program.client.request(readMe()))).toMatch(/^401 /);
});

test('cookies are set too', async ({ server }) => {
  const program = directus(server, 'session');
  await mutate(server, LOGIN, { email: ADMIN, password: server.password, mode: 'session' }, program);
  expect(await program.client.request(readMe())).toMatchObject({ email: ADMIN });
});

test('a password is reset', async ({ server }) => {
  expect(await mutate(server, `mutation { auth_password_request(email: "${ADMIN}") }`)).toEqual({ auth_password_request: true });
  const token = (await linkOf(server)).searchParams.get('token');
  const reset = 'mutation ($token: String!, $password: String!) { auth_password_reset(token: $token, password: $password) }';
  expect(await refusal(mutate(server, reset, { token, password: 'short' }))).toBe('200 FAILED_VALIDATION');
  expect(await mutate(server, reset, { token, password: NEW })).toEqual({ auth_password_reset: true });
  expect(await refusal(mutate(server, reset, { token, password: NEW }))).toBe('200 FORBIDDEN');
  await directus(server).client.login(ADMIN, NEW);
});

test('one-time codes', async ({ server }) => {
  const program = await signedIn(server);
  const generate = 'mutation ($password: String!) { users_me_tfa_generate(password: $password) { secret otpauth_url } }';
  const answer = (await mutate(server, generate, { password: server.password }, program)) as Record<string, Record<string, unknown>>;
  const secret = String(answer['users_me_tfa_generate']?.['secret']);
  const app = new Authenticator(secret);
  const enable = 'mutation ($secret: String!, $otp: String!) { users_me_tfa_enable(secret: $secret, otp: $otp) }';
  expect(await refusal(mutate(server, enable, { secret, otp: await app.wrongCode() }, program))).toBe('200 INVALID_PAYLOAD');
  await mutate(server, enable, { secret, otp: await app.code() }, program);
  const credentials = { email: ADMIN, password: server.password };
  expect(await refusal(mutate(server, LOGIN, credentials))).toBe('200 INVALID_OTP');
  await mutate(server, LOGIN, { ...credentials, otp: await app.code() });
  await mutate(server, 'mutation ($otp: String!) { users_me_tfa_disable(otp: $otp) }', { otp: await app.code() }, program);
  await mutate(server, LOGIN, credentials);
});

test('refusals have codes, and repeated operations can not bypass a limit', async ({ server }) => {
  const wrong = { email: ADMIN, password: 'not the password' };
  expect(await refusal(mutate(server, LOGIN, wrong))).toBe('200 INVALID_CREDENTIALS');
  const twice = `mutation { a: auth_login(email: "x@y.z", password: "x") { expires } b: auth_login(email: "x@y.z", password: "y") { expires } }`;
  expect(await refusal(mutate(server, twice))).toMatch(/ INVALID_PAYLOAD$/);
  const batch = await fetch(`${server.url}/graphql/system`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ query: LOGIN, variables: wrong }, { query: LOGIN, variables: wrong }]),
  });
  expect(batch.status).toBe(400);
  for (let attempt = 0; attempt < 6; attempt++) await refusal(mutate(server, LOGIN, wrong));
  expect(await refusal(mutate(server, LOGIN, { ...wrong, password: server.password }))).toBe('200 REQUESTS_EXCEEDED');
});
