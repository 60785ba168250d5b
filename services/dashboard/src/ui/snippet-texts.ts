interface SnippetAsked {
  /** Where Throughline is reached, `http://127.0.0.1:8585`. */
  readonly origin: string;
  readonly apiKey: string;
}

export type SnippetKind = 'curl' | 'node' | 'python' | 'log';

/** What each makes a first session with, in the order of being shown. */
export const SNIPPET_KINDS: readonly (readonly [SnippetKind, string])[] = [
  ['curl', 'curl'],
  ['node', 'Node.js'],
  ['python', 'Python'],
  ['log', 'No provider key'],
];

/** What to know before running it. */
export const SNIPPET_NOTES: Readonly<Record<SnippetKind, string>> = {
  curl: 'Calls OpenAI, with the key of yours that is in OPENAI_API_KEY. It passes through and is not stored.',
  node: 'After npm install openai, with your key of OpenAI in OPENAI_API_KEY.',
  python: 'After pip install openai, with your key of OpenAI in OPENAI_API_KEY.',
  log: 'Logs a call as it might have been: nothing is asked of any provider.',
};

/** Text that makes a first session when it is run as it is. */
export function snippetText(kind: SnippetKind, { origin, apiKey }: SnippetAsked): string {
  switch (kind) {
    case 'curl':
      return `curl ${origin}/v1/gateway/oai/v1/chat/completions \\
  -H "Authorization: Bearer $OPENAI_API_KEY" \\
  -H "Helicone-Auth: Bearer ${apiKey}" \\
  -H "Helicone-Session-Id: my-first-session" \\
  -H "Helicone-Session-Name: hello" \\
  -H "Helicone-Session-Path: /greeting" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello."}]}'`;
    case 'node':
      return `import OpenAI from 'openai';

const openai = new OpenAI({
  baseURL: '${origin}/v1/gateway/oai/v1',
  defaultHeaders: {
    'Helicone-Auth': 'Bearer ${apiKey}',
    'Helicone-Session-Id': 'my-first-session',
    'Helicone-Session-Name': 'hello',
  },
});

const answer = await openai.chat.completions.create(
  { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Say hello.' }] },
  { headers: { 'Helicone-Session-Path': '/greeting' } },
);
console.log(answer.choices[0].message.content);`;
    case 'python':
      return `from openai import OpenAI

client = OpenAI(
    base_url="${origin}/v1/gateway/oai/v1",
    default_headers={
        "Helicone-Auth": "Bearer ${apiKey}",
        "Helicone-Session-Id": "my-first-session",
        "Helicone-Session-Name": "hello",
    },
)

answer = client.chat.completions.create(
    model="gpt-4o-mini",
    messages=[{"role": "user", "content": "Say hello."}],
    extra_headers={"Helicone-Session-Path": "/greeting"},
)
print(answer.choices[0].message.content)`;
    case 'log':
      return `curl ${origin}/custom/v1/log \\
  -H "Authorization: Bearer ${apiKey}" \\
  -H "Helicone-Session-Id: my-first-session" \\
  -H "Helicone-Session-Name: hello" \\
  -H "Helicone-Session-Path: /greeting" \\
  -d '{
    "providerRequest": {
      "url": "custom-model-nopath",
      "json": {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello."}]}
    },
    "providerResponse": {
      "status": 200,
      "json": {
        "choices": [{"message": {"role": "assistant", "content": "Hello."}}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 2}
      }
    }
  }'`;
  }
}
