import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { whyUnopenable } from '../search/why-unopenable.ts';

interface SessionLinkProps {
  readonly sessionId: string;
  readonly children: ReactNode;
}

/** To the page of a session; where its id makes that impossible, what it is called and why. */
export function SessionLink({ sessionId, children }: SessionLinkProps) {
  const why = whyUnopenable(sessionId);
  if (why !== undefined) return <span title={why}>{children}</span>;
  return (
    <Link to="/sessions/$sessionId" params={{ sessionId }} search={{}}>
      {children}
    </Link>
  );
}
