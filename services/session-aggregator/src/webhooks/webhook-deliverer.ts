import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { Pairs } from '@throughline/contracts/request-event';
import type { RequestRow } from '@throughline/contracts/request-row';
import { deliveryId } from '@throughline/contracts/webhook-delivery';
import type { SignedLinks } from '@throughline/http/signed-links';
import type { Resolve } from '@throughline/outbound/checked-lookup';
import type { TargetPolicy } from '@throughline/outbound/target-policy';
import type { Logger } from '@throughline/telemetry/logger';
import type { Metrics } from '@throughline/telemetry/metrics';
import { createDeliveryLog, type DeliveryLog } from './delivery-log.ts';
import { findUndelivered } from './find-undelivered.ts';
import { type FlaggedCall, flaggedCall, positionOf } from './flagged-call.ts';
import { Lane, type Task } from './lane.ts';
import { readCalls, type ToldCall } from './read-calls.ts';
import { selectsCall } from './selects-call.ts';
import { signedHeaders } from './signed-headers.ts';
import { readWebhooks, type Webhook } from './webhook.ts';
import { WEBHOOK_DEFAULTS, type WebhookConfig } from './webhook-config.ts';
import type { Sent, WebhookSender } from './webhook-sender.ts';
import { webhookText } from './webhook-text.ts';

/** What owners of partitions tell. None of it waits or throws. */
export interface WebhookTeller {
  /** The partition is owned here, and committed up to an offset: what others have left undelivered is looked for. */
  taken(partition: number, through: number): void;
  /** Rows that are stored, and whose totals are committed, as everything up to an offset is. */
  committed(partition: number, through: number, rows: readonly RequestRow[]): void;
  /** It is owned here no longer. */
  released(partition: number): void;
}

export interface WebhookDeliverer extends WebhookTeller {
  /** Ends what is under way: whoever owns the partitions next sends it again. */
  close(): Promise<void>;
}

