import { type Page } from '@playwright/test';

import type { Server } from './server';

/** A screen in one of its states, or for readers that see it in another way: what `cargo xtask pictures` takes. */
export interface Scene {
  /** Brings the page to it. */
  path: (page: Page, server: Server) => Promise<void>;
  /** Whether the first operator has chosen a password already. */
  setUp?: false;
  /** The statuses that the way there provokes. */
  provoked?: number | number[];
  /** Whether requests fail on the way. */
  networkFailure?: boolean;
  locale?: string;
  /** The widest window, where a wider one shows nothing more. */
  widest?: number;
  /** What is emulated besides light and dark. */
  media?: Parameters<Page['emulateMedia']>[0];
  /** Two pictures in place of four, where the others would show nothing more: wide and light, narrow and dark. */
  few?: true;
}

/** The same, of which two pictures are enough. */
export const few = (scenes: Record<string, Scene>): Record<string, Scene> =>
  Object.fromEntries(Object.entries(scenes).map(([name, scene]) => [name, { ...scene, few: true }]));
