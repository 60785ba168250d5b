import { duration } from '../../../format/duration.ts';
import { pathColour } from '../../../format/path-colour.ts';
import { visibleText } from '../../../format/visible-text.ts';
import type { StepColumns } from '../steps/ask-steps.ts';
import { pathSegments, plainPath } from '../steps/path-segments.ts';
import type { TimeScale } from './time-scale.ts';

export const AXIS_PX = 24;
/** Few lanes have room to be hit with ease; many are seen at once. */
const LANE_PX = { least: 20, most: 40 } as const;
/** Between two lanes. */
const LANE_GAP_PX = 4;
/** However short it was, it can be seen and hit. */
const BAR_PX_MIN = 2;
/** Narrower bars have no name on them. */
const NAME_PX_MIN = 30;
/** Less of a name says nothing. */
const NAME_CHARS_MIN = 6;
const CHAR_PX = 6.4;
/** Of the mark at the end of a bar that failed. */
const MARK_PX = 12;
const FONT = '11px "Inter Variable", system-ui, sans-serif';

/** How high a lane is, px. @param height of what they are shown in. */
export function laneHeight(count: number, height: number): number {
  return Math.max(LANE_PX.least, Math.min(LANE_PX.most, Math.floor((height - AXIS_PX - 8) / Math.max(1, count))));
}

/** What is drawn: a stretch of time over the width, the lanes from `top` on. */
export interface Picture {
  readonly columns: StepColumns;
  readonly scale: TimeScale;
  /** Of each request. */
  readonly lanes: Uint32Array;
  /** At the left edge, ms as drawn. */
  readonly from: number;
  readonly pxPerMs: number;
  readonly width: number;
  readonly height: number;
  readonly top: number;
  /** Of a lane, px. */
  readonly lanePx: number;
}

/** The request under a point, px of the canvas; −1: none. Of several the one that is drawn last. */
export function barAt(picture: Picture, x: number, y: number): number {
  if (y < AXIS_PX) return -1;
  const lane = Math.floor((y + picture.top - AXIS_PX) / picture.lanePx);
  let nearest = -1;
  for (let step = picture.lanes.length - 1; step >= 0; step--) {
    if (picture.lanes[step] !== lane) continue;
    const [left, right] = edgesOf(picture, step);
    if (x >= left && x <= right) return step;
    // A few pixels beside a bar that is too narrow to be hit.
    if (nearest === -1 && x >= left - 3 && x <= right + 3) nearest = step;
  }
  return nearest;
}

/** Where a bar lies, px. */
function edgesOf({ columns, scale, from, pxPerMs }: Picture, step: number): [left: number, right: number] {
  const start = columns.started_at[step]!;
  const left = (scale.drawn(start) - from) * pxPerMs;
  const right = (scale.drawn(start + columns.latency_ms[step]!) - from) * pxPerMs;
  return [left, Math.max(left + BAR_PX_MIN, right)];
}

/** Where a bar lies in the whole field, px. */
export function boxOf(picture: Picture, step: number): { left: number; top: number; width: number; height: number } {
  const [left, right] = edgesOf(picture, step);
  const top = AXIS_PX + picture.lanes[step]! * picture.lanePx + LANE_GAP_PX / 2 + 1;
  return { left, top, width: right - left, height: picture.lanePx - LANE_GAP_PX };
}

