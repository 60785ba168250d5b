import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { waitFor } from '@throughline/testkit/wait-for';

/**
 * Every file of a folder as text, by its path, and what is compressed in it under `<path> (unpacked)`: frames of zstd,
 * which are ClickHouse's blocks and Kafka's batches. ClickHouse's other codec, LZ4, leaves a random key as it is.
 */
export async function filesIn(dir: string): Promise<Record<string, string>> {
  // A file that the engine drops meanwhile is in another one by then, which may not have been listed: all are read again.
  return waitFor(() => readFiles(dir), { what: 'a folder to stay as it is while it is read' });
}

async function readFiles(dir: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    files[path] = bytes.toString('latin1');
    files[`${path} (unpacked)`] = unpacked(bytes);
  }
  return files;
}

/**
 * Looks for texts in every file of a data directory, as they are and in Base64.
 *
 * @param needles by what the answer calls them.
 * @returns the files in which each was found; those that were not are left out.
 */
export async function searchDataDir(
  dataDir: string,
  needles: Readonly<Record<string, string>>,
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [path, text] of Object.entries(await filesIn(dataDir))) {
    for (const [name, needle] of Object.entries(needles)) {
      const forms = [needle, Buffer.from(needle).toString('base64')];
      if (forms.some((form) => text.includes(form))) found[name] = [...(found[name] ?? []), path];
    }
  }
  return found;
}

function unpacked(bytes: Buffer): string {
  const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
  const frames: string[] = [];
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 4)) {
    try {
      const options = { maxOutputLength: 64 * 1024 * 1024, finishFlush: zlib.constants.ZSTD_e_flush };
      frames.push(zlib.zstdDecompressSync(bytes.subarray(at), options).toString('latin1'));
    } catch {
      // Four bytes that look like a frame.
    }
  }
  return frames.join('\n');
}
