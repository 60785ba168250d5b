import type { Caller, HttpCall, ListApi, ListWindow, PreparedQuestion } from './list-api.ts';
import { type ListFilter, type ListOrder, type ListQuestion, PAGE, type SessionFigures } from './list-question.ts';

/**
 * Arize Phoenix, by the GraphQL that its own pages send: the columns of its table of sessions and the trees of its page of one
 * session, without what people said about them. Its REST API has no order but that of arrival, and no costs.
 */
export function phoenixLists(call: Caller, project: string, { startMs, endMs }: ListWindow): ListApi {
  const timeRange = (time: number) => ({
    start: new Date(startMs).toISOString(),
    end: new Date(endMs + time).toISOString(),
  });
  const graphql = (query: string, variables: object): HttpCall => ({ path: '/graphql', body: { query, variables } });
  let projectId: Promise<string> | undefined;

  async function findProject(): Promise<string> {
    const query = 'query($project: String!) { getProjectByName(name: $project) { id } }';
    const { getProjectByName: found } = dataOf<{ getProjectByName: { id: string } | null }>(
      await call(graphql(query, { project })),
    );
    if (!found) throw new Error(`Phoenix has no project ${project}`);
    return found.id;
  }

  async function list(
    id: string,
    question: Extract<ListQuestion, { kind: 'list' }>,
  ): Promise<PreparedQuestion | undefined> {
    const { by, where, page } = question;
    const col = COLUMNS[by];
    if (col === undefined) return undefined;
    const condition = where === undefined ? null : conditionOf(where);
    const variables = (time: number) => ({
      id,
      timeRange: timeRange(time),
      condition,
      sort: { col, dir: 'desc' },
      first: PAGE,
    });
    const sessionsOf = (answer: string) => dataOf<{ node: { sessions: SessionPage } }>(answer).node.sessions;
    const read: PreparedQuestion['read'] = ([answer]) => ({
      kind: 'list',
      sessions: sessionsOf(answer!).edges.map(({ session }) => figures(session)),
    });
    if (page === 1) return { calls: (time) => [graphql(LIST, variables(time))], read };
    const after = sessionsOf(await call(graphql(LIST, variables(0)))).pageInfo.endCursor;
    return { calls: (time) => [graphql(LIST, { ...variables(time), after })], read };
  }

  async function oneSession(id: string, sessionId: string, withTexts: boolean): Promise<PreparedQuestion> {
    const condition = `session_id == ${quoted(sessionId)}`;
    const found = await call(graphql(FIND, { id, condition }));
    const session = dataOf<{ node: { sessions: SessionPage } }>(found).node.sessions.edges[0]!.session;
    return {
      calls: () => [graphql(withTexts ? SESSION_WITH_TEXTS : SESSION, { id: session.id })],
      read([answer]) {
        const { node } = dataOf<{ node: OneSession }>(answer!);
        const traces = node.traces.edges.map(({ trace }) => trace);
        return {
          kind: 'session',
          session: figures(node),
          spans: traces.reduce((sum, { spans }) => sum + spans.edges.length, 0),
          questions: withTexts ? traces.map(({ rootSpan }) => rootSpan.input!.value) : [],
        };
      },
    };
  }

  return {
    async prepare(question) {
      projectId ??= findProject();
      const id = await projectId;
      if (question.kind === 'list') return list(id, question);
      if (question.kind === 'session') return oneSession(id, question.sessionId, question.withTexts);
      return {
        calls: (time) => [graphql(COUNT, { id, timeRange: timeRange(time) })],
        read([answer]) {
          const { node } = dataOf<{ node: { sessionCount: number; costSummary: Costs } }>(answer!);
          return { kind: 'count', sessions: node.sessionCount, costUsd: node.costSummary.total.cost ?? 0 };
        },
      };
    },
  };
}

/** What its table can be ordered by; not by how long sessions took. */
const COLUMNS: Readonly<Partial<Record<ListOrder, string>>> = {
  start: 'startTime',
  cost: 'costTotal',
  tokens: 'tokenCountTotal',
};

