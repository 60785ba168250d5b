import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { bodyStoreContract } from '../../src/contract.ts';
import { openFileBodyStore } from '../../src/files/file-body-store.ts';

bodyStoreContract('a folder', async () => {
  const dir = await createTempDir('bodies');
  const folder = join(dir.path, 'bodies');
  return {
    open: () => openFileBodyStore(folder),
    // Not mounted: an empty folder lies where the shared one should.
    async breakDown() {
      await rename(folder, `${folder}.elsewhere`);
      await mkdir(folder);
    },
    async mend() {
      await rm(folder, { recursive: true });
      await rename(`${folder}.elsewhere`, folder);
    },
    dispose: () => dir.remove(),
  };
});
