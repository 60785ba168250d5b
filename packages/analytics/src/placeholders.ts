import { AnalyticsError, type QueryParam } from './analytics-store.ts';

/** SQL cut at its placeholders: `texts` has one element more than `placeholders`. */
export interface ScannedSql {
  readonly texts: readonly string[];
  readonly placeholders: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Find the `{name:Type}` placeholders of a query, leaving alone what stands in quotes or comments.
 *
 * It reads ClickHouse's lexical rules and refuses whatever it could misread: heredocs, `#` comments, non-ASCII outside of
 * quotes, braces that are no placeholder, anything unterminated, a second statement. `SETTINGS`, `FORMAT` and `INTO`
 * are refused as well: settings and limits are the store's to write, and a query only reads.
 *
 * @throws AnalyticsError `rejected`
 */
export function scanSql(sql: string): ScannedSql {
  const known = scanned.get(sql);
  if (known) return known;
  const result = scan(sql);
  if (scanned.size >= SCANNED_MAX) scanned.clear();
  scanned.set(sql, result);
  return result;
}

/** The SQL with each placeholder replaced by what `render` makes of its value. */
export function fillPlaceholders(
  sql: string,
  params: Readonly<Record<string, QueryParam>>,
  render: (type: string, value: QueryParam) => string,
): string {
  const { texts, placeholders } = scanSql(sql);
  let out = texts[0]!;
  for (let i = 0; i < placeholders.length; i++) {
    const { name, type } = placeholders[i]!;
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined) throw rejected(`parameter ${name} has no value`);
    try {
      out += render(type, value);
    } catch (error) {
      throw rejected(`parameter ${name}: ${(error as Error).message}`, error);
    }
    out += texts[i + 1]!;
  }
  return out;
}

/** Queries are built from few templates; generated filters add more, so the memory of them is bounded. */
const SCANNED_MAX = 500;
const scanned = new Map<string, ScannedSql>();

const PLACEHOLDER = /\{\s*([A-Za-z_]\w{0,63})\s*:\s*([A-Za-z][\w\s,()']{0,200}?)\s*\}/y;
const WORD = /[A-Za-z_]\w*/y;

function scan(sql: string): ScannedSql {
  const texts: string[] = [];
  const placeholders: { name: string; type: string }[] = [];
  let from = 0;
  let at = 0;
  while (at < sql.length) {
    const char = sql[at]!;
    if (char === "'" || char === '"' || char === '`') {
      at = afterQuoted(sql, at, char);
    } else if (char === '-' && sql[at + 1] === '-') {
      at = afterLine(sql, at);
    } else if (char === '/' && sql[at + 1] === '*') {
      at = afterComment(sql, at);
    } else if (char === '{') {
      PLACEHOLDER.lastIndex = at;
      const match = PLACEHOLDER.exec(sql);
      if (!match) throw rejected('a brace that opens no placeholder', undefined, at);
      texts.push(sql.slice(from, at));
      placeholders.push({ name: match[1]!, type: match[2]! });
      at = from = PLACEHOLDER.lastIndex;
    } else if (isWordStart(char)) {
      WORD.lastIndex = at;
      const word = WORD.exec(sql)![0];
      at = WORD.lastIndex;
      refuseWord(word, sql, at);
    } else {
      if ('};#$'.includes(char) || char.charCodeAt(0) > 126) throw rejected(`${JSON.stringify(char)}`, undefined, at);
      at++;
    }
  }
  texts.push(sql.slice(from));
  return { texts, placeholders };
}

function isWordStart(char: string): boolean {
  return (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_';
}

function refuseWord(word: string, sql: string, after: number): void {
  const upper = word.toUpperCase();
  // `format(…)` is a function.
  const isClause = upper === 'SETTINGS' || upper === 'INTO' || (upper === 'FORMAT' && !/^\s*\(/.test(sql.slice(after)));
  if (isClause) throw rejected(`the clause ${upper}`, undefined, after - word.length);
}

/** Both ways to put the quote itself inside: a backslash before it, or the quote twice. */
function afterQuoted(sql: string, open: number, quote: string): number {
  for (let at = open + 1; at < sql.length; at++) {
    if (sql[at] === '\\') at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  throw rejected('an unterminated quote', undefined, open);
}

function afterLine(sql: string, open: number): number {
  const end = sql.indexOf('\n', open);
  return end < 0 ? sql.length : end + 1;
}

/** The engine nests block comments and other readers of SQL do not, so a nested one is refused. */
function afterComment(sql: string, open: number): number {
  const end = sql.indexOf('*/', open + 2);
  const nested = sql.indexOf('/*', open + 2);
  if (end < 0 || (nested >= 0 && nested < end)) throw rejected('an unterminated or nested comment', undefined, open);
  return end + 2;
}

function rejected(what: string, cause?: unknown, at?: number): AnalyticsError {
  const message = at === undefined ? what : `the SQL holds ${what} at ${at}`;
  return new AnalyticsError('rejected', message, { cause });
}