/** In its language of conditions on sessions, where a span's model is no term: its name says which one it called. */
function conditionOf(filter: ListFilter): string {
  switch (filter.what) {
    case 'model':
      return `any(span.name == ${quoted(`chat ${filter.value}`)} for span in spans)`;
    case 'user':
      return `user.id == ${quoted(filter.value)}`;
    case 'text':
      // `any_input`, which looks at every run, took SQLite most of a minute for 2,000 sessions, and this 40 ms.
      return `${quoted(filter.value)} in first_input`;
    case 'failed':
      return 'num_traces_with_error > 0';
    case 'dearer':
      return `total_cost > ${filter.usd}`;
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

const LIST = `query($id: ID!, $timeRange: TimeRange, $condition: String, $sort: ProjectSessionSort, $first: Int!, $after: String = null) {
  node(id: $id) { ... on Project {
    sessions(first: $first, after: $after, sort: $sort, sessionFilterCondition: $condition, timeRange: $timeRange) {
      edges { session: node {
        id sessionId userId numTraces startTime endTime
        firstInput { value: truncatedValue } lastOutput { value: truncatedValue }
        tokenUsage { total }
        traceLatencyMsP50: traceLatencyMsQuantile(probability: 0.5)
        traceLatencyMsP99: traceLatencyMsQuantile(probability: 0.99)
        costSummary { total { cost } }
      } }
      pageInfo { endCursor hasNextPage }
    }
  } }
}`;

const FIND = `query($id: ID!, $condition: String) {
  node(id: $id) { ... on Project { sessions(first: 1, sessionFilterCondition: $condition) { edges { session: node { id } } } } }
}`;

const COUNT = `query($id: ID!, $timeRange: TimeRange) {
  node(id: $id) { ... on Project { sessionCount(timeRange: $timeRange) costSummary(timeRange: $timeRange) { total { cost } } } }
}`;

const SESSION = sessionQuery('');
const SESSION_WITH_TEXTS = sessionQuery('input { value } output { value }');

/** @param texts fields of a span that say what it was given and gave. */
function sessionQuery(texts: string): string {
  return `query($id: ID!) {
  node(id: $id) { ... on ProjectSession {
    sessionId numTraces tokenUsage { total } costSummary { total { cost } }
    latencyP50: traceLatencyMsQuantile(probability: 0.5)
    traces(first: 50) { edges { trace: node {
      traceId
      rootSpan { name startTime latencyMs cumulativeTokenCountTotal ${texts} trace { costSummary { total { cost } } } }
      spans(first: 1000) { edges { span: node {
        spanId name spanKind statusCode startTime endTime parentId latencyMs tokenCountTotal ${texts} costSummary { total { cost } }
      } } }
    } } }
  } }
}`;
}

interface Costs {
  readonly total: { readonly cost: number | null };
}

interface ShownSession {
  readonly id: string;
  readonly sessionId: string;
  readonly tokenUsage: { readonly total: number };
  readonly costSummary: Costs;
}

interface SessionPage {
  readonly edges: readonly { readonly session: ShownSession }[];
  readonly pageInfo: { readonly endCursor: string };
}

interface OneSession extends ShownSession {
  readonly traces: {
    readonly edges: readonly {
      readonly trace: {
        readonly rootSpan: { readonly input?: { readonly value: string } };
        readonly spans: { readonly edges: readonly object[] };
      };
    }[];
  };
}

/** @throws where the answer says that the question was wrong, which it does with status 200. */
function dataOf<Data>(answer: string): Data {
  const { data, errors } = JSON.parse(answer) as { data: Data; errors?: readonly { message: string }[] };
  if (errors && errors.length > 0) throw new Error(`Phoenix: ${errors[0]!.message.slice(0, 500)}`);
  return data;
}

function figures({ sessionId: id, tokenUsage, costSummary }: ShownSession): SessionFigures {
  return { id, tokens: tokenUsage.total, costUsd: costSummary.total.cost ?? 0 };
}
