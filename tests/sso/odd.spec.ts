import { LyingProvider } from '../support/lying_provider';
import { goThrough, sessionCount } from '../support/providers';
import { expect, test } from '../support/test';

/** Unusual but valid answers of providers. */
const ODD = {
  'another audience beside us': { aud: ['doorstep', 'another'], azp: 'doorstep' },
  'dates as text': { updated_at: '2026-01-01T12:00:00Z' },
  'truth as text': { email_verified: 'true', phone_number_verified: 'false' },
  'numbers for names': { name: 5, preferred_username: 7, locale: 1 },
  'lists and objects for text': { picture: [], website: {}, zoneinfo: ['x'], address: 'a street', gender: null },
  'methods as text': { amr: 'pwd', acr: 0, auth_time: 'now', nbf: 'then', jti: 1, at_hash: 5 },
};

for (const [kind, claims] of Object.entries(ODD)) {
  test(`${kind} does no harm`, async ({ page, server }) => {
    await using provider = await LyingProvider.beside(server);
    provider.lies = claims;
    await goThrough(page, provider.label);
    await expect(page).toHaveURL('/');
    expect(await sessionCount(server)).toBe(1);
  });
}