export interface WebhookDelivererDeps {
  readonly analytics: Pick<AnalyticsStore, 'query' | 'insert'>;
  /** Where webhooks may lead. */
  readonly policy: TargetPolicy;
  /** Stands in for `dns.lookup` in tests. */
  readonly resolve?: Resolve;
  /** Left out: what is sent has no links to whole bodies, because this process cannot sign them. */
  readonly links?: Pick<SignedLinks, 'make'> | undefined;
  readonly config?: Partial<WebhookConfig>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Webhooks whose backlog is read in one round. */
const REFILLS_MAX = 4;
/** Calls read in one round. */
const READ_MAX = 100;
/** Between reading a call and sending it. */
const TAKEN_MS_MAX = 1_000;
/** Beyond so many deliveries of which it is not stored what became of them, none are sent. */
const UNSTORED_MAX = 5_000;

/**
 * Tells webhooks of calls, at least once each, beside the aggregator and never in its way. What is to be told is in the tables:
 * calls that are flagged and have no final row in `webhook_deliveries`. Memory holds some of it, and whoever takes a
 * partition over, or starts, finds the rest.
 */
export function createWebhookDeliverer(deps: WebhookDelivererDeps): WebhookDeliverer {
  return new Deliverer(deps);
}

interface Committed {
  readonly call: FlaggedCall;
  readonly properties: Pairs;
}

/** A task, and what is told of its call; undefined: it was deleted. */
interface Readable {
  readonly task: Task;
  readonly told: ToldCall | undefined;
}

/** A task on its way out. */
interface Picked {
  readonly lane: Lane;
  readonly task: Task;
}

class Deliverer implements WebhookDeliverer {
  readonly #deps: WebhookDelivererDeps;
  readonly #config: WebhookConfig;
  readonly #log: DeliveryLog;
  readonly #closing = new AbortController();
  /** Partitions owned here, and up to which offset each is committed. */
  readonly #owned = new Map<number, number>();
  readonly #lanes = new Map<string, Lane>();
  readonly #sendingOf = new Map<string, number>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #outcomes;
  #sender: Promise<WebhookSender> | undefined;
  #committed: Committed[] = [];
  /** Tenants some of whose calls found no room in memory before it was known whom to tell. */
  #overflowed = new Set<string>();
  /** The tables may hold what others have left. */
  #isTakenAnew = false;
  #sending = 0;
  /** Which lane begins: each in turn. */
  #turn = 0;
  #round: Promise<void> | undefined;
  #lastRoundAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(deps: WebhookDelivererDeps) {
    this.#deps = deps;
    this.#config = { ...WEBHOOK_DEFAULTS, ...deps.config };
    const { analytics, logger, now } = deps;
    this.#log = createDeliveryLog({ analytics, writeMs: this.#config.writeMs, logger, now });
    this.#outcomes = deps.metrics.counter('webhook_tries_total', 'Times that webhooks were told of calls, by outcome', [
      'outcome',
    ]);
    deps.metrics.gauge('webhook_waiting', 'Deliveries to webhooks that wait in memory', [], (gauge) =>
      gauge.set(this.#waiting()),
    );
    deps.metrics.gauge('webhook_paused', 'Webhooks that are left alone because they failed too often', [], (gauge) =>
      gauge.set([...this.#lanes.values()].filter((lane) => lane.isPaused(now())).length),
    );
  }

  taken(partition: number, through: number): void {
    this.#owned.set(partition, through);
    this.#isTakenAnew = true;
    this.#wake(0);
  }

  committed(partition: number, through: number, rows: readonly RequestRow[]): void {
    this.#owned.set(partition, through);
    let isAny = false;
    for (const row of rows) {
      if (!row.webhook) continue;
      isAny = true;
      if (this.#committed.length < this.#config.committedMax) {
        this.#committed.push({ call: flaggedCall(row), properties: row.properties });
      } else this.#overflowed.add(row.tenant_id);
    }
    if (isAny) this.#wake(0);
  }

  released(partition: number): void {
    this.#owned.delete(partition);
    this.#committed = this.#committed.filter(({ call }) => call.partition !== partition);
    for (const lane of this.#lanes.values()) lane.release(partition);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#round;
    await Promise.all(this.#underWay);
    await this.#log.close();
    await (await this.#sender)?.close();
  }

  /** A round at this instant, epoch ms, but not too soon after the last one. */
  #wake(atMs: number): void {
    if (this.#closing.signal.aborted || this.#round || atMs === Number.POSITIVE_INFINITY) return;
    const at = Math.max(atMs, this.#lastRoundAt + this.#config.roundMs);
    if (at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    const waitMs = Math.min(Math.max(0, at - this.#deps.now()), TIMER_MS_MAX);
    this.#timer = setTimeout(() => this.#startRound(), waitMs).unref();
  }

  #startRound(): void {
    const { logger, now } = this.#deps;
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#lastRoundAt = now();
    let nextAt = 0;
    this.#round = this.#runRound()
      .catch((error: unknown) => {
        if (this.#closing.signal.aborted) return;
        logger.warn({ err: error }, 'webhooks could not be looked after, will be tried again');
        nextAt = now() + this.#config.failedRoundMs;
      })
      .finally(() => {
        this.#round = undefined;
        this.#wake(Math.max(nextAt, this.#nextAtMs()));
      });
  }

  async #runRound(): Promise<void> {
    this.#giveUpOld();
    const news = this.#takeNews();
    const tenants = this.#tenantsToLookAfter(news);
    if (!news.isTakenAnew && tenants.size === 0) return;
    let webhooks: Webhook[];
    try {
      webhooks = await readWebhooks(this.#deps.analytics, news.isTakenAnew ? undefined : [...tenants]);
    } catch (error) {
      this.#putBack(news);
      throw error;
    }
    const isRead = (tenantId: string) => news.isTakenAnew || tenants.has(tenantId);
    this.#dropDeleted(webhooks, isRead);
    this.#spread(news, webhooks);
    const lanes = [...this.#lanes.values()].filter(({ webhook }) => isRead(webhook.tenantId));
    await this.#refill(lanes, news.through);
    await this.#sendDue(lanes);
    const now = this.#deps.now();
    for (const [key, lane] of this.#lanes) if (lane.isIdle(now)) this.#lanes.delete(key);
  }

  #takeNews(): News {
    const news = {
      committed: this.#committed,
      overflowed: this.#overflowed,
      isTakenAnew: this.#isTakenAnew,
      through: new Map(this.#owned),
    };
    this.#committed = [];
    this.#overflowed = new Set();
    this.#isTakenAnew = false;
    return news;
  }

  #putBack({ committed, overflowed, isTakenAnew }: News): void {
    const { committedMax } = this.#config;
    const all = [...committed, ...this.#committed];
    this.#committed = all.slice(0, committedMax);
    for (const { call } of all.slice(committedMax)) this.#overflowed.add(call.tenantId);
    for (const tenantId of overflowed) this.#overflowed.add(tenantId);
    this.#isTakenAnew ||= isTakenAnew;
  }

  #tenantsToLookAfter({ committed, overflowed }: News): Set<string> {
    const now = this.#deps.now();
    const tenants = new Set(overflowed);
    for (const { call } of committed) tenants.add(call.tenantId);
    for (const lane of this.#lanes.values()) {
      if (lane.nextAtMs() <= now || this.#wantsMore(lane)) tenants.add(lane.webhook.tenantId);
    }
    return tenants;
  }

  /** Nothing more is sent where a webhook was deleted. */
  #dropDeleted(webhooks: readonly Webhook[], isRead: (tenantId: string) => boolean): void {
    const current = new Map(webhooks.map((webhook) => [keyOf(webhook), webhook]));
    for (const [key, lane] of this.#lanes) {
      if (!isRead(lane.webhook.tenantId)) continue;
      const webhook = current.get(key);
      if (webhook) lane.webhook = webhook;
      else this.#lanes.delete(key);
    }
  }

  /** What is new, to the webhooks that are to be told. */
  #spread({ committed, overflowed, isTakenAnew }: News, webhooks: readonly Webhook[]): void {
    const byTenant = Map.groupBy(webhooks, ({ tenantId }) => tenantId);
    for (const tenantId of isTakenAnew ? byTenant.keys() : overflowed) {
      for (const webhook of byTenant.get(tenantId) ?? []) this.#laneOf(webhook).isBehind = true;
    }
    let room = this.#config.waitingMax - this.#waiting();
    for (const { call, properties } of committed) {
      if (!this.#owned.has(call.partition)) continue;
      for (const webhook of byTenant.get(call.tenantId) ?? []) {
        if (!selectsCall(webhook, call, properties)) continue;
        const lane = this.#laneOf(webhook);
        const before = lane.waiting;
        lane.offer(call, room);
        room -= lane.waiting - before;
      }
    }
  }

  /** Lanes that are behind and have room get what the tables hold of theirs, the oldest first. */
  async #refill(lanes: readonly Lane[], through: News['through']): Promise<void> {
    const wanting = lanes.filter((lane) => this.#wantsMore(lane)).slice(0, REFILLS_MAX);
    if (wanting.length === 0) return;
    for (const lane of wanting) lane.beginRefill();
    try {
      // What is done by now must not be found undone.
      await this.#log.flush();
      for (const lane of wanting) await this.#refillOne(lane, through);
    } catch (error) {
      for (const lane of wanting) lane.isBehind = true;
      throw error;
    } finally {
      for (const lane of wanting) lane.endRefill();
    }
    this.#giveUpOld();
  }

  async #refillOne(lane: Lane, through: News['through']): Promise<void> {
    const { ageMsMax, waitingPerWebhookMax: limit } = this.#config;
    const found = await findUndelivered(this.#deps.analytics, lane.webhook, {
      through,
      // As far back again as calls are told at all: of those that were not, it is written down.
      sinceMs: Math.max(lane.webhook.createdAtMs, this.#deps.now() - 2 * ageMsMax),
      limit,
    });
    if (found.length === limit) lane.isBehind = true;
    for (const { call, tries, nextTryAtMs } of found) {
      if (!this.#owned.has(call.partition) || lane.wasDoneMeanwhile(call)) continue;
      lane.offer(call, this.#config.waitingMax - this.#waiting(), tries, nextTryAtMs);
    }
  }

  /** Of calls that are too old, it is written down that they were not told. */
  #giveUpOld(): void {
    const before = this.#deps.now() - this.#config.ageMsMax;
    for (const lane of this.#lanes.values()) {
      for (const task of lane.waitingSince(before)) {
        this.#giveUp(lane, task, { tries: task.tries, status: 0, reason: 'not told in time' }, false);
      }
    }
  }

  async #sendDue(lanes: readonly Lane[]): Promise<void> {
    const picked = this.#pick(lanes);
    if (picked.length === 0) return;
    let told: Map<string, ToldCall>;
    try {
      told = await readCalls(
        this.#deps.analytics,
        picked.map(({ task }) => task.call),
      );
    } catch (error) {
      for (const { lane, task } of picked) lane.giveBack(task);
      throw error;
    }
    for (const [lane, taken] of Map.groupBy(picked, (one) => one.lane)) {
      // Whoever waits for one receiver keeps that call in memory, and not all of them.
      const left = taken.map(({ task }) => ({ task, told: told.get(positionOf(task.call)) }));
      this.#sendTaken(lane, left);
    }
  }

  /** What is due of each lane, in equal parts, so that no webhook waits for another one's backlog. */
  #pick(lanes: readonly Lane[]): Picked[] {
    const picked: Picked[] = [];
    const now = this.#deps.now();
    const due = lanes.filter((lane) => lane.nextAtMs() <= now && this.#maySend(lane));
    if (due.length === 0 || this.#log.pending > UNSTORED_MAX) return picked;
    const begin = this.#turn++ % due.length;
    const part = Math.max(1, Math.floor(READ_MAX / due.length));
    for (const lane of [...due.slice(begin), ...due.slice(0, begin)]) {
      const most = Math.min(part, READ_MAX - picked.length);
      for (const task of lane.take(now, most)) picked.push({ lane, task });
    }
    return picked;
  }

  /**
   * Sends what was taken of one lane, some at a time. What is not begun soon is given back: rows are read again then, and
   * whether the webhook is still there.
   */
  #sendTaken(lane: Lane, left: Readable[]): void {
    const giveBack = () => {
      clearTimeout(late);
      for (const { task } of left.splice(0)) lane.giveBack(task);
    };
    const late = setTimeout(() => {
      giveBack();
      this.#wake(this.#nextAtMs());
    }, TAKEN_MS_MAX).unref();
    const sendNext = () => {
      if (this.#closing.signal.aborted || lane.isPaused(this.#deps.now()) || this.#isDropped(lane)) giveBack();
      while (left.length > 0 && this.#maySend(lane)) {
        const { task, told } = left.shift()!;
        // Another owner does by now.
        if (!this.#owned.has(task.call.partition)) {
          lane.giveBack(task);
          continue;
        }
        lane.begin(task);
        this.#count(lane, 1);
        const sending = this.#send(lane, task, told).finally(() => {
          this.#underWay.delete(sending);
          this.#count(lane, -1);
          sendNext();
          this.#wake(this.#nextAtMs());
        });
        this.#underWay.add(sending);
      }
      if (left.length === 0) clearTimeout(late);
    };
    sendNext();
  }

  /** Never rejects. */
  async #send(lane: Lane, task: Task, told: ToldCall | undefined): Promise<void> {
    const { webhook } = lane;
    if (told === undefined) {
      this.#giveUp(lane, task, { tries: task.tries, status: 0, reason: 'the call was deleted' }, false);
      return;
    }
    const id = deliveryId(task.call.eventId, webhook.id);
    const text = webhookText(webhook, task.call, told, this.#linkTo(webhook, task.call));
    const headers = signedHeaders(webhook.secret, id, this.#deps.now(), text);
    const sender = await this.#openSender();
    this.#settle(lane, task, await sender.send(webhook.destination, headers, text, this.#closing.signal));
  }

  /** Its code is loaded when there is something to send. */
  #openSender(): Promise<WebhookSender> {
    const { policy, resolve } = this.#deps;
    this.#sender ??= import('./webhook-sender.ts').then(({ createWebhookSender }) =>
      createWebhookSender({ policy, resolve, config: this.#config }),
    );
    return this.#sender;
  }

  #linkTo({ apiOrigin }: Webhook, call: FlaggedCall): string | undefined {
    if (apiOrigin === '') return undefined;
    const { tenantId, requestId, orderedAt: orderedAtMs, partition, offset } = call;
    return this.#deps.links?.make({ tenantId, requestId, orderedAtMs, partition, offset: String(offset) }, apiOrigin);
  }

  #settle(lane: Lane, task: Task, sent: Sent): void {
    const { webhook } = lane;
    const { call } = task;
    if (sent.outcome === 'abandoned') {
      lane.giveBack(task);
    } else if (sent.outcome === 'delivered') {
      const { status } = sent;
      this.#outcomes.inc({ outcome: 'delivered' });
      const standing = { state: 'delivered', tries: task.tries + 1, status, reason: '', next_try_at: null } as const;
      this.#log.record(webhook, call, standing);
      lane.finish(task, true);
    } else if (sent.isFinal) {
      this.#giveUp(lane, task, { ...sent, tries: task.tries + 1 }, true);
    } else {
      this.#fail(lane, task, sent);
    }
  }

  #fail(lane: Lane, task: Task, { status, reason }: Failed): void {
    const { webhook } = lane;
    const hasBegunToPause = lane.fail(task, this.#deps.now());
    if (hasBegunToPause) {
      const { id, tenantId } = webhook;
      this.#deps.logger.warn({ webhook: id, tenant: tenantId, reason }, 'a webhook fails every time: it is asked less');
    }
    const { tries } = task;
    if (tries >= this.#config.triesMax) {
      this.#giveUp(lane, task, { tries, status, reason }, false);
      return;
    }
    this.#outcomes.inc({ outcome: 'failed' });
    const next = { state: 'waiting', next_try_at: Math.round(task.nextTryAtMs) } as const;
    this.#log.record(webhook, task.call, { tries, status, reason, ...next });
  }

  /** @param isAnswered the receiver itself has said so. */
  #giveUp(lane: Lane, task: Task, { tries, status, reason }: GivenUp, isAnswered: boolean): void {
    this.#outcomes.inc({ outcome: 'given-up' });
    this.#log.record(lane.webhook, task.call, { state: 'failed', tries, status, reason, next_try_at: null });
    lane.finish(task, isAnswered);
  }

  #laneOf(webhook: Webhook): Lane {
    const key = keyOf(webhook);
    let lane = this.#lanes.get(key);
    if (!lane) {
      lane = new Lane(webhook, this.#config, Math.random);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  /** Its webhook was found to be deleted. */
  #isDropped(lane: Lane): boolean {
    return this.#lanes.get(keyOf(lane.webhook)) !== lane;
  }

  #wantsMore(lane: Lane): boolean {
    return lane.isBehind && lane.hasRoomForMore && this.#waiting() < this.#config.waitingMax;
  }

  #waiting(): number {
    let waiting = 0;
    for (const lane of this.#lanes.values()) waiting += lane.waiting;
    return waiting;
  }

  #maySend({ webhook, maySend }: Lane): boolean {
    const { sendingMax, sendingPerTenantMax } = this.#config;
    return maySend && this.#sending < sendingMax && (this.#sendingOf.get(webhook.tenantId) ?? 0) < sendingPerTenantMax;
  }

  #count({ webhook: { tenantId } }: Lane, by: 1 | -1): void {
    this.#sending += by;
    const ofTenant = (this.#sendingOf.get(tenantId) ?? 0) + by;
    if (ofTenant > 0) this.#sendingOf.set(tenantId, ofTenant);
    else this.#sendingOf.delete(tenantId);
  }

  /** When there will be something to do, epoch ms; infinity: not before something happens. */
  #nextAtMs(): number {
    if (this.#committed.length > 0 || this.#overflowed.size > 0 || this.#isTakenAnew) return 0;
    if (this.#log.pending > UNSTORED_MAX) return this.#deps.now() + this.#config.failedRoundMs;
    let at = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes.values()) {
      if (this.#wantsMore(lane)) return 0;
      if (this.#maySend(lane)) at = Math.min(at, lane.nextAtMs());
    }
    return at;
  }
}

/** What has come since the last round. */
interface News {
  readonly committed: Committed[];
  readonly overflowed: ReadonlySet<string>;
  readonly isTakenAnew: boolean;
  /** Up to which offset partitions are committed: what lies behind it comes as news of its own. */
  readonly through: ReadonlyMap<number, number>;
}

type Failed = Pick<Extract<Sent, { outcome: 'failed' }>, 'status' | 'reason'>;
type GivenUp = Failed & { readonly tries: number };

/** What a timer can wait for; then it is looked again. */
const TIMER_MS_MAX = 3_600_000;

function keyOf({ tenantId, id }: Webhook): string {
  return JSON.stringify([tenantId, id]);
}
