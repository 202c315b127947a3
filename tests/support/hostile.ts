import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CORPUS = join(import.meta.dirname, '../../crates/contract/tests/hostile_return_urls.txt');
const ESCAPES: Record<string, string> = { t: '\t', n: '\n', r: '\r', 0: '\0' };
/** Return URLs that must lead to the home page; shared by the tests of server and app. */
export const HOSTILE = readFileSync(CORPUS, 'utf8')
  .replace(/\n$/, '')
  .split('\n')
  .filter((line) => !line.startsWith('#'))
  .map((line) => line.replace(/\\([tnr0])/g, (_, escape: string) => ESCAPES[escape] ?? ''));
