/**
 * Every step of a recorded call at which the process may die, in order. Tests kill the process at each and check that
 * a call is counted once if its client received it in full, and at most once otherwise. A new step belongs in here.
 */
export const GATEWAY_CRASH_POINTS = [
  'gateway:request-received',
  'gateway:sent-upstream',
  'gateway:first-byte-to-client',
  'gateway:before-append',
  'gateway:after-append-before-last-chunk',
  'gateway:last-chunk-sent',
] as const;

export type GatewayCrashPoint = (typeof GATEWAY_CRASH_POINTS)[number];
