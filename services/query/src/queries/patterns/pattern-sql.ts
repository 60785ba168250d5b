import type { FlowPattern, FlowPlace, LoopPattern, SessionPattern } from '@throughline/contracts/api/session-pattern';
import { allOf, type SqlPart } from '../sql-part.ts';
import { reachedSql } from './funnel-sql.ts';
import { shownPath } from './shown-path.ts';
import { isCut, stepArrays } from './step-arrays.ts';

/** The condition on a session that its steps are as a pattern says. */
export function patternSql(
  pattern: SessionPattern,
  { sessionAlias: s, paramPrefix }: { readonly sessionAlias: string; readonly paramPrefix: string },
): SqlPart {
  const isKnown = { sql: `notEmpty(${s}.steps.path)`, params: {} };
  if ('position' in pattern) return allOf([isKnown, flowSql(pattern, s, paramPrefix)]);
  if ('loop' in pattern) return allOf([isKnown, loopSql(pattern, s, paramPrefix)]);
  const { steps, reached, droppedAfter, foldPaths = true } = pattern;
  const { sql, params } = reachedSql(steps, s, paramPrefix, foldPaths);
  const least = Math.min(reached ?? (droppedAfter === undefined ? steps.length : 0), steps.length);
  const conditions = [`${sql} >= ${least}`];
  if (droppedAfter !== undefined) conditions.push(`${sql} = ${droppedAfter}`);
  return allOf([isKnown, { sql: conditions.join(' AND '), params }]);
}

function flowSql(pattern: FlowPattern, s: string, paramPrefix: string): SqlPart {
  const { position, at, next, isLoop, foldPaths = true } = pattern;
  const { paths } = stepArrays(s, { ...pattern, foldPaths });
  const length = `length(${paths})`;
  const parts: SqlPart[] = [{ sql: `${length} >= ${position}`, params: {} }];
  const isAt = (place: FlowPlace, index: number) =>
    placeSql(place, `(${paths})[${index}]`, `${paramPrefix}${index}`, foldPaths);
  if (at !== undefined) parts.push(isAt(at, position));
  if (next === 'end') parts.push({ sql: `${length} = ${position} AND NOT ${isCut(s)}`, params: {} });
  else if (next === 'more') parts.push({ sql: `${length} > ${position} OR ${isCut(s)}`, params: {} });
  else if (next === 'unknown') parts.push({ sql: `${length} = ${position} AND ${isCut(s)}`, params: {} });
  else if (next !== undefined || isLoop !== undefined) parts.push({ sql: `${length} > ${position}`, params: {} });
  if (typeof next === 'object') parts.push(isAt(next, position + 1));
  if (isLoop !== undefined) {
    const times = `arrayEnumerateUniq(${paths})[${position + 1}]`;
    parts.push({ sql: isLoop ? `${times} > 1` : `${times} = 1`, params: {} });
  }
  return allOf(parts);
}

/** A repeat of a path is counted in its step where repeats are one, else it is the next step. */
function loopSql(pattern: LoopPattern, s: string, paramPrefix: string): SqlPart {
  const { loop, depthMax, collapseRepeats = true, foldPaths = true } = pattern;
  const { paths, requests } = stepArrays(s, { ...pattern, foldPaths });
  const shown = (array: string) => (depthMax === undefined ? array : `arraySlice(${array}, 1, ${depthMax})`);
  const [from, to] = [`{${paramPrefix}from:String}`, `{${paramPrefix}to:String}`];
  const params = {
    [`${paramPrefix}from`]: shownPath(loop.from, foldPaths),
    [`${paramPrefix}to`]: shownPath(loop.to, foldPaths),
  };
  if (collapseRepeats && params[`${paramPrefix}from`] === params[`${paramPrefix}to`]) {
    return { sql: `arrayExists((x, n) -> x = ${to} AND n > 1, ${shown(paths)}, ${shown(requests)})`, params };
  }
  const before = `arrayPushFront(arrayPopBack(${shown(paths)}), '')`;
  const times = `arrayEnumerateUniq(${shown(paths)})`;
  return {
    sql: `arrayExists((x, y, nth) -> x = ${from} AND y = ${to} AND nth > 1, ${before}, ${shown(paths)}, ${times})`,
    params,
  };
}

function placeSql(place: FlowPlace, path: string, name: string, foldPaths: boolean): SqlPart {
  const shown = (one: string) => shownPath(one, foldPaths);
  if ('path' in place) return { sql: `${path} = {${name}:String}`, params: { [name]: shown(place.path) } };
  return { sql: `${path} NOT IN {${name}:Array(String)}`, params: { [name]: place.noneOf.map(shown) } };
}
