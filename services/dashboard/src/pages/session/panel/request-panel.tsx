import { Dialog } from '@base-ui/react/dialog';
import { ChevronDown, ChevronUp, Link2, X } from 'lucide-react';
import { useRef } from 'react';
import { visibleText } from '../../../format/visible-text.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { ReplayFromButton } from '../replay/replay-button.tsx';
import type { ViewProps } from '../session-choice.ts';
import { PathDot } from '../steps/path-dot.tsx';
import { plainPath } from '../steps/path-segments.ts';
import { StepIcon } from '../steps/step-icon.tsx';
import { curlCommand } from './curl-command.ts';
import { PanelEdge, usePanelWidth } from './panel-edge.tsx';
import { RequestContents } from './request-contents.tsx';
import styles from './request-panel.module.css';
import { useIsNarrow } from './use-is-narrow.ts';
import { useRequest } from './use-request.ts';

/** The selected request: beside the views, or over the page where there is no room beside them. */
export function RequestPanel(props: ViewProps) {
  const isNarrow = useIsNarrow();
  const sheet = useRef<HTMLDivElement>(null);
  const [width, setWidth] = usePanelWidth();
  if (isNarrow) {
    return (
      <Dialog.Root open onOpenChange={(isOpen) => !isOpen && props.onSelect(undefined)}>
        <Dialog.Portal>
          <Dialog.Popup ref={sheet} initialFocus={sheet} className={styles.sheet} aria-label="Request">
            <Panel {...props} isNarrow />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    );
  }
  return (
    <>
      <PanelEdge width={width} onChange={setWidth} />
      <aside className={styles.panel} style={{ width }} aria-label="Request">
        <Panel {...props} isNarrow={false} />
      </aside>
    </>
  );
}

function Panel(props: ViewProps & { readonly isNarrow: boolean }) {
  const { sessionId, steps, selected, onSelect, choice, onChoose, isNarrow } = props;
  const { columns } = steps;
  const requestId = columns.request_id[selected]!;
  const path = plainPath(columns.path[selected]!);
  const query = useRequest(sessionId, requestId);
  const request = query.data?.request;
  return (
    <>
      <header className={styles.head}>
        <StepIcon kind={columns.step_kind[selected]!} />
        <PathDot path={path} />
        <h2 className="truncate" title={visibleText(path)}>
          <bdi>{visibleText(path)}</bdi>
        </h2>
        <span className={styles.tools}>
          <IconButton
            label="Request before it in time"
            icon={<ChevronUp size={16} aria-hidden />}
            disabled={selected === 0}
            onClick={() => onSelect(selected - 1)}
          />
          <IconButton
            label="Request after it in time"
            icon={<ChevronDown size={16} aria-hidden />}
            disabled={selected === steps.count - 1}
            onClick={() => onSelect(selected + 1)}
          />
          <ReplayFromButton
            // A sheet over the whole page gives way to it.
            onOpen={() => onChoose({ replay: '1', from: requestId, ...(isNarrow && { request: undefined }) })}
          />
          <CopyButton
            text={() => window.location.href}
            label="Copy a link to this request"
            icon={<Link2 size={14} aria-hidden />}
          />
          {request && (
            <CopyButton text={() => curlCommand(request)} label="Copy as curl, without secrets" word="curl" />
          )}
          <IconButton label="Close" icon={<X size={16} aria-hidden />} onClick={() => onSelect(undefined)} />
        </span>
      </header>
      <div className={styles.contents}>
        <QueryView query={query} failure="This request could not be read" lines={12}>
          {(whole) => (
            <RequestContents
              key={requestId}
              whole={whole}
              columns={columns}
              step={selected}
              choice={choice}
              onChoose={onChoose}
            />
          )}
        </QueryView>
      </div>
    </>
  );
}
