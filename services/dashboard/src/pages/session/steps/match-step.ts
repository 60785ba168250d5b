import type { StepColumns } from './ask-steps.ts';

/** Which steps a text is about: in path, model, provider, status, error, kind or id, in any case. Empty: undefined. */
export function stepMatcher(columns: StepColumns, text: string): ((step: number) => boolean) | undefined {
  const sought = text.trim().toLowerCase();
  if (sought === '') return undefined;
  // Many steps share a text.
  const known = new Map<string, boolean>();
  const has = (value: string): boolean => {
    let found = known.get(value);
    if (found === undefined) {
      found = value.toLowerCase().includes(sought);
      known.set(value, found);
    }
    return found;
  };
  return (step) =>
    has(columns.path[step]!) ||
    has(columns.model[step]!) ||
    has(columns.provider[step]!) ||
    has(columns.step_kind[step]!) ||
    (columns.is_error[step]! &&
      (has('error') || has(columns.error_type[step]!) || has(columns.error_message[step]!))) ||
    String(columns.status[step]).includes(sought) ||
    columns.request_id[step]!.toLowerCase().includes(sought);
}
