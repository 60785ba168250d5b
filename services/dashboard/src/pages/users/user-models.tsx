import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/client.ts';
import { count } from '../../format/count.ts';
import { money } from '../../format/money.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Table } from '../../ui/table.tsx';
import { requestsOfUser, timesOf } from './user-queries.ts';

const SHOWN = 20;

/** Which models a user's requests went to, the most frequent first. */
export function UserModels({ userId, range }: { readonly userId: string; readonly range: string }) {
  const query = useQuery({
    queryKey: ['user', userId, 'models', range],
    queryFn: ({ signal }) => {
      const body = { filter: requestsOfUser(userId), timeFilter: timesOf(range), limit: SHOWN, offset: 0 };
      return dataOf(api().POST('/v1/metrics/models', { body, signal }));
    },
  });
  return (
    <Section title="Models">
      <QueryView query={query} failure="The models could not be read" lines={4}>
        {(models) => (
          <Table
            label="Models"
            rows={models}
            keyOf={({ model }) => model}
            columns={[
              { name: 'Model', kind: 'name', cell: ({ model }) => <bdi>{visibleText(model) || 'None'}</bdi> },
              { name: 'Requests', kind: 'figure', cell: (row) => count(row.total_requests) },
              { name: 'Cost', kind: 'figure', cell: ({ cost }) => money(cost) },
              { name: 'Tokens in', kind: 'figure', cell: (row) => count(row.total_prompt_token) },
              { name: 'Tokens out', kind: 'figure', cell: (row) => count(row.total_completion_tokens) },
            ]}
          />
        )}
      </QueryView>
    </Section>
  );
}
