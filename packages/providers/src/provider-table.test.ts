import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { PROVIDERS } from './provider-table.ts';

test('docs/providers.md lists the labels, origin and hosts of every provider that has an address', () => {
  const page = readFileSync(new URL('../../../docs/providers.md', import.meta.url), 'utf8');
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ') || '–';
  for (const { name, labels, origin, hosts } of PROVIDERS) {
    if (origin === null && hosts.length === 0) continue;
    const row = [code([...new Set([...labels, name.toLowerCase()])]), code([name]), origin ?? '–', code(hosts)];
    expect(page).toContain(`| ${row.join(' | ')} |`);
  }
});
