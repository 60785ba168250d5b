import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import styles from './request-panel.module.css';

const STORED = 'throughline.panel-width';
const WIDTH = { least: 320, usual: 420, most: 1_200 } as const;
const STEP_PX = 24;

/** px; remembered. */
export function usePanelWidth(): [width: number, setWidth: (width: number) => void] {
  const [width, setWidth] = useState(() => within(Number(localStorage.getItem(STORED)) || WIDTH.usual));
  const set = (next: number) => {
    const bounded = within(next);
    setWidth(bounded);
    localStorage.setItem(STORED, String(bounded));
  };
  return [width, set];
}

/** Between view and panel: dragged, or moved by arrow keys. */
export function PanelEdge({ width, onChange }: { readonly width: number; readonly onChange: (width: number) => void }) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const edge = event.currentTarget;
    const from = event.clientX + width;
    edge.setPointerCapture(event.pointerId);
    edge.onpointermove = (move) => onChange(from - move.clientX);
    edge.onpointerup = () => {
      edge.onpointermove = null;
    };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const change = event.key === 'ArrowLeft' ? STEP_PX : event.key === 'ArrowRight' ? -STEP_PX : 0;
    if (change === 0) return;
    event.preventDefault();
    onChange(width + change);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved
    <div
      className={styles.edge}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the request"
      aria-valuenow={width}
      aria-valuemin={WIDTH.least}
      aria-valuemax={WIDTH.most}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}

function within(width: number): number {
  return Math.round(Math.max(WIDTH.least, Math.min(WIDTH.most, window.innerWidth - 320, width)));
}
