import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import { canonicalKey } from '@throughline/filter-tree/property-keys';
import { propertyKeySql, propertySql } from '@throughline/filter-tree/property-sql';
import { SqlWriter } from '@throughline/filter-tree/sql-fragment';
import { textSql } from '@throughline/filter-tree/text-sql';
import { inRange, type TimeRange } from '../time-range.ts';
import { COST_SQL } from './request-sums.ts';

/** A property as a filter looks it up: by its key exactly, else in any case. */
export interface PropertySql {
  /** Its value, '' where there is none. */
  readonly value: string;
  /** Whether a request has it. */
  readonly exists: string;
  readonly writer: SqlWriter;
}

/** Placeholders begin with `p`. */
export function propertyOf(key: string): PropertySql {
  const writer = new SqlWriter({ requestAlias: 'r', sessionAlias: 's', paramPrefix: 'p' });
  const name = canonicalKey(key.toWellFormed());
  return { value: propertySql(name, writer), exists: propertyKeySql(name, writer), writer };
}

/** How many values a search lists. */
const SEARCHED_VALUES_MAX = 25;

/** Distinct values of a property that contain a text in any case, ascending. */
export async function searchPropertyValues(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  key: string,
  searchTerm: string,
): Promise<string[]> {
  const { value, exists, writer } = propertyOf(key);
  const found = searchTerm === '' ? '1' : textSql('value', 'contains', searchTerm.toWellFormed(), writer);
  const rows = await analytics.query<{ value: string }>({
    sql: `
SELECT DISTINCT ${value} AS value
FROM requests AS r FINAL
WHERE r.tenant_id = {tenant:String} AND ${exists} AND ${found}
ORDER BY value
LIMIT {limit:UInt32}`,
    params: { ...writer.params, tenant: tenantId, limit: SEARCHED_VALUES_MAX },
    settings: FINAL,
  });
  return rows.map((row) => row.value);
}

/** What the requests with one value of a property add up to. */
export interface PropertyValueSums {
  readonly value: string;
  readonly costPico: bigint;
  readonly requests: number;
}

const TOP_VALUES = 10;

/**
 * The ten values of a property with the highest sums, and what all others add up to together.
 *
 * @returns highest first, equal ones by value; `others` is undefined where there are no more than ten.
 */
export async function topPropertyValues(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  key: string,
  range: TimeRange,
  by: 'cost' | 'requests',
): Promise<{ top: PropertyValueSums[]; others: Omit<PropertyValueSums, 'value'> | undefined }> {
  const { value, exists, writer } = propertyOf(key);
  const within = inRange(range);
  const rows = await analytics.query<
    Record<'value' | 'cost' | 'requests' | 'value_count' | 'all_cost' | 'all_requests', string>
  >({
    sql: `
SELECT v.value AS value, toString(v.cost) AS cost, v.requests AS requests, count() OVER () AS value_count,
  toString(sum(v.cost) OVER ()) AS all_cost, sum(v.requests) OVER () AS all_requests
FROM (
  SELECT ${value} AS value, ${COST_SQL} AS cost, count() AS requests
  FROM requests AS r FINAL
  WHERE r.tenant_id = {tenant:String} AND ${within.sql} AND ${exists}
  GROUP BY value
) AS v
ORDER BY v.${by} DESC, v.value ASC
LIMIT {limit:UInt32}`,
    params: { ...writer.params, ...within.params, tenant: tenantId, limit: TOP_VALUES },
    settings: FINAL,
  });
  const top = rows.map((row) => ({
    value: row.value,
    costPico: decimalToPico(row.cost),
    requests: Number(row.requests),
  }));
  const first = rows[0];
  if (first === undefined || Number(first.value_count) <= TOP_VALUES) return { top, others: undefined };
  const others = {
    costPico: top.reduce((rest, { costPico }) => rest - costPico, decimalToPico(first.all_cost)),
    requests: top.reduce((rest, { requests }) => rest - requests, Number(first.all_requests)),
  };
  return { top, others };
}
