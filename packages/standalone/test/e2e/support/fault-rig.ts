import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditReport } from '@throughline/session-aggregator/audit/audit-report';
import { type ApiClient, createApiClient } from '@throughline/testkit/api-client';
import { type FakeProvider, startFakeProvider } from '@throughline/testkit/fake-provider/fake-provider';
import { scriptHeader } from '@throughline/testkit/fake-provider/script';
import { checkExactness, type ExactnessReport } from '@throughline/testkit/load/check-exactness';
import { createLedger, type Ledger } from '@throughline/testkit/load/ledger';
import { type Load, type LoadOptions, startLoad } from '@throughline/testkit/load/run-load';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { startThroughline, type ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import type { CrashPoint } from '../../../src/crash-points.ts';
import { FAULT_LOAD } from './fault-load.ts';

export interface FaultRigOptions {
  readonly seed: number;
  readonly dataDir?: string;
  /** Of every start. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default true. Else the process has not been started yet. */
  readonly started?: boolean;
}

/** The real process with all that a fault test needs to break it and to know what it promised. */
export interface FaultRig extends AsyncDisposable {
  readonly provider: FakeProvider;
  readonly throughline: ThroughlineProcess;
  readonly api: ApiClient;
  /** What the clients know, over all loads and restarts. */
  readonly ledger: Ledger;
  /** 16 connections, streams and JSON, aborts, failures; it waits while the process is down. */
  load(options?: Partial<LoadOptions>): Load;
  /** Resolves when so many more calls of a running load have ended: however busy the machine is, something has happened. */
  callsLater(count: number): Promise<void>;
  /** One call with a body of so many bytes, noted in the ledger. */
  callWithBody(bytes: number): Promise<void>;
  /** Starts the process so that it kills itself at the n-th time it is at `point`, and waits for that. */
  startToCrash(point: CrashPoint, times: number): Promise<void>;
  /** Waits until the running process has killed itself. @throws when it did not come to it. */
  crashed(point: CrashPoint): Promise<void>;
  audit(): Promise<AuditReport>;
  /** Waits until everything in the log is applied and the product's own ledger agrees. */
  cleanAudit(): Promise<AuditReport>;
  /** Everything is as the clients know it, and the product's own ledger agrees. */
  exact(): Promise<ExactnessReport>;
}

/** On a machine that is busy with other things as well. */
const START_MS_MAX = 60_000;

/** From a start to the n-th time at a point, on a busy machine. */
const CRASH_MS_MAX = 60_000;

/** Until what was asked of a process that was killed in the middle is applied and visible, on a busy machine. */
const SETTLE_MS_MAX = 30_000;

export async function startFaultRig({ seed, dataDir, env, started = true }: FaultRigOptions): Promise<FaultRig> {
  const provider = await startFakeProvider({ exchangesMax: 100 });
  const throughline = await startThroughline({
    providerOrigin: provider.origin,
    env: { LOG_LEVEL: 'warn', ...env },
    readyTimeoutMs: START_MS_MAX,
    started,
    ...(dataDir !== undefined && { dataDir }),
  }).catch(async (error: unknown) => {
    await provider.close();
    throw error;
  });
  const { url, key } = throughline;
  const api = createApiClient(url, key);
  const ledger = createLedger();
  let loads = 0;

  const crashed = async (point: CrashPoint) => {
    const deadline = new AbortController();
    const end = await Promise.race([
      throughline.exited(),
      sleep(CRASH_MS_MAX, undefined, { signal: deadline.signal }).catch(() => undefined),
    ]);
    deadline.abort();
    if (end?.signal !== 'SIGKILL') {
      throw new Error(
        `the process did not come to ${point}: ${JSON.stringify(end)}\n${tail(throughline.stdout + throughline.stderr)}`,
      );
    }
  };

  const audit = async () => {
    const { stdout, stderr } = await runThroughline(['audit', '--json'], { THROUGHLINE_DATA_DIR: throughline.dataDir });
    if (!stdout) throw new Error(stderr);
    return JSON.parse(stdout) as AuditReport;
  };
  const cleanAudit = () =>
    waitFor(
      async () => {
        const report = await audit();
        const [partition] = report.partitions;
        if (report.clean && partition!.applied === partition!.logged) return report;
        throw new Error(JSON.stringify(partition, null, 1));
      },
      { what: 'a clean audit', intervalMs: 300, timeoutMs: SETTLE_MS_MAX },
    );

  return {
    provider,
    throughline,
    api,
    ledger,
    load: (options = {}) =>
      startLoad({
        url,
        key,
        seed: seed + loads++,
        ledger,
        ...FAULT_LOAD,
        sessionPrefix: `faults-${seed}-`,
        ...options,
      }),
    async callsLater(count) {
      const enough = ledger.calls.length + count;
      await waitFor(() => ledger.calls.length >= enough, { what: `${count} more calls`, timeoutMs: SETTLE_MS_MAX });
    },
    async callWithBody(bytes) {
      const call = ledger.nextCall();
      const userId = 'sender of large bodies';
      const answer = await rawCall({
        url: `${url}/v1/gateway/oai/v1/chat/completions`,
        headers: {
          'content-type': 'application/json',
          // Without a seed the fake provider hashes the body, which takes it seconds under Jest.
          ...scriptHeader({ seed: call }),
          'Helicone-Property-Call': String(call),
          'Helicone-User-Id': userId,
        },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'x'.repeat(bytes) }] }),
      });
      if (answer.end === 'refused') return;
      ledger.add({
        call,
        requestId: answerHeader(answer, 'helicone-id') ?? null,
        sessionId: null,
        sessionName: '',
        sessionPath: '',
        userId,
        received: answer.end === 'complete' ? 'full' : answer.status > 0 ? 'partial' : 'none',
        status: answer.end === 'complete' ? answer.status : 0,
        usage: null,
        costPico: undefined,
      });
    },
    async startToCrash(point, times) {
      // It may die before it is ready; that it dies of the right cause is looked at below.
      await throughline.start({ THROUGHLINE_CRASH_AT: `${point}#${times}` }).catch((error: unknown) => {
        if (throughline.pid !== undefined) throw error;
      });
      await crashed(point);
    },
    crashed,
    audit,
    cleanAudit,
    async exact() {
      // First, because a session whose key moves is in the list twice for a moment, between two inserts.
      await cleanAudit();
      return checkExactness(ledger, api, { timeoutMs: SETTLE_MS_MAX });
    },
    async [Symbol.asyncDispose]() {
      if (throughline.pid !== undefined) await throughline.kill('SIGKILL');
      await throughline.stop();
      await provider.close();
    },
  };
}

function tail(text: string): string {
  return text.slice(-2_000);
}
