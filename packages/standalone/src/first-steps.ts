import { LINK_WORKS } from './login-link.ts';

/** What a person needs after the very first start: the address, the key, which is shown once, and a first session. */
export function firstSteps(url: string, key: string): string {
  return `
  Throughline is running at ${url}

  Your API key, shown this once (lost it? start with THROUGHLINE_API_KEY set to a new one):

    ${key}

  Make a first session (with your OpenAI key in OPENAI_API_KEY):

    curl ${url}/v1/gateway/oai/v1/chat/completions \\
      -H "Authorization: Bearer $OPENAI_API_KEY" \\
      -H "Helicone-Auth: Bearer ${key}" \\
      -H "Helicone-Session-Id: my-first-session" \\
      -H "Helicone-Session-Name: hello" \\
      -H "Helicone-Session-Path: /greeting" \\
      -H "Content-Type: application/json" \\
      -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello."}]}'

  Read it:

    curl ${url}/v1/session/my-first-session -H "Authorization: Bearer ${key}"

`;
}

/** What a person needs after any start. */
export function loginLine(link: string): string {
  return `
  Sign in (the link works ${LINK_WORKS}; \`throughline login\` prints another):

    ${link}

`;
}
