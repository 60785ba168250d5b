import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repository.ts';

export interface RegisteredMetric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
}

/** Where services register what `/metrics` shows. */
const SOURCES = ['packages/standalone/src/**/*.ts', 'services/*/src/**/*.ts'];

/**
 * What is registered in the sources, by its full name: calls of `counter`, `gauge`, `histogram` and `distribution(s)` with
 * a name, and tables of gauges (`['name', 'help', (stats) => …]`).
 */
export function registeredMetrics(): Map<string, RegisteredMetric> {
  const found = new Map<string, RegisteredMetric>();
  for (const file of globSync(SOURCES, { cwd: ROOT })) {
    if (file.endsWith('.test.ts')) continue;
    const text = readFileSync(join(ROOT, file), 'utf8');
    if (!/\bmetrics\b/.test(text)) continue;
    for (const match of text.matchAll(/\b(counter|gauge|histogram|distributions?)(?:<[^>]*>)?\(\s*'([a-z_]+)'/g)) {
      const [, method, name] = match;
      const kind = method === 'counter' || method === 'gauge' ? method : 'histogram';
      found.set(`throughline_${name}`, { kind, labels: labelsIn(callAt(text, match.index)) });
    }
    for (const [, name] of text.matchAll(/^ {2}\[\s*'([a-z_]+)',\s*'[^']*',\s*\(/gm)) {
      found.set(`throughline_${name}`, { kind: 'gauge', labels: [] });
    }
  }
  return found;
}

/** The text of a call, up to the bracket that closes it. */
function callAt(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return text.slice(start, at);
  }
  return text.slice(start);
}

/** An array of words, or `{ name: 'stage', values: … }`. */
function labelsIn(call: string): string[] {
  const single = /\{\s*name: '([a-z_]+)'/.exec(call)?.[1];
  if (single !== undefined) return [single];
  const list = /\[((?:\s*'[a-z_]+',?)+)\s*\]/.exec(call)?.[1] ?? '';
  return [...list.matchAll(/'([a-z_]+)'/g)].map(([, label]) => label!);
}
