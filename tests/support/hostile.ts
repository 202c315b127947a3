import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CORPUS = join(import.meta.dirname, '../../crates/contract/tests/hostile_return_urls.txt');
const ESCAPES: Record<string, string> = { t: '\t', n: '\n', r: '\r', 0: '\0' };
/** Return URLs that must end on the start page; server and app are tested with the same. */
export const HOSTILE = readFileSync(CORPUS, 'utf8')
  .replace(/\n$/, '')
  .split('\n')
  .filter((line) => !line.startsWith('#'))
  .map((line) => line.replace(/\\([tnr0])/g, (_, escape: string) => ESCAPES[escape] ?? ''));
