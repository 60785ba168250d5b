import type { ViewProps } from '../session-choice.ts';
export function PathsView(_: ViewProps) {
  return null;
}
