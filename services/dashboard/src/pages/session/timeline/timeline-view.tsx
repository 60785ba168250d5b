import type { ViewProps } from '../session-choice.ts';
export function TimelineView(_: ViewProps) {
  return null;
}
