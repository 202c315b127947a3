import type { Page } from '@playwright/test';

/** Labels and headings of the app; what users wrote may be broken anywhere. */
const LABELS = 'h1, h2, h3, label, th, dt, button, .button, .badge, summary, nav a, .tabs a, time, strong, .note';
const WRITTEN_BY_USERS = 'bdi, code, .prose, [dir=auto]';

/**
 * Words of labels and headings that are broken over two lines, although they need less than this part of the screen's
 * width.
 */
export const brokenWords = (page: Page, part = 0.5): Promise<string[]> =>
  page.evaluate(
    ([labels, excluded, most]) => {
      const measure = document.createElement('canvas').getContext('2d');
      const broken = new Set<string>();
      const look = (node: Node) => {
        const parent = node.parentElement;
        if (!measure || !parent || parent.closest(excluded) || !parent.checkVisibility({ visibilityProperty: true })) return;
        measure.font = getComputedStyle(parent).font;
        // A line may end after a hyphen, a slash, or a soft hyphen.
        for (const { 0: word, index } of (node.nodeValue ?? '').matchAll(/[^\s\-/\u00ad\u200b@]+/g)) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
          if (lines.size > 1 && measure.measureText(word).width < innerWidth * most) {
            broken.add(`${word} in <${parent.tagName.toLowerCase()} class="${parent.className}">`);
          }
        }
      };
      for (const element of document.querySelectorAll(labels)) {
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) look(texts.currentNode);
      }
      return [...broken];
    },
    [LABELS, WRITTEN_BY_USERS, part] as const,
  );
