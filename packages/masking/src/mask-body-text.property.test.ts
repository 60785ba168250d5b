import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maskBodyText } from './mask-body-text.ts';
import { masksOf } from './masking-rules.ts';

const LITERAL = 'Project Bluebird';
const rules = masksOf({ emails: true, cards: true, keys: true, literals: [LITERAL], paths: ['..hidden'] });
const mask = (text: string, isCut = false) => maskBodyText({ text, isCut, isAnswer: true }, rules);

const digitsOf = (number: string) => [...number].reverse().map((digit, at) => Number(digit) * (at % 2 === 0 ? 2 : 1));
const checkDigit = (number: string) =>
  (10 - (digitsOf(number).reduce((sum, digit) => sum + (digit > 9 ? digit - 9 : digit), 0) % 10)) % 10;
const card = fc
  .tuple(fc.constantFrom('4', '51', '2221', '6011', '35'), fc.stringMatching(/^\d{15}$/), fc.constantFrom('', ' ', '-'))
  .map(([scheme, rest, separator]) => {
    const number = (scheme + rest).slice(0, 15);
    const whole = number + checkDigit(number);
    return [0, 4, 8, 12].map((at) => whole.slice(at, at + 4)).join(separator);
  });
const email = fc.emailAddress().filter((address) => !/[/?&=]/.test(address));
const key = fc
  .tuple(fc.constantFrom('sk-', 'sk-ant-', 'ghp_', 'xoxb-', 'AIza'), fc.stringMatching(/^[A-Za-z0-9]{39}1$/))
  .map(([prefix, rest]) => prefix + rest);
const secret = fc.oneof(email, card, key, fc.constant(LITERAL));
/** Text around a secret that neither is one nor can be part of one. */
const words = fc.stringMatching(/^[a-zé\u{1F600}"\\\n<>;()]{0,20}$/u);
const sentence = fc
  .tuple(words, secret, words)
  .map(([before, it, after]) => ({ text: `${before} ${it}\n${after}`, it }));

/** JSON of a string, its characters escaped at random. */
const escaped = (text: string, seed: number) => {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1;
    return state % 3 === 0;
  };
  const units = Array.from({ length: text.length }, (_, at) => text[at]!);
  const inside = units.map((unit) =>
    random() ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : JSON.stringify(unit).slice(1, -1),
  );
  return `"${inside.join('')}"`;
};

interface StreamForm {
  readonly write: (events: readonly string[]) => string;
  readonly read: (text: string) => object[];
}

const parsed = (text: string) => JSON.parse(text) as object;
const logged = (text: string) => (JSON.parse(text) as { streamed_data: unknown[] }).streamed_data;

/** How streams are sent, and logged by hand. */
const STREAMS: Readonly<Record<string, StreamForm>> = {
  events: {
    write: (events) => events.map((data) => `event: x\r\ndata: ${data}\r\n\r\n`).join(''),
    read: (text) => text.split('\r\n').flatMap((line) => (line.startsWith('data: ') ? [parsed(line.slice(6))] : [])),
  },
  'a list': {
    write: (events) => `[${events.join(',\r\n')}]`,
    read: (text) => JSON.parse(text) as object[],
  },
  lines: {
    write: (events) => events.join('\n'),
    read: (text) => text.split('\n').map(parsed),
  },
  'logged objects': {
    write: (events) => `{"streamed_data":[${events.join(',')}]}`,
    read: (text) => logged(text) as object[],
  },
  'logged texts': {
    write: (events) =>
      JSON.stringify({ streamed_data: events.map((data, i) => (i % 3 === 0 ? `data: ${data}` : data)) }),
    read: (text) => (logged(text) as string[]).map((data) => parsed(data.replace(/^data: /, ''))),
  },
};

describe('no secret survives', () => {
  test('in a string of JSON, however it is escaped and however deep, and the JSON stays what it was', () => {
    fc.assert(
      fc.property(sentence, fc.nat(), fc.nat({ max: 3 }), fc.jsonValue(), ({ text, it }, seed, nesting, other) => {
        let value = text;
        for (let i = 0; i < nesting; i++) value = JSON.stringify({ value });
        const body = `{"other":${JSON.stringify(other)},"list":[1,{"value":${escaped(value, seed)}}]}`;
        let found: unknown = (JSON.parse(mask(body)) as { list: [number, { value: string }] }).list[1].value;
        for (let i = 0; i < nesting; i++) found = (JSON.parse(found as string) as { value: string }).value;
        expect(found).not.toContain(it);
        expect(found).toMatch(/\[(?:email|card|key|masked)\]/);
      }),
    );
  });

  test.each(Object.keys(STREAMS))('in a stream of the form "%s", wherever its parts come apart', (form) => {
    const { write, read } = STREAMS[form]!;
    const cuts = fc.array(fc.nat({ max: 80 }), { maxLength: 12 });
    const apis = fc.constantFrom('chat', 'messages', 'responses', 'gemini');
    fc.assert(
      fc.property(sentence, cuts, fc.nat(), apis, ({ text, it }, at, seed, api) => {
        const places = [0, ...at.filter((place) => place < text.length).sort((a, b) => a - b), text.length];
        const parts = places.slice(1).map((end, i) => text.slice(places[i]!, end));
        const other = parts.map((_, i) => (i % 2 === 0 ? 'ab' : 'c d'));
        const events = parts.flatMap((part, i) => [event(api, 0, part, seed + i), event(api, 1, other[i]!, seed)]);
        const texts = read(mask(write(events))).map((document) => textOf(api, document));
        expect(texts).toHaveLength(events.length);
        const own = texts.filter((_, i) => i % 2 === 0).join('');
        expect(own).not.toContain(it);
        expect(own).toMatch(/\[(?:email|card|key|masked)\]/);
        expect(texts.filter((_, i) => i % 2 === 1)).toEqual(other);
      }),
    );
  });

  test('in text of any other form, nor where a path names it', () => {
    fc.assert(
      fc.property(sentence, fc.string(), fc.string(), ({ text, it }, before, after) => {
        expect(mask(`${before} ${text} ${after}`)).not.toContain(it);
        expect(mask(`to=${encodeURIComponent(it)}&x=1`)).not.toContain(encodeURIComponent(it));
        const hidden = JSON.stringify({ a: [{ hidden: { deep: [before, 1, text] } }], b: 1 });
        expect(JSON.parse(mask(hidden))).toEqual({ a: [{ hidden: '[masked]' }], b: 1 });
      }),
    );
  });

  test('in a body that was cut, anywhere behind its middle', () => {
    fc.assert(
      fc.property(card, fc.nat({ max: 6 }), (number, less) => {
        const body = JSON.stringify({ a: `my card: ${number}` });
        const cut = body.slice(0, body.length - 2 - less);
        expect(mask(cut, true)).toMatch(/^{"a":"my card: \[card\][ -]?$/);
      }),
    );
  });
});

test('where there is nothing to mask, nothing changes', () => {
  const some = masksOf({ emails: true, keys: true, literals: [LITERAL], paths: ['..hidden'] });
  const calm = (text: string) => maskBodyText({ text, isCut: false, isAnswer: true }, some);
  // By chance, `-@0.-A` comes too, which looks like one.
  const isAddress = (text: string) => /@.*\./s.test(text);
  const anyJson = fc.json().filter((json) => !isAddress(json));
  const anyText = fc.string({ unit: 'binary' }).filter((text) => !isAddress(text));
  // In a stream, texts of one place are one text: what stands around an at sign there may be an address.
  const event = fc.json().filter((json) => !json.includes('@'));
  fc.assert(
    fc.property(anyJson, anyText, fc.array(event), (json, text, events) => {
      expect(calm(json)).toBe(json);
      expect(calm(text)).toBe(text);
      const stream = events.map((data) => `data: ${data}\r\n\r\n`).join('');
      expect(calm(stream)).toBe(stream);
    }),
  );
});

test('whatever the text, its masked form is masked', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          sentence.map(({ text }) => text),
          fc.json(),
          fc.constantFrom('{', '[', '"', ':', ',', '}', ']', '\\', 'data: ', '\n'),
        ),
      ),
      (parts) => {
        const once = mask(parts.join(''));
        expect(mask(once)).toBe(once);
      },
    ),
  );
});

