import type { SeedSession, SeedStep } from './seed-session.ts';

/** The dearest session of the day that failed, and the step that did: what a newcomer is to find. */
export const DEAREST_FAILING = { id: 'invoice-2026-07', name: 'Invoice batch', path: '/invoice/validate' } as const;

/** Four of its steps run at once. */
export const CONCURRENT = { id: 'report-parallel', name: 'Nightly report' } as const;

/** Has steps of every kind, tools, a system prompt, streams. */
export const EVERY_KIND = { id: 'research-kinds', name: 'Research agent' } as const;

const HOUR_MS = 3_600_000;

/**
 * About forty sessions of six names, now, earlier today and in the days before: failures, concurrency, every kind of
 * step, nested paths, users, properties, tags, costs that are not known. The same for the same `nowMs`.
 */
export function seedSessions(nowMs: number): SeedSession[] {
  return [
    ...Array.from({ length: 8 }, (_, at) => supportTicket(at)),
    ...Array.from({ length: 16 }, (_, at) => earlier(supportTicket(100 + at), nowMs - (2 + at * 11) * HOUR_MS)),
    ...Array.from({ length: 3 }, (_, at) => nightlyReport(at)),
    ...Array.from({ length: 6 }, (_, at) => earlier(nightlyReport(100 + at), nowMs - (3 + at * 24) * HOUR_MS)),
    research(),
    invoiceBatch(DEAREST_FAILING.id, 2_000, 500),
    // Dearer, and all went well; cheaper, and failed too.
    invoiceBatch('invoice-2026-08', 3_000, undefined),
    invoiceBatch('invoice-2026-06', 40, 500),
    // Dearer and failed, but before today.
    earlier(invoiceBatch('invoice-2026-05', 9_000, 500), nowMs - 50 * HOUR_MS),
    ownModel(),
    withoutName(),
  ];
}

function supportTicket(at: number): SeedSession {
  const fails = at % 7 === 3;
  const version = at % 3 === 0 ? '1.5.0' : '1.4.2';
  return {
    id: `ticket-${String(at).padStart(4, '0')}`,
    name: 'Support ticket',
    user: `user-${(at % 5) + 1}@example.com`,
    properties: { version, environment: at % 4 === 0 ? 'staging' : 'production', team: 'support' },
    ...(at % 5 === 1 && { tag: 'gold' }),
    ...(at % 4 === 2 && { rating: at % 8 === 2 }),
    stages: [
      [{ path: '/triage', ask: `Which team takes ticket ${at}: the export is empty?`, words: 12 + at }],
      [{ path: '/triage/lookup', ask: 'Find what is known of this customer.', tool: 'find_customer' }],
      ...(fails ? [[{ path: '/answer/draft', model: 'gpt-4.1', status: 429 } satisfies SeedStep]] : []),
      [{ path: '/answer/draft', model: 'gpt-4.1', ask: 'Write an answer.', words: 90 + at * 3, streamed: true }],
      [{ path: '/answer/check', by: 'anthropic', model: 'claude-haiku-4-5', ask: 'Is this polite?', words: 20 }],
    ],
  };
}

function nightlyReport(at: number): SeedSession {
  const chapters = ['sales', 'returns', 'stock', 'outlook'];
  return {
    id: at === 0 ? CONCURRENT.id : `report-${String(at).padStart(4, '0')}`,
    name: CONCURRENT.name,
    user: 'scheduler',
    properties: { version: '2.0', environment: 'production', team: 'finance' },
    stages: [
      [{ path: '/outline', model: 'gpt-4.1', ask: 'Outline the report of the day.', words: 120, takesMs: 80 }],
      chapters.map((chapter, place) => ({
        path: `/chapters/${chapter}`,
        model: 'gpt-4.1-mini',
        ask: `Write the chapter on ${chapter}.`,
        words: 200 + 40 * place,
        takesMs: 120 + 60 * place,
        streamed: true,
      })),
      [{ path: '/summary', by: 'anthropic', ask: 'Sum it up in five sentences.', words: 150, takesMs: 60 }],
    ],
  };
}

function research(): SeedSession {
  return {
    id: EVERY_KIND.id,
    name: EVERY_KIND.name,
    user: 'ada@example.com',
    properties: { version: '0.9', environment: 'production', topic: 'tides' },
    tag: 'gold',
    rating: true,
    stages: [
      [
        {
          path: '/plan',
          by: 'anthropic',
          system: 'You plan research.',
          ask: 'Why are there two tides a day?',
          words: 80,
        },
      ],
      [{ path: '/plan/search', by: 'vector_db', ask: 'tides moon sun', takesMs: 40 }],
      [{ path: '/plan/load', by: 'data', model: 'load_page', ask: 'https://example.com/tides', answer: 'Tides …' }],
      [{ path: '/plan/compute', by: 'tool', model: 'calculator', ask: '24.84 / 2', answer: '12.42', takesMs: 5 }],
      [
        {
          path: '/write',
          model: 'gpt-4.1',
          ask: 'Write it down.',
          words: 300,
          streamed: true,
          script: { paceMs: 1, chunks: 20 },
        },
      ],
      [
        {
          path: '/write/review',
          by: 'log',
          model: 'gpt-4o-mini',
          ask: 'Review this.',
          answer:
            '## Review\n\n- **clear**\n- [a source](https://example.com/tides)\n\n| when | how high |\n|---|---|\n| noon | 2 m |\n\n```js\nconst tide = 12.42;\n```\n',
        },
      ],
    ],
  };
}

/** @param words of the step in the middle, which make it dear. @param status what its last step ends with. */
function invoiceBatch(id: string, words: number, status: number | undefined): SeedSession {
  const extract: SeedStep = { path: '/invoice/extract', ask: 'Extract the fields of this invoice.', words: 60 };
  const validate: SeedStep = { path: DEAREST_FAILING.path, model: 'gpt-4.1', ask: 'Do the items sum up to the total?' };
  return {
    id,
    name: DEAREST_FAILING.name,
    user: 'finance-bot',
    properties: { batch: id.slice(-7), environment: 'production', team: 'finance' },
    stages: [
      [extract],
      [{ path: '/invoice/explain', model: 'gpt-4.1', ask: 'Explain each item.', words }],
      [{ ...validate, ...(status !== undefined && { status }), answer: 'The server had an error' }],
    ],
  };
}

function ownModel(): SeedSession {
  return {
    id: 'own-model',
    name: 'Own model',
    stages: [[{ path: '/ask', by: 'log', model: 'house-model-7b', ask: 'Hello?', answer: 'Hello.' }]],
  };
}

function withoutName(): SeedSession {
  return { id: 'without-a-name', name: '', stages: [[{ path: '/', ask: 'Is anybody there?' }]] };
}

/** The same, logged after the fact; what is left of it is bound to no provider. */
function earlier(session: SeedSession, atMs: number): SeedSession {
  return {
    ...session,
    atMs,
    stages: session.stages.map((stage) =>
      stage.map((step) => ({ ...step, takesMs: (step.takesMs ?? 20) * 12 + (step.words ?? 0) * 4 })),
    ),
  };
}
