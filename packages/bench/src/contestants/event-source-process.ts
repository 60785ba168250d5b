/**
 * Puts finished calls into a topic as a gateway does, through an outbox of its own: as many as told as fast as Kafka takes
 * them, or so many a second. Says `{ sent }` when Kafka has all of a job.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openKafkaAppender } from '@throughline/event-log/kafka/kafka-appender';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';
import { argument, onParentGone, onParentMessage, tellParent } from '../processes/parent.ts';
import { chatAnswer, chatCalls } from '../traffic/chat-calls.ts';
import type { OfferJob } from './event-source.ts';
import { finishedCall } from './prepare-log.ts';

/** Events that wait for Kafka before more are made: what lies in memory of the outbox is not read from its disk again. */
const UNSENT_MAX = 5_000;
const GROUP = 250;
const TURN_MS = 5;

const appender = await openKafkaAppender({
  kafka: createKafka({ brokers: [argument('broker')] }),
  topic: argument('topic'),
  root: argument('dir'),
  partitions: 1,
  onError: (text) => process.stderr.write(`${text}\n`),
});
const calls = chatCalls();
const answer = Buffer.from(chatAnswer());
const appending = new Set<Promise<unknown>>();
let made = 0;
let isStopping = false;

function offerOne(callsPerSession: number): void {
  const call = calls[made % calls.length]!;
  const generation = Math.floor(made / (calls.length * callsPerSession));
  made++;
  const event = finishedCall(call, answer, { at: Date.now() - 900, partitions: appender.partitions, generation });
  const appended = appender.append(event);
  appending.add(appended);
  appended.finally(() => appending.delete(appended));
}

async function offerAll(job: OfferJob & { events: number }): Promise<void> {
  for (let left = job.events; left > 0; left -= GROUP) {
    while (appender.stats.unsent > UNSENT_MAX) await sleep(TURN_MS);
    for (let i = 0; i < Math.min(GROUP, left); i++) offerOne(job.callsPerSession);
    await Promise.all(appending);
  }
}

/** Events are due at fixed times, whatever became of the ones before. */
async function offerSteadily(job: OfferJob & { perSecond: number }): Promise<void> {
  const start = performance.now();
  for (let offered = 0; !isStopping; await sleep(TURN_MS)) {
    const seconds = (performance.now() - start) / 1_000;
    const due = Math.floor(Math.min(seconds, job.seconds ?? Number.POSITIVE_INFINITY) * job.perSecond);
    for (; offered < due; offered++) offerOne(job.callsPerSession);
    if (seconds >= (job.seconds ?? Number.POSITIVE_INFINITY)) return;
  }
}

onParentMessage<OfferJob>(async (job) => {
  const before = made;
  if (job.events !== undefined) await offerAll({ ...job, events: job.events });
  else await offerSteadily({ ...job, perSecond: job.perSecond! });
  await Promise.all(appending);
  while (appender.stats.unsent > 0) await sleep(TURN_MS);
  tellParent({ sent: made - before });
});
onParentGone(async () => {
  isStopping = true;
  await appender.close();
});
tellParent({ partitions: appender.partitions });
