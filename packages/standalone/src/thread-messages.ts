import type { MessagePort } from 'node:worker_threads';
import type { KeyRecord } from '@throughline/contracts/keys';
import type { NewEvent } from '@throughline/contracts/request-event';
import type { Position } from '@throughline/event-log/event-log';
import type { SharedLog } from '@throughline/event-log/files/shared-log';
import type { Config } from './config.ts';

/** What the HTTP thread is told first. */
export interface HttpThreadData {
  readonly config: Config;
  readonly bootstrapKey: KeyRecord;
  /** Signs links to bodies. */
  readonly bodyUrlSecret: string;
  readonly pretty: boolean;
  /** Of this process, as its spans name it. */
  readonly instanceId: string;
  /** Towards the owner of ClickHouse, in the main thread. */
  readonly analyticsPort: MessagePort;
  /** See `main-thread-metrics.ts`. */
  readonly metricsPort: MessagePort;
  /** See `progress-cells.ts`. */
  readonly progress: SharedArrayBuffer;
}

/** Main thread → HTTP thread. */
export type ToHttpThread =
  | { readonly type: 'configure'; readonly data: HttpThreadData }
  /** Totals are open: open the log, which goes on at this offset at least, then listen. */
  | { readonly type: 'open'; readonly minNextOffset: number }
  | { readonly type: 'allow-target'; readonly origin: string }
  /** Append an event; the answer goes to `answerTo`, once. */
  | { readonly type: 'append'; readonly event: NewEvent; readonly answerTo: MessagePort }
  /** Keys or tenants have changed: know the new ones before answering `null`, once. */
  | { readonly type: 'refresh-keys'; readonly answerTo: MessagePort }
  /** Make a token that signs in once; it goes to `answerTo`, once. */
  | { readonly type: 'login-token'; readonly answerTo: MessagePort }
  /** Finish what is under way, close the log, answer `drained`. */
  | { readonly type: 'drain' }
  /** Everything else is closed: release the stores and end. */
  | { readonly type: 'end' };

/** To an `append`: where the event is in the log, or why it is not. */
export type AppendAnswer = Position | { readonly error: string };

/** HTTP thread → main thread. */
export type FromHttpThread =
  /** The log is open; `shared` lets this process's consumer read it. */
  | { readonly type: 'log-open'; readonly shared: SharedLog }
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'failed'; readonly name: string; readonly message: string }
  | { readonly type: 'drained' };
