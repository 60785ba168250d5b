import type { DemoSession, DemoStep } from './demo-session.ts';

/** The demo's sessions: a spread of kinds, users, models and outcomes, all of our own making. */
export function demoSessions(): DemoSession[] {
  return [
    supportChat('mira@example.com', 'pro', [
      [
        'Where do I change the card that my plan is billed to?',
        'Under Settings, Billing, "Payment method". Only owners see it.',
      ],
      [
        'I am an owner and it is greyed out.',
        'Then an invoice is still open; once it is paid the field unlocks by itself.',
      ],
      ['Paid it just now, works. Thanks!', 'Glad to hear it. Have a good day!'],
    ]),
    supportChat('tomas@example.com', 'free', [
      [
        'The export stops at row 10,000.',
        'That is the limit of the free plan. You can export month by month and join the files.',
      ],
      ['Is there an API for that?', 'Yes: GET /exports takes from and to, and pages with a cursor.'],
    ]),
    supportChat('ayako@example.com', 'enterprise', [
      [
        'Single sign-on loops back to the login page.',
        'That is mostly the clock of the identity provider. Is it more than a minute off?',
      ],
      ['By four minutes!', 'There we are. After the next time sync the loop is gone; nothing to change on our side.'],
      ['Confirmed, thank you.', 'You are welcome.'],
    ]),
    researchAgent('dana@example.com', 'heat pumps in old apartment buildings', [
      'noise limits',
      'running costs',
      'grants',
    ]),
    researchAgent('lee@example.com', 'cold storage for a research archive', ['tape lifetime', 'retrieval times']),
    handbookQuestion(
      'mira@example.com',
      'How many days ahead do I ask for leave?',
      'Two weeks for more than three days, else two days.',
    ),
    handbookQuestion(
      'jonas@example.com',
      'Who signs off travel above 2,000 euro?',
      'The head of your department, before booking.',
    ),
    handbookQuestion(
      'priya@example.com',
      'May I keep my laptop when I leave?',
      'No, but you can buy it at its book value.',
    ),
    courseOutline('sofia@example.com', 'Measuring what AI features cost'),
    invoiceRun('batch@example.com'),
  ];
}

function supportChat(
  userId: string,
  plan: string,
  turns: readonly (readonly [question: string, answer: string])[],
): DemoSession {
  const stages: DemoStep[][] = [
    [
      {
        ...llm('/triage', 'gpt-4o-mini', turns[0]![0], 'topic: account; mood: neutral; urgency: low'),
        contextTokens: 310,
      },
    ],
  ];
  let history = 420;
  for (const [index, [question, answer]] of turns.entries()) {
    const step = llm(`/turn-${index + 1}`, plan === 'free' ? 'gpt-4o-mini' : 'claude-sonnet-4-6', question, answer);
    stages.push([{ ...step, contextTokens: history, streamed: true, takesMs: 260 + 70 * index }]);
    history += 120;
  }
  return { name: 'Support chat', userId, properties: { plan, channel: 'web', environment: 'production' }, stages };
}

function researchAgent(userId: string, topic: string, questions: readonly string[]): DemoSession {
  const stages: DemoStep[][] = [
    [
      {
        ...llm(
          '/plan',
          'gpt-4.1',
          `Plan research on ${topic}.`,
          `1. ${questions.join('\n2. ')}\nThen a summary with sources.`,
        ),
        contextTokens: 640,
        takesMs: 420,
      },
    ],
  ];
  for (const [index, question] of questions.entries()) {
    const path = `/research/question-${index + 1}`;
    stages.push([
      {
        ...llm(`${path}/choose-tool`, 'gpt-4o-mini', `What do we know about ${question}?`, ''),
        contextTokens: 880 + 350 * index,
        tool: { name: 'web_search', arguments: { query: `${topic}: ${question}`, results: 5 } },
      },
    ]);
    stages.push([search(`${path}/search`, `${topic}: ${question}`, ['overview', 'field report', 'price list'])]);
    stages.push([
      {
        ...llm(
          `${path}/read`,
          'gpt-4o-mini',
          `Summarise the results on ${question}.`,
          `Three sources agree on ${question}; one is from a vendor and was weighed less.`,
        ),
        contextTokens: 3_900,
        takesMs: 310,
      },
    ]);
  }
  stages.push([
    {
      ...llm('/write', 'claude-sonnet-4-6', `Write the report on ${topic}.`, REPORT.repeat(3)),
      contextTokens: 5_200,
      takesMs: 900,
      streamed: true,
    },
  ]);
  return { name: 'Research agent', userId, properties: { team: 'insights', environment: 'staging' }, stages };
}

