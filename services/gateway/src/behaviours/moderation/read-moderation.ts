/** What a call is asked about before it is sent (wire contract 1.4). One at least. */
export interface ModerationRequest {
  /** `Helicone-Moderations-Enabled`. */
  readonly moderates: boolean;
  /** `Helicone-LLM-Security-Enabled`. */
  readonly findsThreats: boolean;
}

/** @param headers of ours, by name in lower case. @returns undefined: nothing is asked for. */
export function readModeration(headers: ReadonlyMap<string, string>): ModerationRequest | undefined {
  const isOn = (name: string) => headers.get(name) === 'true';
  const moderates = isOn('helicone-moderations-enabled');
  const findsThreats = isOn('helicone-llm-security-enabled') || isOn('helicone-prompt-security-enabled');
  return moderates || findsThreats ? { moderates, findsThreats } : undefined;
}
