/**
 * Every step of the log that a process can die between, in the order in which one event passes them. Adapters call
 * their `crashPoint` hook with these names; tests crash the process at each.
 */
export const EVENT_LOG_CRASH_POINTS = [
  'log:before-write',
  'log:after-write',
  'log:before-sync',
  'log:after-sync',
  'log:after-synced-end-stored',
  'log:after-synced-end-published',
  'log:before-new-segment',
  'log:after-new-segment',
  'log:before-segment-delete',
  'log:after-segment-delete',
  'log:before-tail-cut',
  'log:after-tail-cut',
  'log:before-closed',
  'log:after-closed',
] as const;

export type EventLogCrashPoint = (typeof EVENT_LOG_CRASH_POINTS)[number];

/** Called at each named point; a test's hook may end the process there. Production passes none. */
export type CrashPointHook = (point: EventLogCrashPoint) => void;
