import type { ViewProps } from '../view-props.ts';
export function ContrastView(_: ViewProps) {
  return null;
}
