/** What a part of a text is replaced by. */
export type MaskLabel = '[email]' | '[card]' | '[key]' | '[masked]';

/** A part of a text that is to be masked, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly label: MaskLabel;
}

/** Takes the spans that a finder finds; they may overlap, and come in any order. */
export type TakeSpan = (from: number, to: number, label: MaskLabel) => void;
