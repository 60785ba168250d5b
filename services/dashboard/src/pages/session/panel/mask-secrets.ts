/** Leaves out what looks like a credential: what is copied here is pasted elsewhere. */
export function maskSecrets(text: string): string {
  return text.replace(
    SECRETS,
    (found) => `${/^(?:Bearer\s+|sk-|[A-Za-z]{2,4}[-_])/.exec(found)?.[0] ?? found.slice(0, 4)}REDACTED`,
  );
}

/** Keys by how their vendors begin them, tokens of bearers, signed tokens (JWT), private keys. */
const SECRETS = new RegExp(
  [
    String.raw`\bsk-[\w-]{16,}`,
    String.raw`\b(?:pk|rk|gsk|xai|pplx|tgp|fw|hf|nvapi|r8|ghp|gho|ghs|ghu|glpat|xox[abprs])[-_][\w-]{16,}`,
    String.raw`\bgithub_pat_\w{20,}`,
    String.raw`\bAIza[\w-]{30,}`,
    String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
    String.raw`\bBearer\s+[\w.~+/=-]{12,}`,
    String.raw`\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----`,
  ].join('|'),
  'g',
);
