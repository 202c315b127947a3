import { type AuthenticationData, type AuthenticationMode, authentication, createDirectus, graphql, rest } from '@directus/sdk';

import type { Server } from './server';

/** A cookie jar for programs without one. */
export class Jar {
  readonly cookies = new Map<string, string>();
  /** The last `Set-Cookie` headers. */
  set: string[] = [];

  /** A replacement of the global function. */
  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0) headers.set('cookie', [...this.cookies].map((pair) => pair.join('=')).join('; '));
    const answer = await fetch(input, { ...init, headers });
    this.set = answer.headers.getSetCookie();
    for (const header of this.set) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      if (/Max-Age=0/i.test(header) || value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  };
}

/** A program with Directus' unmodified client library. */
export function directus(server: Server, mode: AuthenticationMode = 'json', jar = new Jar()) {
  let kept: AuthenticationData | null = null;
  const storage = {
    get: () => kept,
    set: (data: AuthenticationData | null) => {
      kept = data;
    },
  };
  const client = createDirectus(server.url, { globals: { fetch: jar.fetch } })
    .with(authentication(mode, { autoRefresh: false, credentials: 'include', storage }))
    .with(rest({ credentials: 'include' }))
    .with(graphql({ credentials: 'include' }));
  return { client, jar, storage };
}

/** A program that is signed in as the first operator. */
export async function signedIn(server: Server, mode: AuthenticationMode = 'json') {
  const program = directus(server, mode);
  const data = await program.client.login('admin@localhost', server.password);
  return { ...program, data };
}

/** Status and code of a refusal. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    return `was taken: ${JSON.stringify(await promise)}`;
  } catch (error) {
    const { response, errors } = error as { response?: Response; errors?: { extensions?: { code?: string } }[] };
    return `${response?.status} ${errors?.[0]?.extensions?.code}`;
  }
}
