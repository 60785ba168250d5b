import { type FakeProvider, startFakeProvider } from '@throughline/testkit/fake-provider/fake-provider';
import { type Instance, startInstance } from './instance.ts';
import { startTap, type Tap } from './tap.ts';

/** The real process, with a fake of every vendor whose clients are tried, and a tap between it and the clients. */
export interface Vendors {
  readonly instance: Instance;
  /** Clients talk to this. */
  readonly tap: Tap;
  /** By the names that are stored. */
  readonly fakes: Readonly<Record<VendorName, FakeProvider>>;
  stop(): Promise<void>;
}

export type VendorName = 'OPENAI' | 'ANTHROPIC' | 'AZURE' | 'GOOGLE' | 'AWS' | 'GROQ' | 'MISTRAL';

/** @param env further settings of the process. */
export async function startVendors(env: Readonly<Record<string, string>> = {}): Promise<Vendors> {
  const groq = await startFakeProvider({ vendor: 'groq' });
  const mistral = await startFakeProvider({ vendor: 'mistral' });
  // Their paths tell them apart.
  const others = await startFakeProvider();
  const closeFakes = () => Promise.all([groq, mistral, others].map((fake) => fake.close()));
  try {
    const instance = await startInstance({
      PROVIDER_GROQ_URL: groq.origin,
      PROVIDER_MISTRAL_URL: mistral.origin,
      PROVIDER_AZURE_URL: others.origin,
      PROVIDER_GOOGLE_URL: others.origin,
      PROVIDER_AWS_URL: others.origin,
      ...env,
    });
    const tap = await startTap(instance.throughline.url);
    return {
      instance,
      tap,
      fakes: {
        OPENAI: instance.provider,
        ANTHROPIC: instance.provider,
        AZURE: others,
        GOOGLE: others,
        AWS: others,
        GROQ: groq,
        MISTRAL: mistral,
      },
      async stop() {
        await tap.close();
        await instance.stop();
        await closeFakes();
      },
    };
  } catch (error) {
    await closeFakes();
    throw error;
  }
}
