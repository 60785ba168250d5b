/**
 * `FAULTS=long`, as `pnpm test:faults` sets it: outages of two minutes and twenty kills, as production may see them. Else
 * as short as still shows the same: outages of twice the time after which the group takes a silent member for dead.
 */
export const isLong = process.env.FAULTS === 'long';

export const OUTAGE_MS = isLong ? 120_000 : 16_000;

/** Of servers that know no members: a killed one refuses connections, for which no client waits. */
export const SHORT_OUTAGE_MS = isLong ? OUTAGE_MS : 5_000;

/** Services that are held still, one after the other. */
export const ZOMBIES = isLong ? 2 : 1;

/** `KILLS` names another number. */
export const KILL_ROUNDS = Number(process.env.KILLS ?? (isLong ? 20 : 4));

export const NETWORK_ROUNDS = isLong ? 60 : 8;

/** Damages to one log, one after the other; each costs one start or two. `POWER_CUTS` names another number. */
export const LOG_DAMAGES = Number(process.env.POWER_CUTS ?? (isLong ? 20 : 4));

/** Power cuts of each kind. `POWER_CUTS` names another number. */
export const POWER_CUTS = Number(process.env.POWER_CUTS ?? (isLong ? 10 : 2));

/** How often a disk fills up in one life of a process. */
export const DISK_FILLS = isLong ? 6 : 2;

/** Servers and services up, several faults under load, what is read back, on a busy machine. */
export const WORLD_MS_MAX = isLong ? 1_500_000 : 300_000;
