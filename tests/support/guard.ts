import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, ConsoleMessage, Page, Request } from '@playwright/test';

/** WCAG 2.2 AA, which contains the earlier ones, and what axe takes for good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const REPORT = 'reportPolicyViolation';

/** What a test says it will provoke. It must then happen: a permission that nothing needs hides the next fault. */
export class Provocations {
  private readonly expected: { pattern: RegExp; what: string; seen: boolean; needed: boolean }[] = [];

  /** The server refuses something; the browser itself writes that to the console. */
  status(status: number): void {
    const pattern = new RegExp(`^Failed to load resource: the server responded with a status of ${status} `);
    this.expect(pattern, `status ${status}`, true);
  }

  /** The network is cut. */
  networkFailure(): void {
    this.expect(/^Failed to load resource: net::ERR_/, 'a network failure', true);
  }

  /** The page says something on the console that the test wants to hear. */
  console(pattern: RegExp): void {
    this.expect(pattern, `${pattern} on the console`, true);
  }

  /** A script of the page fails. */
  pageError(pattern: RegExp): void {
    this.expect(pattern, `page error ${pattern}`, true);
  }

  /** As {@link console}, for what depends on how quick the machine is. */
  perhaps(pattern: RegExp): void {
    this.expect(pattern, `${pattern} on the console`, false);
  }

  /** Whether some test has said so. */
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

/** Watches every page of a browser context, and keeps what no page may do. */
export class Guard {
  readonly provokes = new Provocations();
  private readonly findings: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    private readonly scripts: boolean,
  ) {}

  /** To be called before the first page is opened. Without scripts axe can't look at pages. */
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

  /** Has axe look at a page as it is now. */
  async checkAccessibility(page: Page): Promise<void> {
    // Legacy mode saves opening a second page; its one limit is frames of other origins, and there are no frames.
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
    for (const { id, help, nodes } of violations) {
      for (const { html, failureSummary } of nodes) {
        this.find(`axe: ${id}: ${help}, at ${new URL(page.url()).pathname}\n    ${html}\n    ${failureSummary}`);
      }
    }
  }

  /** Has axe look at each open page for a last time. */
  async checkOpenPages(): Promise<void> {
    const shown = this.context.pages().filter((page) => this.scripts && page.url().startsWith('http'));
    for (const page of shown) {
      try {
        await this.checkAccessibility(page);
      } catch (error) {
        // The test ended while its page was being left: the next one is looked at.
        if (!String(error).includes('Execution context was destroyed')) throw error;
        await page.waitForLoadState();
        await this.checkAccessibility(page);
      }
    }
  }

  /** All that was found, and what was announced and did not come. */
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
