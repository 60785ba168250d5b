/** What the HTTP interface has to know of a statement before the engine sees it. */
export interface Statement {
  readonly sql: string;
  /** First word, in capitals. */
  readonly verb: string;
  /** Output format named by the statement itself. */
  readonly format: string | undefined;
  /** Set for `INSERT … FORMAT x` whose rows follow the statement. */
  readonly insert: InsertStatement | undefined;
}

export interface InsertStatement {
  /** The same statement, reading its rows from a file. */
  fromFile(quotedPath: string): string;
  /** Where in the text rows begin, if any follow. */
  readonly dataAt: number;
}

/**
 * Reads as much of ClickHouse's grammar as tells an insert with rows from other statements. One character per byte
 * (latin1), so that positions are offsets of bytes and whatever follows an insert may be binary.
 *
 * @throws SyntaxError when a second statement follows, which the HTTP interface refuses and the engine in process runs.
 */
export function readStatement(sql: string): Statement {
  let verb = '';
  let format: string | undefined;
  let fileAt: number | undefined;
  let nextIsFormat = false;
  let ended = false;
  for (const token of tokens(sql)) {
    if (ended) throw new SyntaxError('Multi-statements are not allowed');
    if (token.text === ';') {
      ended = true;
      continue;
    }
    const word = token.text.toUpperCase();
    verb ||= word;
    if (nextIsFormat) {
      format = token.text;
      nextIsFormat = false;
      if (verb === 'INSERT' && fileAt !== undefined) {
        const at = fileAt;
        return {
          sql,
          verb,
          format: undefined,
          insert: {
            fromFile: (path) => `${sql.slice(0, at)} FROM INFILE ${path} ${sql.slice(at, token.end)}`,
            dataAt: dataAfter(sql, token.end),
          },
        };
      }
      continue;
    }
    if (token.depth > 0) continue;
    if (verb === 'INSERT' && ROWS_INSIDE.has(word)) return { sql, verb, format: undefined, insert: undefined };
    if (verb === 'INSERT' && (word === 'SETTINGS' || word === 'FORMAT')) fileAt ??= token.at;
    if (word === 'FORMAT') nextIsFormat = true;
  }
  return { sql, verb, format, insert: undefined };
}

/** An insert that says so brings its rows along, or has the engine fetch them. */
const ROWS_INSIDE = new Set(['VALUES', 'SELECT', 'WITH', 'FROM', 'WATCH']);

/** Blanks and one line break stand between an insert's format and its rows. */
function dataAfter(sql: string, at: number): number {
  const blanks = /[ \t\f]*\r?\n?/y;
  blanks.lastIndex = at;
  return at + (blanks.exec(sql)?.[0].length ?? 0);
}

interface Token {
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** Of parentheses around it. */
  readonly depth: number;
}

const TOKEN =
  /\s+|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S]|'')*'|"[^"]*"|`[^`]*`|[A-Za-z_][A-Za-z0-9_]*|[\s\S]/y;

function* tokens(sql: string): Generator<Token> {
  let depth = 0;
  let at = 0;
  while (at < sql.length) {
    TOKEN.lastIndex = at;
    const text = TOKEN.exec(sql)![0];
    const end = at + text.length;
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (!/^(?:\s|--|#[ !]|\/\*)/.test(text)) yield { text, at, end, depth };
    at = end;
  }
}
