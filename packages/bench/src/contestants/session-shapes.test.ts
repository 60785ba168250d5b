import { expect, test } from '@jest/globals';
import { foldShape, SESSION_SHAPES } from './session-shapes.ts';

test.each(SESSION_SHAPES)('the totals of a session of the shape $name are those of its calls', (shape) => {
  const state = foldShape(shape);
  expect(state.requests).toBe(shape.calls);
  expect(state.paths.size).toBe(shape.paths);
  expect(state.unpriced).toBe(0);
  expect(state.costPico).toBeGreaterThan(0n);
});
