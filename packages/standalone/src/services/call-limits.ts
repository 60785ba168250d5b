import type { GatewayConfig } from '@throughline/gateway/gateway-config';
import type { Config } from '../config.ts';

/** What bounds a call at the gateway, by its settings. */
export function callLimits(config: Config): Partial<GatewayConfig> {
  return {
    headersMax: config.HEADERS_MAX,
    propertiesMax: config.PROPERTIES_MAX,
    uploadIdleTimeoutMs: config.UPLOAD_IDLE_TIMEOUT_MS,
    callsPerKeyMax: config.CALLS_PER_KEY_MAX,
    ...(config.MAX_REQUEST_BYTES !== undefined && { requestBytesMax: config.MAX_REQUEST_BYTES }),
  };
}
