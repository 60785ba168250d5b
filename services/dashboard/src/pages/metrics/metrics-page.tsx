import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, dataOf } from '../../api/client.ts';
import { useLiveRefetch } from '../../api/use-live-refetch.ts';
import { count } from '../../format/count.ts';
import { visibleText } from '../../format/visible-text.ts';
import { parseRange, rangeBounds } from '../../search/range.ts';
import { usePageSearch } from '../../search/use-page-search.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { Page } from '../../ui/page.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Distribution } from './distribution.tsx';
import { Latency } from './latency.tsx';
import { OverTime } from './over-time.tsx';
import type { Selection } from './selection.ts';
import { TopUsers } from './top-users.tsx';

export const metricsRoute = createLazyRoute('/signed-in/metrics')({ component: MetricsPage });

/** At most so often is everything asked anew while calls come in, ms. */
const LIVE_MS = 10_000;

/** How sessions are distributed, and what they cost and take over time. */
function MetricsPage() {
  const [search, change] = usePageSearch();
  const selection: Selection = { range: search.range, name: search.name };
  useLiveRefetch(['metrics'], LIVE_MS);
  return (
    <Page
      title="Metrics"
      about={<NameChoice selection={selection} onChange={(name) => change({ name })} />}
      actions={
        <>
          <Link to="/compare" search={search.range === undefined ? {} : { range: search.range }}>
            Compare two groups
          </Link>
          <RangePicker value={search.range} onChange={(range) => change({ range })} />
        </>
      }
    >
      <Distribution selection={selection} />
      <OverTime selection={selection} />
      <Latency selection={selection} />
      <TopUsers selection={selection} />
    </Page>
  );
}

/** Names offered: whoever wants another one types some of it. */
const NAMES_MAX = 50;
/** No session has this for a name that could be chosen. */
const ALL = '';

interface NameChoiceProps {
  readonly selection: Selection;
  readonly onChange: (name: string | undefined) => void;
}

function NameChoice({ selection: { range, name }, onChange }: NameChoiceProps) {
  const [typed, setTyped] = useState('');
  const { data = [] } = useQuery({
    queryKey: ['session-names', range, typed],
    queryFn: ({ signal }) => {
      const { fromMs, toMs } = rangeBounds(parseRange(range), Date.now());
      const body = {
        nameContains: typed,
        timezoneDifference: 0,
        timeFilter: { startTimeUnixMs: fromMs, endTimeUnixMs: toMs },
        limit: NAMES_MAX,
      };
      return dataOf(api().POST('/v1/session/name/query', { body, signal }));
    },
  });
  const named = data.filter((one) => one.name !== '');
  const choices = [
    ...(typed === '' ? [{ value: ALL, label: 'All names' }] : []),
    ...named.map((one) => ({
      value: one.name,
      label: visibleText(one.name),
      note: `${count(one.session_count)} sessions`,
    })),
  ];
  return (
    <Combobox
      label="Session name"
      prefix="Name"
      value={name ?? ALL}
      text={name === undefined ? 'All names' : visibleText(name)}
      choices={choices}
      onChange={(next) => onChange(next === ALL ? undefined : next)}
      onSearch={setTyped}
    />
  );
}