export function drawTimeline(canvas: HTMLCanvasElement, picture: Picture): void {
  const { columns, lanes, width, height, top, lanePx } = picture;
  const barPx = lanePx - LANE_GAP_PX;
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  const context = canvas.getContext('2d')!;
  context.scale(density, density);
  const style = getComputedStyle(document.documentElement);
  const role = (name: string) => style.getPropertyValue(name).trim();
  const roles = {
    text: role('--text'),
    quiet: role('--quiet'),
    line: role('--line'),
    bad: role('--bad'),
    bg: role('--bg'),
    surface: role('--surface'),
  };
  context.font = FONT;
  context.textBaseline = 'middle';

  const ticks = ticksOf(picture);
  drawGrid(context, ticks, height, roles);
  drawGaps(context, picture, roles);
  const inks = inksOf(style);
  const firstLane = Math.floor((top - AXIS_PX) / lanePx);
  const lastLane = Math.ceil((top + height - AXIS_PX) / lanePx);
  for (let step = 0; step < lanes.length; step++) {
    const lane = lanes[step]!;
    if (lane < firstLane || lane > lastLane) continue;
    const [left, right] = edgesOf(picture, step);
    if (right < 0 || left > width) continue;
    const y = AXIS_PX + lane * lanePx - top + LANE_GAP_PX / 2 + 1;
    const ink = inks(columns.path[step]!);
    const first = columns.time_to_first_token_ms[step];
    context.fillStyle = ink.colour;
    if (first !== null && first !== undefined && first > 0 && right - left > 6) {
      // Until the first token the bar is pale, and a line stands where it came.
      const share = Math.min(1, first / Math.max(columns.latency_ms[step]!, 1));
      const mark = left + (right - left) * share;
      context.globalAlpha = 0.45;
      context.fillRect(left, y, mark - left, barPx);
      context.globalAlpha = 1;
      context.fillRect(mark, y, right - mark, barPx);
      context.fillStyle = roles.text;
      context.fillRect(mark - 0.5, y, 1, barPx);
    } else context.fillRect(left, y, right - left, barPx);
    if (columns.is_error[step]) drawError(context, left, right, y, barPx, roles);
    if (right - left >= NAME_PX_MIN)
      drawName(
        context,
        ink.name,
        Math.max(0, left),
        Math.min(width, right - (columns.is_error[step] ? MARK_PX : 0)),
        y + barPx / 2,
        roles,
      );
  }
  drawAxis(context, ticks, width, roles);
}

type Roles = Readonly<Record<'text' | 'quiet' | 'line' | 'bad' | 'bg' | 'surface', string>>;

/** Colour and name of each path, worked out once for a drawing: a canvas knows no variables of a style sheet. */
function inksOf(style: CSSStyleDeclaration): (path: string) => { colour: string; name: string } {
  const known = new Map<string, { colour: string; name: string }>();
  return (path) => {
    let ink = known.get(path);
    if (!ink) {
      const colour = pathColour(plainPath(path)).replace(/var\((--[\w-]+)\)/g, (_, name: string) =>
        style.getPropertyValue(name).trim(),
      );
      ink = { colour, name: visibleText(pathSegments(path).at(-1) ?? '/') };
      known.set(path, ink);
    }
    return ink;
  };
}

/** A red edge, and a cross: colour alone says nothing to some. */
function drawError(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  y: number,
  barPx: number,
  { bad, bg }: Roles,
): void {
  context.fillStyle = bad;
  context.fillRect(left, y + barPx - 3, right - left, 3);
  if (right - left < MARK_PX) {
    context.fillRect(left, y - 2, Math.max(2, right - left), 3);
    return;
  }
  context.fillRect(right - MARK_PX, y, MARK_PX, barPx);
  const middle = y + barPx / 2;
  context.strokeStyle = bg;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(right - 9, middle - 3);
  context.lineTo(right - 3, middle + 3);
  context.moveTo(right - 3, middle - 3);
  context.lineTo(right - 9, middle + 3);
  context.stroke();
}

/** On a plate of the ground, so that it can be read on every colour. */
function drawName(
  context: CanvasRenderingContext2D,
  name: string,
  left: number,
  right: number,
  middle: number,
  roles: Roles,
): void {
  const room = right - left - 12;
  const fits = Math.floor(room / CHAR_PX);
  const isWhole = fits >= name.length || context.measureText(name).width <= room;
  if (!isWhole && fits < NAME_CHARS_MIN) return;
  const shown = isWhole ? name : `${name.slice(0, fits - 1)}…`;
  context.fillStyle = roles.bg;
  context.globalAlpha = 0.85;
  context.fillRect(left + 3, middle - 7, context.measureText(shown).width + 6, 14);
  context.globalAlpha = 1;
  context.fillStyle = roles.text;
  context.fillText(shown, left + 6, middle + 0.5);
}

