import { expect, test } from '@jest/globals';
import { CallHeaders } from './call-headers.ts';

const properties = (...headers: string[]) => new CallHeaders(headers).properties;
const ID = ['Helicone-Prompt-Id', 'story'];

test.each([
  [ID, [ID]],
  [
    [...ID, 'Helicone-Prompt-Mode', 'production'],
    [ID, ['Helicone-Prompt-Mode', 'production']],
  ],
  [
    ['Helicone-Prompt-Version', '7', 'Helicone-Prompt-Mode', 'testing', ...ID],
    [ID, ['Helicone-Prompt-Mode', 'testing'], ['Helicone-Prompt-Version', '7']],
  ],
  [[...ID, 'Helicone-Prompt-Mode', 'deactivated', 'Helicone-Prompt-Version', '7'], []],
  [['Helicone-Prompt-Mode', 'testing', 'Helicone-Prompt-Version', '7'], []],
  [['Helicone-Prompt-Id', ''], []],
])('%j are the properties %j', (headers, expected) => {
  expect(properties(...headers)).toEqual(expected);
});

test.each(['off', 'Production', 'constructor'])('the mode %s is refused by name', (mode) => {
  expect(() => properties('Helicone-Prompt-Mode', mode)).toThrow(
    'Header Helicone-Prompt-Mode is not valid: it is none of production, testing and deactivated',
  );
});
