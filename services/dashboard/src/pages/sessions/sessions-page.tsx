import { createLazyRoute } from '@tanstack/react-router';
import { useEffect } from 'react';
import { rememberList } from '../../search/last-list.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Failure } from '../../ui/states.tsx';
import { SessionList } from './session-list.tsx';
import { usePicture } from './use-picture.ts';

export const sessionsRoute = createLazyRoute('/signed-in/sessions')({ component: SessionsPage });

function SessionsPage() {
  const { read, change, shown, show } = usePicture();
  useEffect(() => rememberList(shown), [shown]);
  if (read.ok) return <SessionList picture={read.picture} change={change} shown={shown} show={show} />;
  return (
    <Page
      title="Sessions"
      actions={
        <Button kind="primary" onClick={() => show({ filter: undefined })}>
          Show without the filter
        </Button>
      }
    >
      <Failure what="The filter of this address cannot be read" error={new Error(read.problem)} />
    </Page>
  );
}
