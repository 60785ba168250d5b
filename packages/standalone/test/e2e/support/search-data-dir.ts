import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import zlib from 'node:zlib';

/**
 * Looks for texts in every file of a data directory, as they are and in the blocks that ClickHouse compressed with zstd
 * (its other codec, LZ4, leaves a random key as it is).
 *
 * @param needles by what the answer calls them.
 * @returns the files in which each was found; those that were not are left out.
 */
export async function searchDataDir(
  dataDir: string,
  needles: Readonly<Record<string, string>>,
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const texts = [bytes, unpack(bytes)].map((each) => each.toString('latin1'));
    for (const [name, needle] of Object.entries(needles)) {
      const forms = [needle, Buffer.from(needle).toString('base64')];
      if (!texts.some((text) => forms.some((form) => text.includes(form)))) continue;
      found[name] = [...(found[name] ?? []), path];
    }
  }
  return found;
}

/** Each block has nine bytes before its frame: the method (0x90), the size of both, the size of the data. */
function unpack(bytes: Buffer): Buffer {
  const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
  const blocks: Buffer[] = [];
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 4)) {
    if (at < 9 || bytes[at - 9] !== 0x90) continue;
    const frame = bytes.subarray(at, at - 9 + bytes.readUInt32LE(at - 8));
    blocks.push(zlib.zstdDecompressSync(frame, { maxOutputLength: 64 * 1024 * 1024 }));
  }
  return Buffer.concat(blocks);
}
