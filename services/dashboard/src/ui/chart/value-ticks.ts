/**
 * Where the lines of an axis lie that begins at zero: at steps of 1, 2 or 5 and powers of ten, as many as there is room for, and
 * always one above zero, so that the axis can be read.
 *
 * @param top the end of the axis, above 0.
 * @param roomFor lines that there is room for, with that of zero.
 * @param isWhole there is no half of one.
 */
export function valueTicks(top: number, roomFor: number, isWhole: boolean): number[] {
  const steps = Math.max(1, Math.floor(roomFor) - 1);
  const power = Math.floor(Math.log10(top / steps));
  // No more than the top itself: two lines at least.
  const candidates = [power - 1, power, power + 1].flatMap((of) => [1, 2, 5].map((step) => step * 10 ** of));
  const fitting = candidates.filter((step) => step <= top && (!isWhole || step >= 1));
  const step = fitting.find((one) => Math.floor(top / one) <= steps) ?? fitting.at(-1) ?? top;
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, at) => at * step);
}
