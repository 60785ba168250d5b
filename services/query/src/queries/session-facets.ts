import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { SessionFacet } from '@throughline/contracts/api/session-facets';
import { asciiLower, canonicalKey, isSystemKey } from '@throughline/filter-tree/property-keys';
import { SqlWriter } from '@throughline/filter-tree/sql-fragment';
import { textSql } from '@throughline/filter-tree/text-sql';
import { withoutHidden } from './hidden-properties.ts';
import type { SessionSelection } from './select-sessions.ts';
import { sessionSource } from './session-source.ts';
import type { WindowEdges } from './window-edges.ts';

/** By what the selected sessions are counted. */
export interface AskedFacet {
  readonly facet: SessionFacet;
  /** Of `property`. */
  readonly property: string | undefined;
  readonly limit: number;
  /** `''`: all values. */
  readonly contains: string;
}

export interface CountedFacet {
  /** Most sessions first, then by value. `''`: sessions without any. */
  readonly values: readonly { readonly value: string; readonly sessions: number }[];
  /** How many values there are, those beyond the limit included. */
  readonly distinct: number;
}

/** Keys among which hidden ones are looked for: more than anyone has. */
const KEYS_MAX = 10_000;

/**
 * How many of the selected sessions have each value, from their snapshots. A session counts under each of its values.
 *
 * @param hidden keys that are left out of `property_keys`.
 */
export async function countFacet(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection & { readonly edges: WindowEdges },
  asked: AskedFacet,
  hidden: readonly string[] = [],
): Promise<CountedFacet> {
  const source = sessionSource(selection, 'session');
  const writer = new SqlWriter({ requestAlias: 'r', sessionAlias: 's', paramPrefix: 'facet' });
  const { values } = facetSql(asked, writer);
  const shown = asked.contains === '' ? '1' : textSql('value', 'contains', asked.contains.toWellFormed(), writer);
  const rows = await analytics.query<{ value: string; sessions: string; found: string }>({
    sql: `
SELECT value, sessions, count() OVER () AS found
FROM (
  SELECT toString(arrayJoin(if(empty(of), [''], of))) AS value, count() AS sessions
  FROM (SELECT ${values} AS of FROM ${source.sql})
  GROUP BY value
)
WHERE ${shown}
ORDER BY sessions DESC, value ASC
LIMIT {facetLimit:UInt32}`,
    params: { ...source.params, ...writer.params, facetLimit: hidden.length === 0 ? asked.limit : KEYS_MAX },
    settings: FINAL,
  });
  const visible = new Set(
    withoutHidden(
      rows.map(({ value }) => value),
      hidden,
    ),
  );
  const shownRows = rows.filter(({ value }) => visible.has(value));
  return {
    values: shownRows.slice(0, asked.limit).map(({ value, sessions }) => ({ value, sessions: Number(sessions) })),
    distinct: Number(rows[0]?.found ?? 0) - (rows.length - shownRows.length),
  };
}

/** The values of `sessions AS s` as an array, and whether there are more than those. */
export function facetSql({ facet, property }: AskedFacet, w: SqlWriter): { values: string; isIncomplete: string } {
  const isCut = (field: string) => `has(s.truncated_fields, ${field})`;
  switch (facet) {
    case 'name':
      return { values: 's.session_names', isIncomplete: isCut("'session_names'") };
    case 'model':
      return { values: 's.models', isIncomplete: isCut("'models'") };
    case 'provider':
      return { values: 's.providers', isIncomplete: isCut("'providers'") };
    case 'status':
      return { values: 'arrayMap(status -> toString(status), s.statuses)', isIncomplete: isCut("'statuses'") };
    case 'user':
      return { values: 's.user_ids', isIncomplete: isCut("'user_ids'") };
    case 'tag':
      return { values: "[ifNull(s.tag, '')]", isIncomplete: '0' };
    case 'feedback':
      return { values: "[ifNull(toString(s.feedback), '')]", isIncomplete: '0' };
    case 'property_keys':
      return { values: 'mapKeys(s.properties)', isIncomplete: isCut("'properties'") };
    case 'property': {
      const key = canonicalKey((property ?? '').toWellFormed());
      const exact = w.param('String', key);
      if (isSystemKey(key))
        return { values: `s.properties[${exact}]`, isIncomplete: isCut(`concat('properties.', ${exact})`) };
      const anyCase = w.param('String', asciiLower(key));
      return {
        values: `arrayDistinct(arrayFlatten(arrayFilter((vs, k) -> lower(k) = ${anyCase}, mapValues(s.properties), mapKeys(s.properties))))`,
        isIncomplete: `arrayExists(field -> lower(field) = concat('properties.', ${anyCase}), s.truncated_fields)`,
      };
    }
  }
}
