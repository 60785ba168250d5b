import { isUtf8 } from 'node:buffer';
import type { BundleBody } from '@throughline/contracts/session-bundle';

/** What is said of a body beside its bytes. */
export type BodyFacts = Omit<BundleBody, 'text' | 'base64'>;

/** A body as it stands in a bundle: as text where it is text and no longer so than in Base64, else in Base64. */
export function bundleBody(facts: BodyFacts, bytes: Buffer): BundleBody {
  if (isUtf8(bytes) && !hasManyControls(bytes)) return { ...facts, text: bytes.toString('utf8') };
  return { ...facts, base64: bytes.toString('base64') };
}

/** The bytes of it, exactly those that were put in. */
export function bytesOfBody({ text, base64 }: BundleBody): Buffer {
  return text === undefined ? Buffer.from(base64!, 'base64') : Buffer.from(text, 'utf8');
}

/** JSON writes a control character as six; text of people and programs has next to none. */
const CONTROLS_SHARE_MAX = 20;

function hasManyControls(bytes: Buffer): boolean {
  let found = 0;
  for (const byte of bytes) if (byte < SPACE && byte !== TAB && byte !== NEWLINE && byte !== RETURN) found++;
  return found * CONTROLS_SHARE_MAX > bytes.length;
}

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
