import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, ConsoleMessage, Page, Request } from '@playwright/test';

import { correctedFields } from './fields';
import { outOfOrder } from './order';

/** WCAG 2.2 AA, which includes earlier versions, and axe's best practices. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const REPORT = 'reportPolicyViolation';

/** Errors that a test expects. They must happen: an unneeded exception would hide other errors. */
export class Provocations {
  private readonly expected: { pattern: RegExp; what: string; seen: boolean; needed: boolean }[] = [];

  /** An error status, which the browser logs to the console. */
  status(status: number): void {
    const pattern = new RegExp(`^Failed to load resource: the server responded with a status of ${status} `);
    this.expect(pattern, `status ${status}`, true);
  }

  /** A network failure. */
  networkFailure(): void {
    this.expect(/^Failed to load resource: net::ERR_/, 'a network failure', true);
  }

  /** A message on the console. */
  console(pattern: RegExp): void {
    this.expect(pattern, `${pattern} on the console`, true);
  }

  /** An uncaught error. */
  pageError(pattern: RegExp): void {
    this.expect(pattern, `page error ${pattern}`, true);
  }

  /** Like {@link console}, but optional, where it depends on timing. */
  perhaps(pattern: RegExp): void {
    this.expect(pattern, `${pattern} on the console`, false);
  }

  /** Whether a message is expected. */
  covers(text: string): boolean {
    const covering = this.expected.filter(({ pattern }) => pattern.test(text));
    for (const expectation of covering) {
      expectation.seen = true;
    }
    return covering.length > 0;
  }

  missing(): string[] {
    return this.expected.filter(({ seen, needed }) => needed && !seen).map(({ what }) => what);
  }

  private expect(pattern: RegExp, what: string, needed: boolean): void {
    this.expected.push({ pattern, what, seen: false, needed });
  }
}

/** Watches all pages of a browser context, and records violations. */
export class Guard {
  readonly provokes = new Provocations();
  private readonly findings: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    private readonly scripts: boolean,
  ) {}

  /** Must be called before the first page is opened. Without scripts axe can't check pages. */
  static async watch(context: BrowserContext, { scripts = true } = {}): Promise<Guard> {
    const guard = new Guard(context, scripts);
    context.on('console', (message) => guard.hear(message));
    context.on('weberror', (error) => guard.catch(error.error()));
    context.on('request', (request) => guard.see(request));
    await context.exposeBinding(REPORT, (_, violation: string) => guard.find(`policy violation: ${violation}`));
    await context.addInitScript((report) => {
      const send = Reflect.get(window, report) as (violation: string) => void;
      const tell = (event: SecurityPolicyViolationEvent) =>
        send(`${event.effectiveDirective} blocked ${event.blockedURI} in ${event.documentURI}`);
      window.addEventListener('securitypolicyviolation', tell, true);
    }, REPORT);
    return guard;
  }

  /** Checks a page with axe, its fields for secrets and codes, and the order of the Tab key. */
  async checkAccessibility(page: Page): Promise<void> {
    // Legacy mode needs no second page. It can't check frames of other origins, but there are none.
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
    for (const { id, help, nodes } of violations) {
      for (const { html, failureSummary } of nodes) {
        this.find(`axe: ${id}: ${help}, at ${new URL(page.url()).pathname}\n    ${html}\n    ${failureSummary}`);
      }
    }
    for (const field of await correctedFields(page)) {
      this.find(`a field with spell checking or autocorrection, at ${new URL(page.url()).pathname}: ${field}`);
    }
    for (const element of await outOfOrder(page)) {
      this.find(`focused later than seen, at ${new URL(page.url()).pathname}: ${element}`);
    }
  }

  /** Checks each open page with axe at the end of a test. */
  async checkOpenPages(): Promise<void> {
    const shown = this.context.pages().filter((page) => this.scripts && page.url().startsWith('http'));
    for (const page of shown) {
      try {
        await this.checkAccessibility(page);
      } catch (error) {
        // The test ended during a navigation: check the next page.
        if (!String(error).includes('Execution context was destroyed')) throw error;
        await page.waitForLoadState();
        await this.checkAccessibility(page);
      }
    }
  }

  /** All findings, and expected errors that did not happen. */
  verdict(): string[] {
    return [...this.findings, ...this.provokes.missing().map((what) => `was to be provoked and did not come: ${what}`)];
  }

  private hear(message: ConsoleMessage): void {
    const loud = ['error', 'warning'].includes(message.type());
    if (loud && !this.provokes.covers(message.text())) {
      this.find(`console ${message.type()}: ${message.text()}`);
    }
  }

  private catch({ message }: Error): void {
    if (!this.provokes.covers(message)) {
      this.find(`page error: ${message}`);
    }
  }

  private see(request: Request): void {
    const url = new URL(request.url());
    const leaves = ['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && !LOOPBACK.includes(url.hostname);
    if (leaves) {
      this.find(`request to another machine: ${request.url()}`);
    }
  }

  private find(finding: string): void {
    if (!this.findings.includes(finding)) {
      this.findings.push(finding);
    }
  }
}
