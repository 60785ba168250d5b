/** Loaded with `--import` before the process under test: it runs as its own next version, changed while it is loaded. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

export interface NextVersion {
  /** Of the events that it writes, which carry one field more, and the newest that it reads. */
  readonly eventVersion?: number;
  /** Name of its price table, in which everything costs three times as much. */
  readonly prices?: string;
}

/** Text of a module that is replaced. */
interface Change {
  readonly module: string;
  readonly before: string;
  readonly after: string;
}

const { NEXT_EVENT_VERSION, NEXT_PRICES } = process.env;
const changes: readonly Change[] = [
  ...(NEXT_EVENT_VERSION ? newEvents(NEXT_EVENT_VERSION) : []),
  ...(NEXT_PRICES ? newPrices(NEXT_PRICES) : []),
];

if (changes.length > 0) {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const own = changes.filter(({ module }) => url.endsWith(module));
      if (own.length === 0) return loaded;
      let source = String(Buffer.from(loaded.source as Uint8Array));
      for (const { before, after } of own) {
        // A test of two versions that are the same would pass whatever happens.
        if (!source.includes(before)) throw new Error(`${url} does not contain ${before}`);
        source = source.replace(before, after);
      }
      return { ...loaded, source };
    },
  });
}

/** The settings that make a service its next version. */
export function nextVersion({ eventVersion, prices }: NextVersion): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${pathToFileURL(import.meta.filename)}`,
    ...(eventVersion !== undefined && { NEXT_EVENT_VERSION: String(eventVersion) }),
    ...(prices !== undefined && { NEXT_PRICES: prices }),
  };
}

function newEvents(version: string): Change[] {
  return [
    {
      module: '/contracts/src/request-event.ts',
      before: 'EVENT_SCHEMA_VERSION = 1',
      after: `EVENT_SCHEMA_VERSION = ${version}`,
    },
    {
      module: '/gateway/src/record/build-event.ts',
      before: 'schema_version: EVENT_SCHEMA_VERSION,',
      after: "schema_version: EVENT_SCHEMA_VERSION, of_the_next_version: 'kept',",
    },
  ];
}

function newPrices(name: string): Change[] {
  return [
    { module: '/prices/price-version.ts', before: 'PRICE_VERSION = `', after: `PRICE_VERSION = \`${name}:` },
    { module: '/prices/price-call.ts', before: 'costPico: total,', after: 'costPico: total * 3n,' },
  ];
}
