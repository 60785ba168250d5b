import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedAnalytics } from '../../src/embedded/open-embedded-analytics.ts';
import { placeholderValues } from './placeholder-values.ts';

placeholderValues(
  'values as literals, in process',
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'throughline-analytics-'));
    return { store: await openEmbeddedAnalytics({ dir }), dispose: async () => rmSync(dir, { recursive: true }) };
  },
  100,
);
