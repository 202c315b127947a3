import type { Locator, Page } from '@playwright/test';

/** The shown errors. Alerts without text are in the page from the start, so that their first text is announced. */
export function alertsIn(place: Page | Locator): Locator {
  return place.getByRole('alert').filter({ hasText: /\S/ });
}
