import { type Page } from '@playwright/test';

import type { Server } from './server';

/** A screen in a state, language or medium, for `cargo xtask pictures`. */
export interface Scene {
  /** Brings the page to that state. */
  path: (page: Page, server: Server) => Promise<void>;
  /** Whether the first operator has chosen a password. */
  setUp?: false;
  /** The error statuses on the way. */
  provoked?: number | number[];
  /** Whether requests fail on the way. */
  networkFailure?: boolean;
  /** Whether it shows a loading state. */
  loading?: true;
  locale?: string;
  /** The width of the widest window, where a wider one would show nothing more. */
  widest?: number;
  /** Emulated media features besides light and dark. */
  media?: Parameters<Page['emulateMedia']>[0];
  /** Two pictures in place of four, where the others would show nothing more: wide and light, narrow and dark. */
  few?: true;
}

/** The same scenes with two pictures each. */
export const few = (scenes: Record<string, Scene>): Record<string, Scene> =>
  Object.fromEntries(Object.entries(scenes).map(([name, scene]) => [name, { ...scene, few: true }]));
