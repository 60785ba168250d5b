import { Link } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import { type AskedSessions, writeAsked } from '../../../search/asked-sessions.ts';

interface BehindLinkProps
  extends Pick<ComponentProps<'a'>, 'className' | 'aria-label' | 'tabIndex' | 'onFocus' | 'onKeyDown' | 'id'> {
  readonly asked: AskedSessions;
  readonly children: ReactNode;
}

/** To the sessions behind a figure or a mark, shown over the page that it is on. */
export function BehindLink({ asked, children, ...props }: BehindLinkProps) {
  return (
    <Link
      {...props}
      to="."
      search={(prev: Readonly<Record<string, string | undefined>>) => ({ ...prev, behind: writeAsked(asked) })}
      resetScroll={false}
      preload={false}
    >
      {children}
    </Link>
  );
}
