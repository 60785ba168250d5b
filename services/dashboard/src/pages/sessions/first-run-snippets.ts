/** What makes a first session, with the address and the key in use. */
export interface Snippet {
  readonly name: 'curl' | 'Node' | 'Python';
  readonly code: string;
  /** What has to be there. */
  readonly needs: string;
}

/** @param origin of the API. @param key one that may log. */
export function firstRunSnippets(origin: string, key: string): readonly Snippet[] {
  return [
    {
      name: 'curl',
      needs: 'your OpenAI key in OPENAI_API_KEY',
      code: `curl ${origin}/v1/gateway/oai/v1/chat/completions \\
  -H "Authorization: Bearer $OPENAI_API_KEY" \\
  -H "Helicone-Auth: Bearer ${key}" \\
  -H "Helicone-Session-Id: my-first-session" \\
  -H "Helicone-Session-Name: hello" \\
  -H "Helicone-Session-Path: /greeting" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello."}]}'`,
    },
    {
      name: 'Node',
      needs: 'npm install openai; your OpenAI key in OPENAI_API_KEY',
      code: `import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';

const openai = new OpenAI({
  baseURL: '${origin}/v1/gateway/oai/v1',
  defaultHeaders: {
    'Helicone-Auth': 'Bearer ${key}',
    'Helicone-Session-Id': randomUUID(),
    'Helicone-Session-Name': 'hello',
  },
});
const answer = await openai.chat.completions.create(
  { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Say hello.' }] },
  { headers: { 'Helicone-Session-Path': '/greeting' } },
);
console.log(answer.choices[0]?.message.content);`,
    },
    {
      name: 'Python',
      needs: 'pip install openai; your OpenAI key in OPENAI_API_KEY',
      code: `from uuid import uuid4
from openai import OpenAI

client = OpenAI(
    base_url="${origin}/v1/gateway/oai/v1",
    default_headers={
        "Helicone-Auth": "Bearer ${key}",
        "Helicone-Session-Id": str(uuid4()),
        "Helicone-Session-Name": "hello",
    },
)
answer = client.chat.completions.create(
    model="gpt-4o-mini",
    messages=[{"role": "user", "content": "Say hello."}],
    extra_headers={"Helicone-Session-Path": "/greeting"},
)
print(answer.choices[0].message.content)`,
    },
  ];
}

/** The same without any provider: a call that was made elsewhere is logged. */
export function withoutProvider(origin: string, key: string): string {
  return `curl ${origin}/custom/v1/log \\
  -H "Authorization: Bearer ${key}" \\
  -H "Helicone-Session-Id: my-first-session" \\
  -H "Helicone-Session-Name: hello" \\
  -H "Helicone-Session-Path: /greeting" \\
  -H "Content-Type: application/json" \\
  -d '{"providerRequest": {"url": "custom-model-nopath", "json": {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello."}]}},
       "providerResponse": {"status": 200, "json": {"choices": [{"message": {"role": "assistant", "content": "Hello!"}}], "usage": {"prompt_tokens": 9, "completion_tokens": 2}}}}'`;
}
