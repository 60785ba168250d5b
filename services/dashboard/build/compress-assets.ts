import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';

/** Below this a compressed copy saves no packet. */
const BYTES_MIN = 1_024;

/** Puts a `.br` and a `.gz` beside every file of text in a folder, so that nobody compresses them while serving. */
export async function compressAssets(dir: string): Promise<void> {
  const files = await readdir(dir, { withFileTypes: true, recursive: true });
  await Promise.all(
    files
      .filter((entry) => entry.isFile() && /\.(?:js|css|html|svg)$/.test(entry.name))
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        const bytes = await readFile(file);
        if (bytes.byteLength < BYTES_MIN) return;
        const [br, gz] = await Promise.all([
          promisify(brotliCompress)(bytes, { params: { [zlib.BROTLI_PARAM_QUALITY]: 9 } }),
          promisify(gzip)(bytes, { level: 9 }),
        ]);
        await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
      }),
  );
}
