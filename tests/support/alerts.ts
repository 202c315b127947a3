import type { Locator, Page } from '@playwright/test';

/** The errors that are shown. An alert without text is there from the beginning, so that its first text is announced. */
export function alertsIn(place: Page | Locator): Locator {
  return place.getByRole('alert').filter({ hasText: /\S/ });
}
