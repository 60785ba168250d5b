import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createSignedLinks, type LinkedRequest, type SignedLinks } from '@throughline/http/signed-links';
import type { QueryDeps } from '../query-deps.ts';
import { originOf } from '../request-origin.ts';

export type { LinkedRequest } from '@throughline/http/signed-links';

export interface BodyLinks {
  /** A URL that needs no key, for 15 minutes; beginning with `/` where a caller does not say by which name it came. */
  make(linked: LinkedRequest, req: IncomingMessage): string;
  /** @see SignedLinks */
  open: SignedLinks['open'];
}

/** Without a secret of the operator's, links are this process's own. */
const PROCESS_SECRET = randomBytes(32);

/** Links to the bodies of single requests, signed with `bodyUrlSecret`. */
export function createBodyLinks({ clock, config }: Pick<QueryDeps, 'clock' | 'config'>): BodyLinks {
  const links = createSignedLinks({ secret: config?.bodyUrlSecret ?? PROCESS_SECRET, clock });
  return { make: (linked, req) => links.make(linked, originOf(req)), open: links.open };
}
