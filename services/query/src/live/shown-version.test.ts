import { expect, test } from '@jest/globals';
import { liveFigures } from '../../test/live-figures.ts';
import { createShownVersion } from './shown-version.ts';

test('what lists show has one text for as long as they show it', () => {
  const figures = liveFigures();
  const version = createShownVersion(figures.ports);
  const before = version();
  figures.commit({ tenants: { acme: { requests: 1 } } });
  expect(version()).toBe(before);
  figures.show();
  const after = version();
  expect(after).not.toBe(before);
  expect(version()).toBe(after);
});

test('no two processes have a text in common', () => {
  const figures = liveFigures();
  expect(createShownVersion(figures.ports)()).not.toBe(createShownVersion(figures.ports)());
});
