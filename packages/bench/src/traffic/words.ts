import type { Random } from '@throughline/testkit/seed';

/** English words, of about so many characters. */
export function words(random: Random, length: number): string {
  let text = random.pick(VOCABULARY);
  while (text.length < length) text += ` ${random.pick(VOCABULARY)}`;
  return text;
}

export const VOCABULARY =
  'account answer because before between budget chapter check city client compare course customer data date delay detail example file final first flight follow found from given group hour into issue item know later list long market measure message model month more name need next number often open order other outline page part pass place plan point price question reach read reason record report request result return review row search second section send session share short simple since small start state step store such table take team than that their then there this time tool total train under until update user value verify very want week what when where which while with without word work would write year'.split(
    ' ',
  );
