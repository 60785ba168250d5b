import { randomBytes, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sentBody } from '@throughline/testkit/fake-provider/exchange';
import { anthropic1 } from './support/clients/anthropic.ts';
import { QUESTION, TOOL } from './support/clients/client-under-test.ts';
import { expectSteps } from './support/clients/expect-steps.ts';
import { openai } from './support/clients/openai.ts';
import { leaksOf, SETUP_MS_MAX } from './support/instance.ts';
import { hasPython, PYTHON_SETUP_MS_MAX, type Python, preparePython, VENDOR_CLIENTS } from './support/python.ts';
import { searchDataDir } from './support/search-data-dir.ts';
import { tryPage } from './support/try-page.ts';
import { startVendors, type Vendors } from './support/vendors.ts';

// CI has Python; there its absence is a failure. On a machine without it these tests cannot say anything.
const mayRun = hasPython || process.env.CI === 'true';

(mayRun ? describe : describe.skip)("Python's clients (need python3 with pip)", () => {
  let vendors: Vendors;
  let python: Python;
  beforeAll(async () => {
    python = await preparePython(VENDOR_CLIENTS);
    vendors = await startVendors();
  }, SETUP_MS_MAX + PYTHON_SETUP_MS_MAX);
  afterAll(() => vendors?.stop(), SETUP_MS_MAX);

  const script = fileURLToPath(new URL('./python/vendor_calls.py', import.meta.url));
  const secret = `canary${randomBytes(18).toString('hex')}`;

  // What they call is what Node's clients of the same vendors call.
  test.each([
    ['openai', openai],
    ['anthropic', anthropic1],
  ] as const)(
    '%s makes a session of its plain, streamed, tool and refused calls',
    async (name, client) => {
      const { fakes, instance, tap } = vendors;
      const fake = fakes[client.provider];
      const before = fake.exchanges.length;
      const tapped = tap.answers.length;
      const sessionId = randomUUID();
      // The first three are answered well, each differently.
      fake.enqueue({}, {}, {}, { status: 429 });
      const stdout = await python.run(script, [name], {
        E2E_URL: tap.origin,
        E2E_HEADERS: JSON.stringify(instance.session(sessionId)),
        E2E_QUESTION: QUESTION,
        E2E_TOOL: JSON.stringify(TOOL),
        E2E_SECRET: secret,
      });
      const read = stdout.trim().split('\n');
      expect(read.map((line) => JSON.parse(line))).toEqual([
        { name: 'plain', read: expect.stringMatching(/.{20}/s) },
        { name: 'streamed', read: expect.stringMatching(/.{20}/s) },
        { name: 'tool', read: { query: expect.any(String) } },
        { name: 'limited', read: { isOwn: true, status: 429 } },
      ]);
      const exchanges = fake.exchanges.slice(before);
      const bodies = await Promise.all(tap.answers.slice(tapped).map(({ body }) => body));
      expect(bodies).toEqual(exchanges.map(sentBody));
      expect(exchanges.flatMap((exchange) => leaksOf(exchange, instance.throughline.key))).toEqual([]);
      const usages = exchanges.slice(0, 3).map(({ usage }) => usage!);
      expect((await expectSteps(instance, client, sessionId, usages)).join()).not.toContain(secret);
    },
    PYTHON_SETUP_MS_MAX,
  );

  test.each([
    ['openai-python.md', 'OPENAI', 'OPENAI_API_KEY'],
    ['anthropic-python.md', 'ANTHROPIC', 'ANTHROPIC_API_KEY'],
  ] as const)(
    'run every block of %s as it stands there',
    (name, provider, secretName) =>
      tryPage(vendors, {
        page: `clients/${name}`,
        language: 'py',
        providers: [provider],
        secrets: () => [secretName],
        run: (code, env) => python.run('-c', [code], env),
      }),
    PYTHON_SETUP_MS_MAX,
  );

  test('leave no credential in what is stored', async () => {
    const { throughline } = vendors.instance;
    await throughline.kill('SIGTERM');
    const found = await searchDataDir(throughline.dataDir, { secret, ours: throughline.key, question: QUESTION });
    // The question is what may be found: it shows that the search finds.
    expect(Object.keys(found)).toEqual(['question']);
  });
});
