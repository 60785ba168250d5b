import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds on a page as it is now, of WCAG 2.2 AA and its own best practices.
 *
 * @throws Error that names each serious or critical problem with the elements it is about.
 */
export async function expectNoAxeProblems(page: Page): Promise<void> {
  const problems = await axeProblems(page);
  if (problems.length > 0) throw new Error(`axe at ${page.url()}:\n${problems.join('\n')}`);
}

/** One text per problem. */
export async function axeProblems(page: Page): Promise<string[]> {
  // Through the debugger, which the page's content policy is not asked about: it stays as it is served.
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('Runtime.evaluate', { expression: `${AXE};undefined` });
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      // Reading style sheets once more would make style elements, which the policy refuses.
      expression: `axe.run(document, { resultTypes: ['violations'], preload: false }).then(JSON.stringify)`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    const { violations } = JSON.parse(result.value as string) as AxeResults;
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, help, nodes }) => {
        const where = nodes.slice(0, 5).map(({ target, html, any }) => {
          const why = any.map(({ message }) => message).join('; ');
          return `    ${target.join(' ')}  ${html.slice(0, 160)}  ${why.slice(0, 240)}`;
        });
        return `  ${impact} ${id}: ${help} (${nodes.length} elements)\n${where.join('\n')}`;
      });
  } finally {
    await session.detach();
  }
}
