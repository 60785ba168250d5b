import type { SessionStep } from './session-state.ts';

/**
 * The order of steps: by time, and at the same millisecond by everything else that is known of them, so that it depends on
 * nothing but the calls. Steps of which all is equal stand for each other.
 */
export function compareSteps(a: SessionStep, b: SessionStep): number {
  return (
    a.at - b.at ||
    compareOf(a.path ?? '', b.path ?? '') ||
    Number(a.path !== null) - Number(b.path !== null) ||
    Number(a.isError) - Number(b.isError) ||
    compareOf(a.costPico, b.costPico)
  );
}

function compareOf<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