function handbookQuestion(userId: string, question: string, answer: string): DemoSession {
  return {
    name: 'Handbook question',
    userId,
    properties: { team: 'people', index: 'handbook-2026', environment: 'production' },
    stages: [
      [{ ...llm('/embed', 'text-embedding-3-small', question, ''), api: 'embeddings', contextTokens: 0, takesMs: 40 }],
      [search('/retrieve', question, ['leave-and-absence', 'expenses', 'equipment'])],
      [
        {
          ...llm('/rerank', 'gpt-4o-mini', `Order these passages by use for: ${question}`, '[2, 1, 3]'),
          contextTokens: 1_450,
        },
      ],
      [{ ...llm('/answer', 'gpt-4.1', question, answer), contextTokens: 1_100, takesMs: 380, streamed: true }],
    ],
  };
}

function courseOutline(userId: string, topic: string): DemoSession {
  const chapters = ['Why cost is a feature', 'Where tokens go', 'Budgets that act'];
  const write = (path: string, ask: string, takesMs: number): DemoStep => ({
    ...llm(
      path,
      'gpt-4o-mini',
      ask,
      `${ask} In this part learners compare two runs of their own and explain the difference.`,
    ),
    contextTokens: 520,
    takesMs,
    streamed: true,
  });
  return {
    name: 'Course outline',
    userId,
    properties: { team: 'learning', language: 'en', environment: 'production' },
    stages: [
      [
        {
          ...llm('/abstract', 'gpt-4.1', `Write an abstract for a course: ${topic}.`, REPORT),
          contextTokens: 180,
          takesMs: 450,
        },
      ],
      [
        {
          ...llm('/outline', 'claude-sonnet-4-6', `Outline ${chapters.length} chapters.`, chapters.join('\n')),
          contextTokens: 350,
          takesMs: 520,
        },
      ],
      chapters.map((chapter, at) =>
        write(`/outline/chapter-${at + 1}`, `Outline the chapter "${chapter}".`, 220 + 60 * at),
      ),
      chapters.flatMap((chapter, at) =>
        [1, 2].map((section) =>
          write(
            `/outline/chapter-${at + 1}/section-${section}`,
            `Write section ${section} of "${chapter}".`,
            180 + 40 * section,
          ),
        ),
      ),
    ],
  };
}

/** The one that goes wrong: a step that succeeds on its second try, and one that never does. */
function invoiceRun(userId: string): DemoSession {
  const extract = llm(
    '/invoice-17/extract',
    'gpt-4o-mini',
    'Extract the fields of this invoice.',
    '{"total": 1184.05, "due": "2026-12-01"}',
  );
  const validate = llm(
    '/invoice-17/validate',
    'gpt-4.1',
    'Do the line items sum up to the total?',
    'They do not: 1184.05 against 1148.05.',
  );
  return {
    name: 'Invoice batch',
    userId,
    properties: { team: 'finance', environment: 'production', batch: '2026-11' },
    stages: [
      [{ ...extract, contextTokens: 2_300, takesMs: 30, status: 429 }],
      [{ ...extract, contextTokens: 2_300, takesMs: 350 }],
      [{ ...validate, contextTokens: 900, takesMs: 80, status: 500 }],
      [{ ...validate, contextTokens: 900, takesMs: 80, status: 500 }],
    ],
  };
}

function llm(path: string, model: string, ask: string, answer: string): DemoStep {
  const api = model.startsWith('claude') ? 'anthropic' : 'openai';
  return { path, api, model, ask, answer, contextTokens: 200, takesMs: 180 };
}

function search(path: string, query: string, hits: readonly string[]): DemoStep {
  return { path, api: 'search', model: '', ask: query, answer: JSON.stringify(hits), contextTokens: 0, takesMs: 60 };
}

const REPORT =
  'A short account of what was found, what it costs to act on it and what is still open. Each claim names its source; where sources disagree, both are given with the reason for the choice made here. ';
