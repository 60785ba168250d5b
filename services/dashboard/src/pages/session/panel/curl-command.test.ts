import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { curlCommand } from './curl-command.ts';
import { maskSecrets } from './mask-secrets.ts';

describe('a call as a command', () => {
  it('names variables where its secrets were', () => {
    const command = curlCommand({
      target_url:
        'https://generativelanguage.googleapis.com/v1beta/models/gemini:generateContent?key=AIzaSecret&alt=sse',
      provider: 'GOOGLE',
      request_body: { contents: [{ parts: [{ text: 'my key is sk-proj-abcdefghijklmnopqrst' }] }] },
    });
    expect(command).toContain('key=REDACTED&alt=sse');
    expect(command).toContain('x-goog-api-key: $GOOGLE_API_KEY');
    expect(command).not.toContain('AIzaSecret');
    expect(command).not.toContain('abcdefghijklmnopqrst');
  });

  it('is one command with one body for any shell, whatever the body holds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom("it's", '$(date)', '`id`', '"', '\\', '\n', '!!', '; echo x'),
        fc.string(),
        (a, b) => {
          const content = (a + b).replaceAll('\0', '');
          const command = curlCommand({
            target_url: 'https://api.openai.com/v1/chat/completions',
            provider: 'OPENAI',
            request_body: { content },
          });
          const said = execFileSync('sh', ['-c', `curl() { for last; do :; done; printf %s "$last"; }; ${command}`]);
          expect(said.toString('utf8')).toBe(maskSecrets(JSON.stringify({ content: content.toWellFormed() })));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('masks credentials of vendors, and nothing that only looks a little like one', () => {
    const secrets = [
      'sk-ant-api03-abcdefghijklmnop',
      'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
      'AKIAABCDEFGHIJKLMNOP',
      'Bearer abcdef.ghijkl-mnopqr',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefgh',
    ];
    for (const secret of secrets) {
      expect(maskSecrets(`before ${secret} after`)).toMatch(/^before .*REDACTED after$/);
      expect(maskSecrets(secret)).not.toContain(secret.slice(-8));
    }
    for (const text of ['task-based', 'risk-free-approach-to-everything', 'the bearer of news'])
      expect(maskSecrets(text)).toBe(text);
  });
});
