import type { Schemas } from '../../../api/client.ts';
import { visibleText } from '../../../format/visible-text.ts';
import type { Asked } from '../../../search/filter/filter-choices.ts';
import type { FilterValue } from '../../../search/filter/filter-node.ts';

const SESSION = 'sessions_request_response_rmt';
const REQUEST = 'request_response_rmt';

/** One way to narrow the list: what is counted, and which column a choice is about. */
export interface FacetSpec {
  readonly facet: Schemas['SessionFacet']['facet'];
  /** Of the facet `property`: its key. */
  readonly property?: string;
  readonly title: string;
  readonly asked: Asked;
}

const of = (facet: FacetSpec['facet'], title: string, table: string, column: string): FacetSpec => ({
  facet,
  title,
  asked: { table, column, key: null },
});

export const FACET_SPECS: readonly FacetSpec[] = [
  of('name', 'Name', SESSION, 'session_session_name'),
  of('status', 'Status', REQUEST, 'status'),
  of('model', 'Model', SESSION, 'session_model'),
  of('provider', 'Provider', SESSION, 'session_provider'),
  of('user', 'User', SESSION, 'session_user_id'),
  of('tag', 'Tag', SESSION, 'session_tag'),
  of('feedback', 'Feedback', SESSION, 'session_feedback'),
];

export function propertyFacet(key: string): FacetSpec {
  return { facet: 'property', property: key, title: key, asked: { table: REQUEST, column: 'properties', key } };
}

/** Properties that have a facet of their own, or a value for every session. */
export const OWN_PROPERTIES: ReadonlySet<string> = new Set(['Helicone-Session-Id', 'Helicone-Session-Name']);

/** A counted value as filters have it; undefined: nothing can be asked about it. */
export function filterValue({ facet }: FacetSpec, value: string): FilterValue | undefined {
  if (facet === 'status') return Number(value);
  if (facet === 'feedback') return value === '' ? undefined : value === 'true';
  // A property that a request has not is not compared with anything.
  if (facet === 'property' && value === '') return undefined;
  return value;
}

/** How a value is written for people. */
export function valueLabel({ facet }: FacetSpec, value: string): string {
  if (facet === 'feedback') return value === '' ? 'not rated' : value === 'true' ? 'good' : 'bad';
  return value === '' ? 'none' : visibleText(value);
}

/** One figure that a range can be chosen of. */
export interface RangeSpec {
  readonly range: 'cost' | 'requests' | 'tokens' | 'duration_ms' | 'avg_latency' | 'p95_latency' | 'errors';
  readonly title: string;
  /** After the title: what its bounds are typed in. */
  readonly unit: string;
  /** One of the unit is so much of what the API has. */
  readonly scale: number;
  readonly asked: Asked;
}

const range = (name: RangeSpec['range'], title: string, unit: string, column: string, scale = 1): RangeSpec => ({
  range: name,
  title,
  unit,
  scale,
  asked: { table: SESSION, column, key: null },
});

export const RANGE_SPECS: readonly RangeSpec[] = [
  range('cost', 'Cost', 'USD', 'session_total_cost'),
  range('errors', 'Errors', '', 'session_error_count'),
  range('requests', 'Requests', '', 'session_total_requests'),
  range('tokens', 'Tokens', '', 'session_total_tokens'),
  range('duration_ms', 'Duration', 's', 'session_duration_ms', 1_000),
  range('avg_latency', 'Average latency', 'ms', 'session_avg_latency'),
  range('p95_latency', 'p95 latency', 'ms', 'session_p95_latency'),
];
