import { maskSecrets } from './mask-secrets.ts';

interface Call {
  readonly target_url: string;
  readonly provider: string;
  readonly request_body: unknown;
}

/** The call as a command for a shell, with names of variables where its secrets were. */
export function curlCommand({ target_url: url, provider, request_body: body }: Call): string {
  const lines = [`curl ${quoted(maskAddress(url))}`, `-H ${quoted('content-type: application/json')}`];
  const credential = CREDENTIALS.get(provider) ?? `authorization: Bearer $${variable(provider)}_API_KEY`;
  if (credential !== '') lines.push(`-H "${credential}"`);
  if (provider === 'ANTHROPIC') lines.push(`-H ${quoted('anthropic-version: 2023-06-01')}`);
  if (body !== null && body !== undefined) {
    lines.push(`--data-raw ${quoted(maskSecrets(typeof body === 'string' ? body : JSON.stringify(body)))}`);
  }
  return lines.join(' \\\n  ');
}

const CREDENTIALS: ReadonlyMap<string, string> = new Map([
  ['ANTHROPIC', 'x-api-key: $ANTHROPIC_API_KEY'],
  ['GOOGLE', 'x-goog-api-key: $GOOGLE_API_KEY'],
  ['AZURE', 'api-key: $AZURE_API_KEY'],
  ['LOCAL', ''],
]);

/** Letters, digits and underscores of a name that may be an origin. */
function variable(provider: string): string {
  const name = provider
    .toUpperCase()
    .replace(/^[A-Z]+:\/\//, '')
    .replace(/[^A-Z0-9]+/g, '_');
  return /^[A-Z]/.test(name) ? name : 'PROVIDER';
}

/** Parameters that are credentials by their name. */
const SECRET_PARAMETERS =
  /^(?:key|api[-_]?key|access[-_]?token|token|sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token|code|password)$/i;

function maskAddress(address: string): string {
  if (!URL.canParse(address)) return maskSecrets(address);
  const url = new URL(address);
  url.username = '';
  url.password = '';
  for (const name of [...url.searchParams.keys()])
    if (SECRET_PARAMETERS.test(name)) url.searchParams.set(name, 'REDACTED');
  return maskSecrets(url.href);
}

/** A word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
