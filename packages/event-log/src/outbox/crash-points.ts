/** Every step of emptying an outbox that a process can die between. Tests crash the process at each. */
export const OUTBOX_CRASH_POINTS = [
  'outbox:before-folder',
  'outbox:after-folder',
  'outbox:before-bind',
  'outbox:after-bind',
  'outbox:before-send',
  'outbox:after-send',
  'outbox:before-positions',
  'outbox:after-positions',
  'outbox:after-claim',
  'outbox:before-closed',
  'outbox:after-closed',
  'outbox:before-remove',
  'outbox:after-remove',
] as const;

/** Steps more that only a process passes whose keys cannot be looked up for a while. */
export const PARKING_CRASH_POINTS = [
  'outbox:after-parked',
  'outbox:before-parked-sealed',
  'outbox:before-parked-keys',
  'outbox:after-parked-keys',
] as const;

export type OutboxCrashPoint = (typeof OUTBOX_CRASH_POINTS)[number] | (typeof PARKING_CRASH_POINTS)[number];

/** Called at each named point; a test's hook may end the process there. Production passes none. */
export type OutboxCrashPointHook = (point: OutboxCrashPoint) => void;
