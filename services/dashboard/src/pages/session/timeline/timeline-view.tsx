import { Minus, Plus, RotateCcw } from 'lucide-react';
import { useMemo, useState } from 'react';
import { count } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { useShortcut } from '../../../shell/shortcuts.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { TableSwitch } from '../../../ui/table-switch.tsx';
import type { ViewProps } from '../session-choice.ts';
import shared from '../steps/steps.module.css';
import { layLanes } from './lanes.ts';
import { StepsTable } from './steps-table.tsx';
import { timeScale } from './time-scale.ts';
import { TimelineCanvas } from './timeline-canvas.tsx';

/** Every request as a bar in time; what ran at the same time lies in different lanes. */
export function TimelineView({ steps, selected, found, onSelect, choice, onChoose }: ViewProps) {
  const { columns } = steps;
  const isFolding = choice.gaps !== 'open';
  const isTable = choice.table === '1';
  const scale = useMemo(() => timeScale(columns.started_at, columns.latency_ms, isFolding), [columns, isFolding]);
  const lanes = useMemo(() => layLanes(columns.started_at, columns.latency_ms), [columns]);
  const shown = windowOf(choice.zoom, scale.fromMs, scale.toMs);
  const [said, setSaid] = useState('');

  const go = (by: 1 | -1) => {
    const next = selected === -1 ? (by === 1 ? 0 : steps.count - 1) : selected + by;
    if (next < 0 || next >= steps.count) return;
    onSelect(next);
  };
  useShortcut('next', () => go(1));
  useShortcut('previous', () => go(-1));

  const show = (window: readonly [fromMs: number, toMs: number] | undefined) =>
    onChoose({ zoom: window && `${Math.floor(window[0])}~${Math.ceil(window[1])}` });
  /** Around the middle of what is drawn. */
  const zoom = (factor: number) => {
    const [from, to] = [scale.drawn(shown[0]), scale.drawn(shown[1])];
    const middle = (from + to) / 2;
    const half = Math.max(1, ((to - from) / 2) * factor);
    if (half * 2 >= scale.length) return show(undefined);
    show([scale.instant(middle - half), scale.instant(middle + half)]);
  };
  const idleMs = scale.gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return (
    <>
      <div className={shared.toolbar}>
        <span className="quiet">
          {count(steps.count)} {steps.count === 1 ? 'request' : 'requests'}, {count(lanes.count)}{' '}
          {lanes.count === 1 ? 'lane' : 'lanes'}, {duration(shown[1] - shown[0])}
        </span>
        {(scale.gaps.length > 0 || !isFolding) && (
          <Button
            kind="quiet"
            aria-pressed={isFolding}
            onClick={() => onChoose({ gaps: isFolding ? 'open' : undefined })}
          >
            {isFolding
              ? `${count(scale.gaps.length)} idle ${scale.gaps.length === 1 ? 'gap' : 'gaps'} folded, ${duration(idleMs)}`
              : 'Fold idle gaps'}
          </Button>
        )}
        {!isTable && (
          <span className={shared.together}>
            <IconButton label="Zoom in" icon={<Plus size={14} aria-hidden />} onClick={() => zoom(0.5)} />
            <IconButton label="Zoom out" icon={<Minus size={14} aria-hidden />} onClick={() => zoom(2)} />
            <IconButton
              label="Show all of it"
              icon={<RotateCcw size={14} aria-hidden />}
              disabled={choice.zoom === undefined}
              onClick={() => show(undefined)}
            />
          </span>
        )}
        <TableSwitch of="Timeline" isTable={isTable} onChange={(next) => onChoose({ table: next ? '1' : undefined })} />
      </div>
      {isTable ? (
        <StepsTable columns={columns} count={steps.count} selected={selected} found={found} onSelect={onSelect} />
      ) : (
        <TimelineCanvas
          columns={columns}
          scale={scale}
          lanes={lanes}
          shown={shown}
          onShow={show}
          selected={selected}
          found={found}
          onSelect={onSelect}
          onStep={go}
          onZoom={zoom}
          onSay={setSaid}
        />
      )}
      <span role="status" className="spoken">
        {said}
      </span>
    </>
  );
}

/** The stretch of time that the URL names, epoch ms; all where it names none. */
function windowOf(text: string | undefined, fromMs: number, toMs: number): readonly [fromMs: number, toMs: number] {
  const named = /^(\d{1,15})~(\d{1,15})$/.exec(text ?? '');
  if (!named) return [fromMs, toMs];
  const from = Math.max(fromMs, Number(named[1]));
  const to = Math.min(toMs, Number(named[2]));
  return from < to ? [from, to] : [fromMs, toMs];
}
