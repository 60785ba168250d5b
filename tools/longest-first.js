import Sequencer from '@jest/test-sequencer';

/** Kinds of tests by what a file of theirs takes, minutes first. */
const KINDS = ['faults', 'e2e', 'integration', 'contract', 'unit'];

/**
 * The order of test files: the kinds that take longest first, in each of them as Jest would (what failed before, then
 * what took longest). Jest alone knows how long files take from earlier runs only; in a first one it takes their size
 * for it, and a small file of five minutes that comes last leaves all other workers idle.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ context }) => KINDS.indexOf(context.config.displayName.name);
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}
