/**
 * A path with query, the values of parameters that look like credentials replaced by `***`. Everything else stays byte
 * for byte. Gemini takes API keys as `key`, Azure as `api-key`, its Functions as
 * `code`; pre-signed URLs carry signatures.
 */
export function maskCredentials(path: string): string {
  const question = path.indexOf('?');
  if (question === -1) return path;
  const query = path.slice(question + 1);
  if (!SUSPECT.test(query)) return path;
  const masked = query.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    if (equals === -1) return pair;
    return isCredential(pair.slice(0, equals)) ? `${pair.slice(0, equals)}=***` : pair;
  });
  return path.slice(0, question + 1) + masked.join('&');
}

function isCredential(encodedName: string): boolean {
  let name = encodedName;
  try {
    name = decodeURIComponent(encodedName.replaceAll('+', ' '));
  } catch {
    // Not decodable: judged as written.
  }
  return NAME.test(name.trim());
}

const NAME = /(?:^code|key|token|secret|signature|sig|password|passwd|credentials?|auth|authorization|jwt|keyid)$/i;
// A quick look before splitting: one of the endings before `=`, or a percent sign that could hide one.
const SUSPECT =
  /[%+]|(?:\bcode|key|token|secret|sig|signature|password|passwd|credentials?|auth|authorization|jwt|keyid)=/i;
