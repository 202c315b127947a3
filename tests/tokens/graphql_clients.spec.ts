import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql as apolloGql } from '@apollo/client';
import { Client, cacheExchange, fetchExchange, gql } from '@urql/core';

import { expect, test } from '../support/test';

const EMAIL = 'admin@localhost';
const LOGIN = `mutation Login($email: String!, $password: String!) {
  auth_login(email: $email, password: $password) { access_token expires }
}`;

test('unmodified urql signs in: it requests type names', async ({ server }) => {
  const client = new Client({ url: `${server.url}/graphql/system`, exchanges: [cacheExchange, fetchExchange], preferGetMethod: false });
  const variables = { email: EMAIL, password: server.password };
  const { data, error } = await client.mutation(gql(LOGIN), variables).toPromise();
  expect(error).toBeUndefined();
  expect(data).toMatchObject({ auth_login: { __typename: 'auth_tokens', access_token: expect.any(String), expires: '900000' } });
  const wrong = await client.mutation(gql(LOGIN), { ...variables, password: 'not the password' }).toPromise();
  expect(wrong.error?.graphQLErrors[0]?.extensions).toMatchObject({ code: 'INVALID_CREDENTIALS' });
});

test('unmodified Apollo signs in: it requests type names', async ({ server }) => {
  const link: ApolloLink = new HttpLink({ uri: `${server.url}/graphql/system` });
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const variables = { email: EMAIL, password: server.password };
  const { data } = await client.mutate({ mutation: apolloGql(LOGIN), variables });
  expect(data).toMatchObject({ auth_login: { __typename: 'auth_tokens', access_token: expect.any(String), expires: '900000' } });
  const out = await client.mutate({ mutation: apolloGql('mutation { auth_password_request(email: "nobody@example.org") }') });
  expect(out.data).toMatchObject({ auth_password_request: true });
});
