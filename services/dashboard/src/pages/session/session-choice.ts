import type { SessionSteps } from './steps/session-steps.ts';

export const VIEWS = ['tree', 'timeline', 'chat', 'paths'] as const;
export type View = (typeof VIEWS)[number];

/** What a person chose on this page, as its URL has it. */
export interface ChoiceTexts {
  readonly [name: string]: string | undefined;
}

export function viewOf(text: string | undefined): View {
  return VIEWS.find((view) => view === text) ?? 'tree';
}

/** What every view of a session is given. */
export interface ViewProps {
  readonly sessionId: string;
  readonly steps: SessionSteps;
  /** Index of the selected request; −1: none. */
  readonly selected: number;
  /** Requests that have what is looked for (`find=`) in their bodies. */
  readonly found: ReadonlySet<number>;
  /** Undefined: none. */
  readonly onSelect: (step: number | undefined) => void;
  readonly choice: ChoiceTexts;
  /** Puts texts into the URL; undefined takes one away. */
  readonly onChoose: (texts: ChoiceTexts) => void;
}