test('token by token, the same text again is left out where something was masked, and only there', () => {
  const body = (content: string) =>
    JSON.stringify({ choices: [{ message: { content }, logprobs: { content: [{ token: 'ja', bytes: [106, 97] }] } }] });
  expect(mask(body('hello'))).toBe(body('hello'));
  expect(mask(body('jane@example.com'))).toBe('{"choices":[{"message":{"content":"[email]"},"logprobs":null}]}');
});

test('a number that is a card becomes a text', () => {
  expect(mask('{"n":4111111111111111,"t":1732233600000}')).toBe('{"n":"[card]","t":1732233600000}');
});

test('deeper than the stack, longer than a line: any text is gone through', () => {
  for (const part of ['[', '{"a":', '"', '\\', '@a.', 'data: {"a":"\n', '4 ', 'eyJ.', 'sk-']) {
    expect(mask(part.repeat(50_000)).length).toBeGreaterThan(0);
  }
});

function event(api: string, index: number, text: string, seed: number): string {
  const content = escaped(text, seed);
  switch (api) {
    case 'chat':
      return `{"id":"4111111111111111x","choices":[{"delta":{"content":${content}},"index":${index}}]}`;
    case 'messages':
      return `{"type":"content_block_delta","index":${index},"delta":{"type":"text_delta","text":${content}}}`;
    case 'responses':
      return `{"type":"response.output_text.delta","item_id":"m${index}","output_index":${index},"delta":${content}}`;
    default:
      return `{"candidates":[{"content":{"parts":[{"text":${content}}]},"index":${index}}]}`;
  }
}

function textOf(api: string, document: object): string {
  const { choices, delta, candidates } = document as {
    choices?: [{ delta: { content: string } }];
    delta?: string | { text: string };
    candidates?: [{ content: { parts: [{ text: string }] } }];
  };
  if (api === 'chat') return choices![0].delta.content;
  if (api === 'gemini') return candidates![0].content.parts[0].text;
  return typeof delta === 'string' ? delta : delta!.text;
}
