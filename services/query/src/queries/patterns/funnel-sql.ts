import type { PatternStep } from '@throughline/contracts/api/session-pattern';
import type { SqlPart } from '../sql-part.ts';
import { standsForOthers } from './fold-path.ts';
import { shownPath } from './shown-path.ts';
import { viewedPaths } from './step-arrays.ts';

/**
 * How many of some steps a session took in order, each some time after the one before: an expression of 0 … their number.
 *
 * A step that can be taken is taken at once: whoever takes all of them in some way takes them in this way too.
 *
 * @param session alias of `sessions`. @param paramPrefix of the names of placeholders.
 */
export function reachedSql(
  steps: readonly PatternStep[],
  session: string,
  paramPrefix: string,
  foldPaths: boolean,
): SqlPart {
  const params: Record<string, string> = {};
  const bits = steps.map(({ path, match }, index) => {
    const name = `${paramPrefix}${index}`;
    const shown = shownPath(path, foldPaths);
    params[name] = shown;
    const isSame = `x = {${name}:String}`;
    if (match !== 'prefix') return `bitShiftLeft(toUInt32(${isSame}), ${index})`;
    params[`${name}_below`] = shown === '/' ? shown : `${shown}/`;
    return `bitShiftLeft(toUInt32(${isSame} OR startsWith(x, {${name}_below:String})), ${index})`;
  });
  // Who asks for a path that stands for no others is answered the same by paths as they are.
  const isFolding = foldPaths && steps.some(({ path }) => standsForOthers(shownPath(path, true)));
  const paths = viewedPaths(`${session}.steps.path`, { foldPaths: isFolding });
  const mask = bits.reduce((all, bit) => `bitOr(${all}, ${bit})`);
  // Steps on one path in a row are stored as one: taken apart where two steps of the funnel can be among them.
  const masks = steps.some((step, index) => index > 0 && canBothBe(steps[index - 1]!, step, foldPaths))
    ? `arrayFlatten(arrayMap((x, n) -> arrayWithConstant(least(n, ${steps.length}), ${mask}), ${paths}, ${session}.steps.requests))`
    : `arrayMap(x -> ${mask}, ${paths})`;
  return { sql: `arrayFold((at, mask) -> toUInt8(at + bitTest(mask, at)), ${masks}, toUInt8(0))`, params };
}

/** Whether some path satisfies both. */
function canBothBe(a: PatternStep, b: PatternStep, foldPaths: boolean): boolean {
  return covers(a, b, foldPaths) || covers(b, a, foldPaths);
}

function covers({ path, match }: PatternStep, { path: otherPath }: PatternStep, foldPaths: boolean): boolean {
  const [own, other] = [shownPath(path, foldPaths), shownPath(otherPath, foldPaths)];
  return own === other || (match === 'prefix' && other.startsWith(own === '/' ? own : `${own}/`));
}
