import type { Message } from 'kafkajs';
import type { OutboxRecord } from '../outbox/outbox-record.ts';
import { LOG_ID_HEADER } from './topic-meta.ts';

/**
 * A record of an outbox as Kafka gets it: the encoded event, in its partition. The key is for people who look at the
 * topic: tenant and session.
 */
export function toMessage({ bytes, head }: OutboxRecord, logId: string): Message {
  const { traceparent, tracestate } = head.trace;
  return {
    partition: head.partition,
    key: head.sessionId === null ? null : `${head.tenantId}\0${head.sessionId}`,
    value: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    headers: {
      [LOG_ID_HEADER]: logId,
      ...(traceparent && { traceparent }),
      ...(tracestate && { tracestate }),
    },
  };
}
