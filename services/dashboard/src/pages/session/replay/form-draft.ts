import { storedKey } from '../../../api/key-store.ts';
import { EMPTY_FORM, type ReplayForm } from './replay-form.ts';

let kept: { readonly apiKey: string | null; readonly sessionId: string; readonly form: ReplayForm } | undefined;

/** What was last typed for a session, while the tab is open; else an empty form. Keys of providers were never in it. */
export function formDraft(sessionId: string): ReplayForm {
  return kept?.sessionId === sessionId && kept.apiKey === storedKey() ? kept.form : EMPTY_FORM;
}

export function keepFormDraft(sessionId: string, form: ReplayForm): void {
  kept = { apiKey: storedKey(), sessionId, form };
}
