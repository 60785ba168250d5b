import type { ViewProps } from '../session-choice.ts';
export function ChatView(_: ViewProps) {
  return null;
}
