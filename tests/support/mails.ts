import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from '@playwright/test';

import type { Server } from './server';

/** A mail that lies in the outbox. */
export interface Mail {
  to: string;
  subject: string;
  /** Its text part. */
  text: string;
}

/** All mails to an address, the oldest first. */
export async function mailsTo(server: Server, address: string): Promise<Mail[]> {
  const folder = join(server.dataDir, 'outbox');
  const names = await readdir(folder).catch(() => []);
  const letters = names.filter((name) => name.endsWith('.eml')).sort();
  const mails = await Promise.all(letters.map(async (name) => read(await readFile(join(folder, name), 'utf8'))));
  return mails.filter(({ to }) => to === address);
}

/** The mail with this subject, once it has come. */
export async function mailTo(server: Server, address: string, subject: string): Promise<Mail> {
  const find = async () => (await mailsTo(server, address)).findLast((mail) => mail.subject === subject);
  await expect.poll(async () => (await find())?.subject, `a mail to ${address}: ${subject}`).toBe(subject);
  return (await find()) ?? { to: '', subject: '', text: '' };
}

function read(raw: string): Mail {
  const [head = '', ...parts] = raw.replaceAll('\r\n', '\n').split('\n\n');
  const field = (name: string) => new RegExp(`^${name}: (.*(?:\n .*)*)`, 'm').exec(head)?.[1] ?? '';
  const [kind = '', ...text] = parts.join('\n\n').split(/^--.+\n/m)[1]?.split('\n\n') ?? [];
  const encoded = /quoted-printable/.test(kind);
  const body = text.join('\n\n');
  return { to: field('To'), subject: words(field('Subject')), text: encoded ? printable(body) : body };
}

/** RFC 2045 §6.7. */
function printable(text: string): string {
  const bytes = text.replaceAll('=\n', '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** RFC 2047: encoded words in UTF-8 and base64. */
function words(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, base64: string) => Buffer.from(base64, 'base64').toString('utf8'));
}
