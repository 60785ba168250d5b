import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { whyUnopenable } from '../search/why-unopenable.ts';

interface DiffLinkProps {
  /** Id of the session that is compared with. */
  readonly a: string;
  readonly b: string;
  readonly children: ReactNode;
}

/** To what one session became in another; nothing where the id of either makes that impossible. */
export function DiffLink({ a, b, children }: DiffLinkProps) {
  if (whyUnopenable(a) !== undefined || whyUnopenable(b) !== undefined) return null;
  return (
    <Link to="/sessions/$sessionId/diff/$otherSessionId" params={{ sessionId: a, otherSessionId: b }} search={{}}>
      {children}
    </Link>
  );
}
