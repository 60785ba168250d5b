import { type JsonPath, parseJsonPath } from './json-path.ts';

/** Fields of an event that are masked beside its bodies. */
export const MASKED_FIELDS = ['user', 'properties', 'session', 'url', 'headers'] as const;
export type MaskedField = (typeof MASKED_FIELDS)[number];

/** What is masked before a call is stored (`docs/security.md`). */
export interface MaskingRules {
  readonly emails: boolean;
  readonly cards: boolean;
  readonly keys: boolean;
  /** Texts that are masked wherever they occur, letter for letter. */
  readonly literals: readonly string[];
  /** Values in JSON bodies that are masked whatever they are. */
  readonly paths: readonly JsonPath[];
  /** Fields that are stored as they came. */
  readonly leave: ReadonlySet<MaskedField>;
}

/** What an operator writes. */
export interface MaskingRulesInput {
  readonly emails?: boolean | undefined;
  readonly cards?: boolean | undefined;
  readonly keys?: boolean | undefined;
  readonly literals?: readonly string[] | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly leave?: readonly MaskedField[] | undefined;
}

/** Each is looked for in every text: more would make masking slow. */
export const LITERALS_MAX = 100;
/** Two characters are in every text. */
export const LITERAL_CHARS_MIN = 3;
export const LITERAL_CHARS_MAX = 1_024;
export const PATHS_MAX = 100;

/** @throws TypeError that says which rule cannot be used, and never what a literal is. */
export function masksOf(input: MaskingRulesInput): MaskingRules {
  const { emails = false, cards = false, keys = false, literals = [], paths = [], leave = [] } = input;
  if (literals.length > LITERALS_MAX) throw new TypeError(`has more than ${LITERALS_MAX} literals`);
  literals.forEach((literal, at) => {
    if (literal.length < LITERAL_CHARS_MIN || literal.length > LITERAL_CHARS_MAX) {
      throw new TypeError(`literals[${at}] has not ${LITERAL_CHARS_MIN} to ${LITERAL_CHARS_MAX} characters`);
    }
    if (!literal.isWellFormed()) throw new TypeError(`literals[${at}] is half a character`);
    if (REPLACEMENTS.some((text) => text.includes(literal))) {
      throw new TypeError(`literals[${at}] is part of what masks put in its place (${REPLACEMENTS.join(', ')})`);
    }
  });
  if (paths.length > PATHS_MAX) throw new TypeError(`has more than ${PATHS_MAX} paths`);
  const parsed = paths.map((path, at) => {
    try {
      return parseJsonPath(path);
    } catch (error) {
      throw new TypeError(`paths[${at}] ${(error as Error).message}`, { cause: error });
    }
  });
  if (!emails && !cards && !keys && literals.length + paths.length === 0) {
    throw new TypeError('masks nothing: set emails, cards or keys to true, or name literals or paths');
  }
  return { emails, cards, keys, literals: [...literals], paths: parsed, leave: new Set(leave) };
}

const REPLACEMENTS = ['[email]', '[card]', '[key]', '[masked]'];
