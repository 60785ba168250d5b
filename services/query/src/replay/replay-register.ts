import { ApiError } from '@throughline/contracts/errors';
import type { Replay } from './replay.ts';

/** Of one tenant, under way at a time; each has some steps under way. */
export const TENANT_REPLAYS_MAX = 4;
/** Of a process: those of all tenants together. */
const REPLAYS_MAX = 64;
/** Of one tenant, those that have ended included; the oldest of which goes first. */
const TENANT_KEPT_MAX = 50;
const KEPT_MS = 3_600_000;

/** The replays of this process. */
export interface ReplayRegister {
  /** @throws ApiError `too-many-replays` */
  add(replay: Replay): void;
  /** One of the tenant's; undefined where there is none, or no longer. */
  find(tenantId: string, id: string): Replay | undefined;
  /** It never was. */
  remove(replay: Replay): void;
}

/** @param clock epoch ms. @param stopping aborted when the process is about to stop: replays are cancelled. */
export function createReplayRegister(clock: { now(): number }, stopping: AbortSignal): ReplayRegister {
  const replays = new Map<string, Replay>();
  stopping.addEventListener('abort', () => {
    for (const replay of replays.values()) replay.cancel();
  });
  return {
    add(replay) {
      forget(clock.now());
      const own = [...replays.values()].filter(({ tenantId }) => tenantId === replay.tenantId);
      const running = (among: readonly Replay[]) => among.filter(({ endedAt }) => endedAt === undefined).length;
      if (running(own) >= TENANT_REPLAYS_MAX || running([...replays.values()]) >= REPLAYS_MAX) {
        throw new ApiError('too-many-replays', { max: TENANT_REPLAYS_MAX });
      }
      const ended = own.filter(({ endedAt }) => endedAt !== undefined);
      for (const { id } of ended.slice(0, Math.max(0, own.length + 1 - TENANT_KEPT_MAX))) replays.delete(id);
      replays.set(replay.id, replay);
    },
    find(tenantId, id) {
      forget(clock.now());
      const replay = replays.get(id.toLowerCase());
      return replay?.tenantId === tenantId ? replay : undefined;
    },
    remove: ({ id }) => void replays.delete(id),
  };

  function forget(nowMs: number): void {
    for (const { id, endedAt } of replays.values()) {
      if (endedAt !== undefined && nowMs - endedAt > KEPT_MS) replays.delete(id);
    }
  }
}
