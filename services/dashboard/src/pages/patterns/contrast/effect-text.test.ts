import { describe, expect, it } from '@jest/globals';
import { effectText } from './effect-text.ts';

const asked = { metric: 'cost', difference: 0.5, effect: 0.6, fewest: 20 };

describe('an effect in words', () => {
  it('has the direction of the means and the size that single sessions show, where these agree', () => {
    expect(effectText(asked)).toBe('▲ dearer, large effect');
    expect(effectText({ ...asked, difference: -0.5, effect: -0.2 })).toBe('▼ cheaper, small effect');
    expect(effectText({ ...asked, effect: 0.1 })).toBe('▲ dearer on average, hardly any effect');
  });

  it('says both where they do not, and never the size of one with the direction of the other', () => {
    expect(effectText({ ...asked, effect: -0.9 })).toBe('▲ dearer on average; most sessions are cheaper, large effect');
    expect(effectText({ ...asked, difference: 0 })).toBe('the same on average; most sessions are dearer, large effect');
    expect(effectText({ ...asked, difference: 0, effect: 0 })).toBe('the same');
  });

  it('has no size where there are hardly any sessions', () => {
    expect(effectText({ ...asked, fewest: 4 })).toBe('▲ dearer; too few sessions to say how much');
    expect(effectText({ ...asked, fewest: 5 })).toBe('▲ dearer, large effect');
  });
});
