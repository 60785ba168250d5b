import { ledgerAnswer, ledgerAuditAnswer, ledgerParameters } from '@throughline/contracts/api/system-answer';
import { ApiError } from '@throughline/contracts/errors';
import { listLedgerGaps } from '../queries/ledger-gaps.ts';
import { type LedgerMinute, listLedgerMinutes } from '../queries/ledger-minutes.ts';
import type { QueryDeps } from '../query-deps.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route } from '../route.ts';
import { readStandings, type Standing } from '../system/standing.ts';
import type { SystemAudit } from '../system/system-ports.ts';

const MINUTE_MS = 60_000;
const MINUTES = 60;
const MINUTES_MAX = 1440;

/** What was accepted is logged, stored and totalled: by the minute, and compared as a whole. */
export function ledgerRoutes(deps: QueryDeps): Route[] {
  let auditing: Promise<SystemAudit> | undefined;
  return [
    {
      method: 'get',
      path: '/v1/system/ledger',
      access: 'operate',
      doc: {
        summary: 'What became of the events of the last minutes, of all tenants',
        body: null,
        query: ledgerParameters,
        answer: ledgerAnswer,
        errors: ['invalid-minutes'],
      },
      handle: async ({ req, analytics }) => {
        const minutes = readMinutes(req.query.minutes);
        const standings = await readStandings(deps);
        const sinceMs = Math.floor(deps.clock.now() / MINUTE_MS - minutes + 1) * MINUTE_MS;
        const applied = standings.map((standing) => standing.applied);
        const [found, gaps] = await Promise.all([
          listLedgerMinutes(analytics, sinceMs, applied),
          listLedgerGaps(analytics),
        ]);
        const data = {
          minutes: found.map(minuteAnswer),
          partitions: standings.map(partitionAnswer),
          gaps: gaps.map(({ foundAtMs, ...gap }) => ({ ...gap, found_at: timestamp(foundAtMs) })),
        };
        return { data, from: 'totals' };
      },
    },
    {
      method: 'post',
      path: '/v1/system/ledger/audit',
      access: 'operate',
      doc: {
        summary: 'Compare everything accepted, logged, stored and totalled: reads whole tables, one audit at a time',
        body: null,
        query: null,
        answer: ledgerAuditAnswer,
        errors: [],
      },
      handle: async () => {
        // Whoever asks meanwhile gets the same one.
        auditing ??= deps.system.audit().finally(() => {
          auditing = undefined;
        });
        return { data: auditAnswer(await auditing), from: 'totals' };
      },
    },
  ];
}

function readMinutes(given: unknown): number {
  if (given === undefined) return MINUTES;
  const minutes = typeof given === 'string' && /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (minutes < 1 || minutes > MINUTES_MAX) throw new ApiError('invalid-minutes', { max: MINUTES_MAX });
  return minutes;
}

function minuteAnswer({ atMs, requests, annotations, totalled, exceptions, refused }: LedgerMinute) {
  const sum = (kinds: readonly string[]) => kinds.reduce((total, kind) => total + (exceptions.get(kind) ?? 0), 0);
  const stored = requests + annotations;
  return {
    at: timestamp(atMs),
    accepted: stored + sum(ACCEPTED_KINDS),
    logged: stored + sum([...exceptions.keys()]),
    stored,
    totalled,
    refused,
    exceptions: Object.fromEntries(exceptions),
  };
}

/** What was accepted once and became no row. */
const ACCEPTED_KINDS = ['duplicate', 'dead', 'deleted', 'orphan'];

function partitionAnswer({ partition, logged, applied }: Standing) {
  return { partition, logged, applied, waiting: logged === null ? null : Math.max(0, logged - applied) };
}

function auditAnswer({ at, clean, settled, partitions }: SystemAudit) {
  return {
    at,
    clean,
    settled,
    partitions: partitions.map(({ logId, ...partition }) => ({ ...partition, log_id: logId })),
  };
}
