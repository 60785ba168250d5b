import { type BodyStore, BodyStoreError } from '@throughline/body-store/body-store';
import { parseBodyStoreUrl } from '@throughline/body-store/body-store-url';
import { sendByReference } from '@throughline/body-store/send-by-reference';
import type { Logger } from '@throughline/telemetry/logger';
import type { Metrics } from '@throughline/telemetry/metrics';
import type { Config } from '../config.ts';

/** The body store of `BODY_STORE_URL`; undefined when that is unset. The client of S3 is loaded only where it is used. */
export async function openBodyStore({ BODY_STORE_URL: url }: Config): Promise<BodyStore | undefined> {
  if (url === '') return undefined;
  const place = parseBodyStoreUrl(url);
  if (place.kind === 'files') {
    const { openFileBodyStore } = await import('@throughline/body-store/files/file-body-store');
    return openFileBodyStore(place.folder);
  }
  const { openS3BodyStore } = await import('@throughline/body-store/s3/s3-body-store');
  return openS3BodyStore(place);
}

/** What goes around an event in a message: its key and headers name tenant, session and trace again. */
const FRAMING_BYTES = 32 * 1024;

/**
 * An outbox's `beforeSend` for events with large bodies.
 *
 * @param metrics left out: nothing is counted.
 */
export function sendBodiesTo(
  store: Pick<BodyStore, 'put'>,
  { INLINE_BODY_BYTES_MAX, KAFKA_MESSAGE_BYTES_MAX }: Config,
  metrics?: Metrics,
): ReturnType<typeof sendByReference> {
  const counters = metrics && {
    uploads: metrics.counter('body_store_uploads_total', 'Bodies stored in the body store'),
    bytes: metrics.counter('body_store_uploaded_bytes_total', 'Bytes of them'),
    failures: metrics.counter(
      'body_store_upload_failures_total',
      'Tries to send an event that failed because the body store did not take its bodies; each is tried again',
    ),
  };
  return sendByReference({
    store,
    inlineBytesMax: INLINE_BODY_BYTES_MAX,
    eventBytesMax: Math.max(1, KAFKA_MESSAGE_BYTES_MAX - FRAMING_BYTES),
    onUploaded(bytes) {
      counters?.uploads.inc();
      counters?.bytes.inc(bytes);
    },
    onFailed: () => counters?.failures.inc(),
  });
}

/** One line at the start of a gateway, which starts in any case: where large bodies go, or why they will wait. */
export function sayWhereBodiesGo(store: BodyStore | undefined, logger: Logger): void {
  if (store === undefined) {
    logger.warn(
      'BODY_STORE_URL is not set: calls whose bodies do not fit into one message of Kafka (KAFKA_MESSAGE_BYTES_MAX) are recorded without most of them',
    );
    return;
  }
  store.check().catch((error: unknown) => {
    const code = error instanceof BodyStoreError ? error.code : undefined;
    logger.warn({ err: error, code }, 'the body store does not answer: calls with large bodies wait in the outbox');
  });
}
