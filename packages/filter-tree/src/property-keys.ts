/**
 * The spelling in which a property key is looked up. Keys that the server sets itself have one, whatever the caller's;
 * any other key is taken as it is.
 */
export function canonicalKey(key: string): string {
  return SYSTEM_KEYS.get(asciiLower(key)) ?? key;
}

/** Whether a key is looked up in exactly one spelling. */
export function isSystemKey(key: string): boolean {
  return SYSTEM_KEYS.has(asciiLower(key));
}

/** As the engine's `lower`: header names, which keys come from, are ASCII. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export const SESSION_ID_KEY = 'Helicone-Session-Id';
export const SESSION_NAME_KEY = 'Helicone-Session-Name';
export const SESSION_PATH_KEY = 'Helicone-Session-Path';
export const PROMPT_ID_KEY = 'Helicone-Prompt-Id';
export const PROMPT_VERSION_KEY = 'Helicone-Prompt-Version';
export const CACHE_ENABLED_KEY = 'Helicone-Cache-Enabled';

const SYSTEM_KEYS: ReadonlyMap<string, string> = new Map(
  [
    SESSION_ID_KEY,
    SESSION_NAME_KEY,
    SESSION_PATH_KEY,
    PROMPT_ID_KEY,
    PROMPT_VERSION_KEY,
    'Helicone-Prompt-Mode',
    CACHE_ENABLED_KEY,
    'Helicone-Cache-Seed',
    'Helicone-Cache-Bucket-Max-Size',
    'Helicone-Cache-Control',
    'Helicone-Experiment-Id',
    'Helicone-Rate-Limit-Status',
    'Helicone-Sent-To-Posthog',
    'Helicone-Session-Feedback',
  ].map((key) => [asciiLower(key), key]),
);
