import type { Page } from '@playwright/test';

/** Fields for prose or names of things, if they allow it. */
const PROSE = ['words', 'sentences'];
/** Names of fields for secrets, codes and account names. */
const EXACT = /pass|code|token|secret|user|slug|otp/i;

/**
 * The fields of a page with spell checking, autocorrection or capitalization: these must be off for secrets, codes and
 * account names, and no text may be sent to a spelling service.
 */
export async function correctedFields(page: Page): Promise<string[]> {
  return page.evaluate(
    ([prose, exact]) => {
      const fields = document.querySelectorAll<HTMLInputElement>(
        'input:not([type=hidden]):not([hidden]):not([type=checkbox]):not([type=radio]):not([type=date])',
      );
      const isLeftAlone = (field: HTMLInputElement): boolean => {
        const capitalises = field.getAttribute('autocapitalize') ?? '';
        const mayBeProse = field.type === 'text' && prose.includes(capitalises);
        if (field.getAttribute('spellcheck') !== 'false') return false;
        if (mayBeProse && !new RegExp(exact, 'i').test(`${field.name} ${field.id} ${field.autocomplete}`)) return true;
        return ['none', 'characters'].includes(capitalises) && field.getAttribute('autocorrect') === 'off';
      };
      return [...fields].filter((field) => !isLeftAlone(field)).map(({ outerHTML }) => outerHTML);
    },
    [PROSE, EXACT.source] as const,
  );
}
