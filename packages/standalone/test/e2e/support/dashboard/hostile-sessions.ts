import type { SeedSession } from './seed-session.ts';

/** Does something to whoever lets it: sets a mark, asks another host, or misleads the reader. */
export const HOSTILE = {
  html: '<img src="x" onerror="window.hacked=1"><script>window.hacked=1</script>',
  svg: '<svg onload="window.hacked=1"><a href="javascript:window.hacked=1"><text>svg</text></a></svg>',
  links:
    '[press me](javascript:window.hacked=1) <javascript:window.hacked=1> [data](data:text/html,<script>window.hacked=1</script>)',
  image: '![tracker](https://tracker.invalid/pixel.png) <iframe src="https://tracker.invalid/frame"></iframe>',
  style: '<style>main{display:none}</style><link rel="stylesheet" href="https://tracker.invalid/x.css">',
  escapes: '\u001b[2J\u001b]0;owned\u0007 red \u009b31m \b\b',
  override: 'invoice-\u202Egpj.exe\u202C \u2066left\u2069',
  names: '__proto__ constructor toString',
} as const;

/** Where to find them. */
export const HOSTILE_SESSION = {
  id: `hostile ${HOSTILE.html}/../?#%2F`,
  name: `${HOSTILE.svg} ${HOSTILE.override}`,
  user: `user ${HOSTILE.html}`,
} as const;

export const LARGE_SESSION = { id: 'large-texts', name: 'Large texts' } as const;
const LARGE_CHARS = 5_000_000;

/** Sessions in which everything that a user or a model writes is hostile, and one whose texts are of 5 MB. */
export function hostileSessions(): SeedSession[] {
  const everything = Object.values(HOSTILE).join('\n\n');
  const line = 'A line of a log that somebody pasted whole, with numbers 0123456789 and a word.\n';
  const large = line.repeat(Math.ceil(LARGE_CHARS / line.length)).slice(0, LARGE_CHARS);
  return [
    {
      ...HOSTILE_SESSION,
      tag: HOSTILE.html,
      // Headers carry no control characters: what does is logged.
      properties: { html: HOSTILE.html, constructor: '__proto__', version: HOSTILE.override },
      stages: [
        [{ path: `/${HOSTILE.html.replaceAll('/', '∕')}/step`, system: everything, ask: everything }],
        [{ path: '/__proto__/constructor', by: 'log', model: HOSTILE.svg, ask: everything, answer: everything }],
        [{ path: '/failing', by: 'log', ask: everything, answer: everything, status: 500 }],
        [{ path: '/tool', by: 'tool', model: HOSTILE.html, ask: everything, answer: everything }],
      ],
    },
    {
      ...LARGE_SESSION,
      stages: [
        [{ path: '/ask', by: 'log', ask: large, answer: `# Title\n\n${large}` }],
        [{ path: '/one-line', by: 'log', ask: 'x'.repeat(LARGE_CHARS), answer: 'short' }],
      ],
    },
  ];
}