function drawGaps(
  context: CanvasRenderingContext2D,
  { scale, from, pxPerMs, width, height }: Picture,
  roles: Roles,
): void {
  for (const { fromMs, toMs } of scale.gaps) {
    const left = (scale.drawn(fromMs) - from) * pxPerMs;
    const right = (scale.drawn(toMs) - from) * pxPerMs;
    if (right < 0 || left > width) continue;
    context.fillStyle = roles.surface;
    context.fillRect(left, AXIS_PX, right - left, height);
    context.save();
    context.beginPath();
    context.rect(left, AXIS_PX, right - left, height);
    context.clip();
    context.strokeStyle = roles.line;
    context.lineWidth = 1;
    context.beginPath();
    for (let y = AXIS_PX; y < height + right - left; y += 8) {
      context.moveTo(left, y);
      context.lineTo(right, y - (right - left));
    }
    context.stroke();
    context.restore();
    const said = `${duration(toMs - fromMs)} idle`;
    if (right - left < 16 || height < 160) continue;
    // Upwards, where there is no room across.
    const length = context.measureText(said).width;
    context.save();
    context.translate((left + right) / 2, height - 16);
    context.rotate(-Math.PI / 2);
    context.fillStyle = roles.surface;
    context.fillRect(-4, -8, length + 8, 16);
    context.fillStyle = roles.quiet;
    context.fillText(said, 0, 0);
    context.restore();
  }
}

interface Tick {
  readonly x: number;
  readonly label: string;
}

/** Times since the session began, at round figures; none inside of a folded gap. */
function ticksOf({ scale, from, pxPerMs, width }: Picture): Tick[] {
  const [firstMs, lastMs] = [scale.instant(from), scale.instant(from + width / pxPerMs)];
  const every = roundStep(90 / pxPerMs);
  const ticks: Tick[] = [];
  let at = Math.ceil((firstMs - scale.fromMs) / every) * every;
  while (scale.fromMs + at <= lastMs) {
    const ms = scale.fromMs + at;
    const gap = scale.gaps.find(({ fromMs, toMs }) => ms > fromMs && ms < toMs);
    // On to the end of it, which may be days away.
    if (gap) at = Math.max(at, Math.floor((gap.toMs - scale.fromMs) / every) * every);
    else ticks.push({ x: (scale.drawn(ms) - from) * pxPerMs, label: `+${duration(at)}` });
    at += every;
  }
  return ticks;
}

function drawGrid(context: CanvasRenderingContext2D, ticks: readonly Tick[], height: number, { line }: Roles): void {
  context.fillStyle = line;
  for (const { x } of ticks) context.fillRect(Math.round(x), AXIS_PX, 1, height);
}

/** Above everything, since lanes scroll under it. */
function drawAxis(context: CanvasRenderingContext2D, ticks: readonly Tick[], width: number, roles: Roles): void {
  context.fillStyle = roles.surface;
  context.fillRect(0, 0, width, AXIS_PX);
  context.fillStyle = roles.line;
  context.fillRect(0, AXIS_PX - 1, width, 1);
  context.fillStyle = roles.quiet;
  let free = 0;
  for (const { x, label } of ticks) {
    const length = context.measureText(label).width;
    if (x < free || x + length + 3 > width) continue;
    context.fillText(label, x + 3, AXIS_PX / 2);
    free = x + length + 16;
  }
}

/** The least of 1, 2, 5 times a power of ten ms, or of round times, that is not less. */
function roundStep(ms: number): number {
  return STEPS.find((step) => step >= ms) ?? Math.ceil(ms / 86_400_000) * 86_400_000;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 8, 12, 24].map((hours) => hours * HOUR),
];
