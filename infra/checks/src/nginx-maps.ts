import { readFileSync } from 'node:fs';

/** What is known of a call when nginx decides whose it is: `$request_uri`, `$http_host` and so on, lower case. */
export type NginxVariables = Readonly<Record<string, string>>;

interface NginxMap {
  /** With variables in it: `$service $request_method`. */
  readonly source: string;
  readonly entries: readonly { readonly pattern: string; readonly value: string }[];
}

/**
 * Reads the `map` blocks of a configuration of nginx, to evaluate them without nginx: entries that are texts, regular
 * expressions (in the part of PCRE that JavaScript has too) or `default`, and values that are texts or one variable.
 *
 * @returns evaluates a variable, in the order that nginx has: exact text, then regular expressions as they stand.
 */
export function readNginxMaps(file: string): (variable: string, known: NginxVariables) => string {
  const maps = new Map<string, NginxMap>();
  const text = readFileSync(file, 'utf8').replaceAll(/^\s*#.*$/gm, '');
  for (const [, source, name, block] of text.matchAll(/^\s*map\s+("[^"]*"|\S+)\s+\$(\w+)\s*\{\n(.*?)^\s*\}/gms)) {
    const entries = [...block!.matchAll(/^\s*("[^"]*"|\S+)\s+("[^"]*"|\S+);\s*$/gm)].map(([, pattern, value]) => ({
      pattern: unquote(pattern!),
      value: unquote(value!),
    }));
    maps.set(name!, { source: unquote(source!), entries });
  }
  const evaluate = (variable: string, known: NginxVariables): string => {
    const map = maps.get(variable);
    if (!map) return known[variable] ?? '';
    const input = interpolate(map.source, known);
    const { entries } = map;
    const found =
      entries.find(({ pattern }) => pattern === input && pattern !== 'default') ??
      entries.find(({ pattern }) => pattern.startsWith('~') && asRegExp(pattern).test(input)) ??
      entries.find(({ pattern }) => pattern === 'default');
    return interpolate(found?.value ?? '', known);
  };
  const interpolate = (template: string, known: NginxVariables) =>
    template.replaceAll(/\$(\w+)/g, (_, name: string) => evaluate(name, known));
  return evaluate;
}

function asRegExp(pattern: string): RegExp {
  return pattern.startsWith('~*') ? new RegExp(pattern.slice(2), 'i') : new RegExp(pattern.slice(1));
}

// Inside quotes nginx takes `\\` and `\"`; a backslash before anything else stays.
function unquote(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : word;
}
