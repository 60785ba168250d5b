import type { ReportedUsage } from '../reported-usage.ts';
import type { FeePrices } from './fees.ts';
import type { RateCard } from './rate-card.ts';
import type { Terms } from './terms.ts';

/**
 * What a usage costs at these rates, picodollars; null when a kind that was used has no price, or its split is not
 * known. Terms (tiers) change the price of tokens, fees beside them stay.
 */
export function costOfUsage(usage: ReportedUsage, rates: RateCard, fees: FeePrices, terms: Terms): bigint | null {
  const tokens = tokensOf(usage, rates, terms);
  const beside = feesOf(usage, rates, fees);
  if (tokens === null || beside === null || usage.unpriceable) return null;
  return divideRounded(tokens + beside * terms.per, MILLION * terms.per) + rates.perCall;
}

const MILLION = 1_000_000n;

/** Picodollars × million × `terms.per`. */
function tokensOf(usage: ReportedUsage, rates: RateCard, terms: Terms): bigint | null {
  const input = usage.input ?? 0;
  const output = usage.output ?? 0;
  if (!rates.pricesInput && !rates.pricesOutput && isBilledOtherwise(usage, rates)) return 0n;
  if ((input > 0 && !rates.pricesInput) || (output > 0 && !rates.pricesOutput)) return null;
  const cached = costOfCached(usage, rates);
  if (cached === null) return null;
  const text = input - usage.cacheRead - usage.cacheWrite - usage.inputAudio - usage.inputImage - usage.inputVideo;
  const answer = output - usage.reasoning - usage.outputAudio - usage.outputImage - usage.outputVideo;
  let tokens = times(text, rates.input) + times(answer, rates.output);
  tokens += times(usage.cacheWrite - usage.cacheWrite1h, rates.cacheWrite);
  tokens += times(usage.cacheWrite1h, rates.cacheWrite1h);
  tokens += times(usage.reasoning, rates.reasoning);
  tokens += times(usage.inputAudio, rates.inputAudio) + times(usage.outputAudio, rates.outputAudio);
  tokens += times(usage.inputImage, rates.inputImage) + times(usage.outputImage, rates.outputImage);
  tokens += times(usage.inputVideo, rates.inputVideo) + times(usage.outputVideo, rates.outputVideo);
  return tokens * terms.times + cached * (terms.cachedAtStandard ? terms.per : terms.times);
}

/** A transcription by the hour or a document by the page: its tokens, where it has some, are not billed. */
function isBilledOtherwise(usage: ReportedUsage, rates: RateCard): boolean {
  return (usage.audioSeconds > 0 && rates.pricesSeconds) || (usage.pages > 0 && rates.pricesPages);
}

function costOfCached(usage: ReportedUsage, rates: RateCard): bigint | null {
  if (usage.cacheRead === 0) return 0n;
  // Cached audio or images cost something else than either: what was both has to be known.
  if (rates.pricesCachedAudio && usage.cacheReadAudio === null && usage.inputAudio > 0) return null;
  if (rates.pricesCachedImage && usage.cacheReadImage === null && usage.inputImage > 0) return null;
  const audio = usage.cacheReadAudio ?? 0;
  const image = usage.cacheReadImage ?? 0;
  const text = usage.cacheRead - audio - image;
  return times(text, rates.cacheRead) + times(audio, rates.cacheReadAudio) + times(image, rates.cacheReadImage);
}

/** Picodollars × million. */
function feesOf(usage: ReportedUsage, rates: RateCard, fees: FeePrices): bigint | null {
  const webSearch = rates.pricesWebSearch ? rates.webSearch : fees.webSearch;
  const fileSearch = rates.pricesFileSearch ? rates.fileSearch : fees.fileSearch;
  if (usage.webSearches > 0 && webSearch === null) return null;
  if (usage.fileSearches > 0 && fileSearch === null) return null;
  if (usage.audioSeconds > 0 && !rates.pricesSeconds) return null;
  if (usage.pages > 0 && !rates.pricesPages) return null;
  if (usage.citations > 0 && !rates.pricesCitations) return null;
  return (
    times(usage.webSearches, webSearch ?? 0n) +
    times(usage.fileSearches, fileSearch ?? 0n) +
    times(usage.citations, rates.citation) +
    timesFraction(usage.audioSeconds, rates.audioSecond) +
    times(usage.pages - usage.annotatedPages, rates.page) +
    times(usage.annotatedPages, rates.annotatedPage)
  );
}

function times(count: number, rate: bigint): bigint {
  return count === 0 ? 0n : BigInt(count) * rate;
}

/** To the microsecond. */
function timesFraction(seconds: number, rate: bigint): bigint {
  return seconds === 0 ? 0n : divideRounded(BigInt(Math.round(seconds * 1e6)) * rate, MILLION);
}

/** To the nearest picodollar, halves up; the dividend is never negative. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor / 2n) / divisor;
}
