import { TABLES } from '@throughline/analytics/tables';

/**
 * Where a query reads a table for more than one tenant: a sentence for each such read, none for a query as it should be.
 *
 * Every `FROM` and `JOIN` of a table, however deep, needs a WHERE of its own SELECT that demands
 * `tenant_id = {tenant:String}`: in a conjunction, so that no OR beside it lets other rows in. It knows the SQL that is
 * written here, no other: a query written differently is named rather than let through.
 */
export function readsWithoutTenant(sql: string): string[] {
  const whole = parse(sql);
  const named = namedBefore(whole);
  return selectsOf(whole).flatMap((select) => {
    const [from, where] = clausesOf(select.text);
    const tables = [...from.matchAll(SOURCE)].filter(([, source]) => !source!.startsWith(GROUP) && !named.has(source!));
    return tables.flatMap(([read, , alias], index) => {
      const after = from.slice(tables[index]!.index + read.length).replace(/^\s+FINAL\b/i, '');
      if (/^\s*,/.test(after)) return [`${read} is read beside another table by a comma: ${sql}`];
      const isOnly = tables.length === 1;
      const isDemanded = conjuncts(where, select.groups).some((condition) => {
        const demand = TENANT.exec(condition);
        return demand !== null && (demand[1] === undefined ? isOnly : demand[1] === alias);
      });
      return isDemanded ? [] : [`${read} has no tenant in its WHERE: ${sql}`];
    });
  });
}

/** What `WITH` names: its SELECT is looked at where it stands. No name of a table, which it reads itself. */
function namedBefore({ text }: Group): ReadonlySet<string> {
  const [head = ''] = text.split(/\bSELECT\b/i);
  const names = [...head.matchAll(/(?:\bWITH|,)\s+(\w+)\s+AS\s+(?:MATERIALIZED\s+)?§/gi)].map(([, name]) => name!);
  return new Set(names.filter((name) => !Object.hasOwn(TABLES, name)));
}

/** What stands in parentheses, without them: `text` has a mark in the place of each group inside. */
interface Group {
  text: string;
  readonly groups: Group[];
}

/** A character that no query holds outside of quotes, before and after the number of a group. */
const GROUP = '§';
/** `ARRAY JOIN` reads no table: it takes apart what was read. */
const SOURCE = /\b(?:FROM|(?<!\bARRAY\s+)JOIN)\s+(§\d+§|[\w.]+)(?:\s+AS\s+(\w+))?/gi;
const TENANT = /^(?:(\w+)\.)?tenant_id = \{tenant:String\}$/;

function parse(sql: string): Group {
  const bare = sql.replace(/'(?:[^'\\]|\\.)*'/g, "''");
  const open: Group[] = [{ text: '', groups: [] }];
  for (const char of bare) {
    const group = open.at(-1)!;
    if (char === '(') {
      const inner: Group = { text: '', groups: [] };
      group.text += `${GROUP}${group.groups.push(inner) - 1}${GROUP}`;
      open.push(inner);
    } else if (char === ')') open.pop();
    else group.text += char;
  }
  return open[0]!;
}

function selectsOf(group: Group): Group[] {
  const own = group.text.split(/\bUNION\s+(?:ALL|DISTINCT)\b/i).map((text) => ({ text, groups: group.groups }));
  return [...own, ...group.groups.flatMap(selectsOf)];
}

/** From the first FROM to WHERE, and what WHERE says. */
function clausesOf(text: string): [from: string, where: string] {
  const at = text.search(/\bWHERE\b/i);
  if (at === -1) return [text, ''];
  const end = text.slice(at).search(/\b(?:GROUP BY|ORDER BY|HAVING|LIMIT|WINDOW|QUALIFY)\b/i);
  return [text.slice(0, at), text.slice(at + 'WHERE'.length, end === -1 ? undefined : at + end)];
}

/** Conditions that must all hold; none of an expression with an OR that is not in parentheses. */
function conjuncts(expression: string, groups: readonly Group[]): string[] {
  if (/\bOR\b/i.test(expression)) return [];
  return expression.split(/\bAND\b/i).flatMap((part) => {
    const condition = part.trim();
    const inner = /^§(\d+)§$/.exec(condition);
    if (inner === null) return [condition];
    const group = groups[Number(inner[1])]!;
    return conjuncts(group.text, group.groups);
  });
}
