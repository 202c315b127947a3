import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from '@playwright/test';

import type { Server } from './server';

/** A mail in the outbox. */
export interface Mail {
  to: string;
  subject: string;
  /** Its text part. */
  text: string;
  /** Its HTML part. */
  html: string;
}

/** All mails to an address, oldest first. */
export async function mailsTo(server: Server, address: string): Promise<Mail[]> {
  const folder = join(server.dataDir, 'outbox');
  const names = await readdir(folder).catch(() => []);
  const letters = names.filter((name) => name.endsWith('.eml')).sort();
  const mails = await Promise.all(letters.map(async (name) => read(await readFile(join(folder, name), 'utf8'))));
  return mails.filter(({ to }) => to === address);
}

/** Waits for the mail with this subject. */
export async function mailTo(server: Server, address: string, subject: string): Promise<Mail> {
  const find = async () => (await mailsTo(server, address)).findLast((mail) => mail.subject === subject);
  await expect.poll(async () => (await find())?.subject, `a mail to ${address}: ${subject}`).toBe(subject);
  return (await find()) ?? { to: '', subject: '', text: '', html: '' };
}

function read(raw: string): Mail {
  const [head = '', ...rest] = raw.replaceAll('\r\n', '\n').split('\n\n');
  const field = (name: string) => new RegExp(`^${name}: (.*(?:\n .*)*)`, 'm').exec(head)?.[1] ?? '';
  const parts = rest.join('\n\n').split(/^--[0-9a-f-]{36}(?:--)?\n/m);
  return { to: field('To'), subject: words(field('Subject')), text: content(parts[1]), html: content(parts[2]) };
}

/** The decoded content of a part. */
function content(part = ''): string {
  const [kind = '', ...paragraphs] = part.split('\n\n');
  const body = paragraphs.join('\n\n');
  return /quoted-printable/.test(kind) ? printable(body) : body;
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
