import type { ReplayBody } from './replay-body.ts';

/** Literal texts of prompts. */
export interface Replacement {
  readonly find: string;
  readonly replaceWith: string;
}

/** Steps of one path, or of everything below it too. */
export interface ChosenPath {
  readonly path: string;
  readonly match: 'equals' | 'prefix';
}

/** What a person has typed and chosen. Keys of providers are not among it: they are kept by whoever shows the form. */
export interface ReplayForm {
  readonly model: string;
  readonly goesTo: 'recorded' | 'provider' | 'url';
  readonly provider: string;
  readonly targetUrl: string;
  readonly temperature: string;
  /** JSON. */
  readonly members: string;
  readonly prompt: 'recorded' | 'system' | 'replace';
  readonly systemPrompt: string;
  readonly replacements: readonly Replacement[];
  /** None: all of them. */
  readonly paths: readonly ChosenPath[];
  /** Id of a request; empty: from the first on. */
  readonly fromStep: string;
  readonly times: string;
  readonly maxCostUsd: string;
  readonly isThreaded: boolean;
  readonly isPaced: boolean;
  readonly stopsOnError: boolean;
  readonly sessionId: string;
}

export const EMPTY_FORM: ReplayForm = {
  model: '',
  goesTo: 'recorded',
  provider: '',
  targetUrl: '',
  temperature: '',
  members: '',
  prompt: 'recorded',
  systemPrompt: '',
  replacements: [{ find: '', replaceWith: '' }],
  paths: [],
  fromStep: '',
  times: '1',
  maxCostUsd: '',
  isThreaded: false,
  isPaced: true,
  stopsOnError: false,
  sessionId: '',
};

/** Where something is said of what was typed. */
export type ReplayField =
  | 'model'
  | 'target'
  | 'temperature'
  | 'members'
  | 'prompt'
  | 'paths'
  | 'fromStep'
  | 'times'
  | 'maxCostUsd'
  | 'sessionId'
  | 'keys';

export type Problems = ReadonlyMap<ReplayField, string>;

export type ReadReplayForm =
  | { readonly ok: true; readonly body: ReplayBody }
  /** A sentence per field that cannot be read, or is not filled yet. */
  | { readonly ok: false; readonly problems: Problems };

/** As the API has it. */
const TIMES_MAX = 20;

/** The body of the call, without keys. What is left as it was is not in it. */
export function readReplayForm(form: ReplayForm): ReadReplayForm {
  const problems = new Map<ReplayField, string>();
  const overrides = readOverrides(form, problems);
  const times = Number(form.times);
  if (!/^\s*\d+\s*$/.test(form.times) || times < 1 || times > TIMES_MAX) {
    problems.set('times', `A whole number from 1 to ${TIMES_MAX}.`);
  }
  const maxCostUsd = numberOf(form.maxCostUsd);
  if (maxCostUsd !== undefined && !(maxCostUsd >= 0)) problems.set('maxCostUsd', 'An amount in USD, such as 0.50.');
  if (problems.size > 0) return { ok: false, problems };
  return {
    ok: true,
    body: {
      ...(form.sessionId !== '' && { sessionId: form.sessionId }),
      ...(Object.keys(overrides).length > 0 && { overrides }),
      ...(form.paths.length > 0 && { paths: [...form.paths] }),
      ...(form.fromStep !== '' && { fromStep: form.fromStep }),
      ...(times > 1 && { times }),
      ...(maxCostUsd !== undefined && { maxCostUsd }),
      ...(form.isThreaded && { thread: true }),
      ...(!form.isPaced && { toolPacing: 'none' as const }),
      ...(form.stopsOnError && { stopOnError: true }),
    },
  };
}

function readOverrides(form: ReplayForm, problems: Map<ReplayField, string>): NonNullable<ReplayBody['overrides']> {
  const model = form.model.trim();
  const temperature = numberOf(form.temperature);
  if (Number.isNaN(temperature)) problems.set('temperature', 'A number, such as 0.2.');
  const members = readMembers(form.members);
  if (typeof members === 'string') problems.set('members', members);
  const replace = form.replacements.filter(({ find, replaceWith }) => find !== '' || replaceWith !== '');
  if (form.prompt === 'system' && form.systemPrompt === '') problems.set('prompt', 'Write the new system prompt.');
  if (form.prompt === 'replace' && (replace.length === 0 || replace.some(({ find }) => find === ''))) {
    problems.set('prompt', 'Say what is to be found, in every row.');
  }
  const provider = form.provider.trim();
  const targetUrl = form.targetUrl.trim();
  if (form.goesTo === 'provider' && provider === '') problems.set('target', 'Name the provider.');
  if (form.goesTo === 'url' && targetUrl === '') problems.set('target', 'Give the URL.');
  return {
    ...(model !== '' && { model }),
    ...(form.goesTo === 'provider' && { provider }),
    ...(form.goesTo === 'url' && { targetUrl }),
    ...(temperature !== undefined && { temperature }),
    ...(typeof members === 'object' && { body: members }),
    ...(form.prompt === 'system' && { systemPrompt: form.systemPrompt }),
    ...(form.prompt === 'replace' && { replace }),
  };
}

/** Undefined: nothing was typed. NaN: it is no number. */
function numberOf(text: string): number | undefined {
  const typed = text.trim();
  if (typed === '') return undefined;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(typed) ? Number(typed) : Number.NaN;
}

/** Undefined: nothing was typed. A text: why it is none. */
function readMembers(text: string): Record<string, unknown> | string | undefined {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return 'An object: {"name": value}.';
    }
    const inexact = inexactNumber(text);
    if (inexact !== undefined) return `${inexact} has more digits than a browser keeps.`;
    return value as Record<string, unknown>;
  } catch (error) {
    return `This is no JSON: ${(error as Error).message}`;
  }
}

/** The first number in a JSON text that would be sent as another one; of fractions, only those beyond all bounds. */
function inexactNumber(json: string): string | undefined {
  const withoutTexts = json.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const numbers = withoutTexts.match(/-?\d[\d.eE+-]*/g) ?? [];
  return numbers.find(
    (one) => !Number.isFinite(Number(one)) || (/^-?\d+$/.test(one) && BigInt(one) !== BigInt(Number(one))),
  );
}
