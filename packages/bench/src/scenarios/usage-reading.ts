import { readFileSync } from 'node:fs';
import { countTokens } from '@throughline/providers/estimate/count-tokens';
import { tokenText } from '@throughline/providers/estimate/token-text';
import { warmUpPrices } from '@throughline/providers/prices/price-call';
import type { CapturedCall } from '@throughline/providers/provider-reading';
import { readCall } from '@throughline/providers/read-call';
import { interleave } from '../measure/interleave.ts';
import { median } from '../measure/statistics.ts';
import { medianWithSpread, number } from '../report/format.ts';
import type { Figure, Scenario } from '../scenario.ts';
import { type FamilyAnswer, familyAnswers } from '../traffic/family-answers.ts';

/** A few tenths of a second each: the first ten thousand are slower, while code is compiled. */
const BODIES = 20_000;
const STREAMS = 300;
const BODY_US_MAX = 25;
const EVENT_US_MAX = 1.5;
/** Frames have checksums, which are verified; nothing is to be reached. */
const FRAMES = 'Bedrock Converse';

export const usageReading: Scenario = {
  name: 'usage-reading',
  about:
    'CPU of reading and pricing one answer of 2 kB, and one event of a stream, against JSON.parse of the same text',
  async run(bench) {
    warmUpPrices();
    const rows: string[][] = [];
    const figures: Figure[] = [];
    const all: Record<string, unknown> = {};
    for (const answer of familyAnswers()) {
      checkRead(answer);
      const count = answer.events.length;
      const samples = await interleave(bench.rounds, {
        body: () => cpuUs(BODIES, () => readCall(answer.body)),
        parsedBody: () => cpuUs(BODIES, () => JSON.parse(answer.body.responseText!)),
        event: async () => (await cpuUs(STREAMS, () => readCall(answer.stream))) / count,
        parsedEvent: async () => (await cpuUs(STREAMS, () => answer.events.map((event) => JSON.parse(event)))) / count,
      });
      all[answer.family] = samples;
      rows.push([
        answer.family,
        number(answer.body.responseText!.length),
        medianWithSpread(samples.body),
        medianWithSpread(samples.parsedBody),
        number(sizeOf(answer.stream) / count),
        medianWithSpread(samples.event),
        medianWithSpread(samples.parsedEvent),
      ]);
      figures.push(
        {
          name: `usage of one JSON answer of 2 kB, ${answer.family}`,
          value: median(samples.body),
          unit: 'µs',
          atMost: BODY_US_MAX,
        },
        {
          name: `usage of a stream, per event, ${answer.family}`,
          value: median(samples.event),
          unit: 'µs',
          ...(answer.family !== FRAMES && { atMost: EVENT_US_MAX }),
        },
      );
    }
    const estimates = await interleave(bench.rounds, { estimate: estimateUs });
    all.estimates = estimates;
    figures.push({
      name: `tokens of a text of 2 kB, counted by their worker`,
      value: median(estimates.estimate),
      unit: 'µs',
    });
    return {
      columns: ['', 'bytes', 'µs per JSON answer', 'JSON.parse', 'bytes', 'µs per event', 'JSON.parse'],
      rows,
      figures,
      notes: [
        'CPU of this process, in turns; each reading is complete and priced, which is checked first',
        `to count 2 kB of text (this project's own Markdown) takes ${medianWithSpread(estimates.estimate)} µs, in a thread of its own; only where a provider did not tell its usage`,
      ],
      samples: all,
    };
  },
};

async function cpuUs(times: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

const TEXT_CHARS = 2_000;
const TEXTS = 500;

/** Each text another one, as answers are: a tokenizer remembers words that it has seen. */
async function estimateUs(): Promise<number> {
  const source = readFileSync(new URL('../../../../ARCHITECTURE.md', import.meta.url), 'utf8');
  const step = (source.length - TEXT_CHARS) / TEXTS;
  await countTokens('o200k_base', ['loaded']);
  const before = process.cpuUsage();
  for (let i = 0; i < TEXTS; i++) {
    const from = Math.floor(i * step);
    await countTokens('o200k_base', tokenText(source.slice(from, from + TEXT_CHARS)).pieces);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / TEXTS;
}

function checkRead({ family, body, stream }: FamilyAnswer): void {
  for (const call of [body, stream]) {
    const { usageComplete, costPico } = readCall(call);
    if (!usageComplete || costPico === null || costPico <= 0n) throw new Error(`${family} was not read in full`);
  }
}

function sizeOf({ responseText, responseBytes }: CapturedCall): number {
  return responseText?.length ?? responseBytes?.length ?? 0;
}
