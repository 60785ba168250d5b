/** A message of a conversation, whichever API it went through. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  /** Of whoever said it, or of the tool; mostly empty. */
  readonly name: string;
  readonly parts: readonly Part[];
}

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  | { readonly kind: 'refusal'; readonly text: string }
  /** @param source `data:` or an address; empty where the provider keeps it. */
  | { readonly kind: 'image'; readonly source: string }
  /** A file, a sound, a film: what is known of it. */
  | { readonly kind: 'file'; readonly about: string }
  /** @param args as the model wrote them, JSON mostly. */
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly args: string }
  | {
      readonly kind: 'result';
      /** Of the call; empty where the API matches by order. */
      readonly id: string;
      readonly name: string;
      readonly text: string;
      readonly images: readonly string[];
      readonly isError: boolean;
    }
  /** What none of the APIs that are read here has. */
  | { readonly kind: 'other'; readonly value: unknown };

/** A tool that was offered to the model. */
export interface Tool {
  readonly name: string;
  readonly description: string;
}
