import type { CallReading } from '@throughline/contracts/request-event';
import type { ProviderReading } from './provider-reading.ts';

/** A reading as it travels in an event. */
export function toCallReading(reading: ProviderReading): CallReading {
  return {
    step_kind: reading.stepKind,
    model: reading.model,
    request_model: reading.requestModel,
    response_model: reading.responseModel,
    body_user: reading.bodyUser,
    streamed: reading.streamed,
    tokens: reading.tokens,
    usage_complete: reading.usageComplete,
    finish_reason: reading.finishReason,
    error: reading.error,
    cost_pico: reading.costPico === null ? null : String(reading.costPico),
    cost_source: reading.costSource,
    price_version: reading.priceVersion,
  };
}

/** The same, read back. */
export function fromCallReading(reading: CallReading): ProviderReading {
  return {
    stepKind: reading.step_kind,
    model: reading.model,
    requestModel: reading.request_model,
    responseModel: reading.response_model,
    bodyUser: reading.body_user,
    streamed: reading.streamed,
    tokens: reading.tokens,
    usageComplete: reading.usage_complete,
    finishReason: reading.finish_reason,
    error: reading.error,
    costPico: reading.cost_pico === null ? null : BigInt(reading.cost_pico),
    costSource: reading.cost_source,
    priceVersion: reading.price_version,
  };
}
