/** Property of a request that was made from a recorded one, sent again or answered from the record: the id of the recorded session. */
export const REPLAY_OF = 'throughline-replay-of';

/** And the id of the recorded request. */
export const REPLAY_STEP = 'throughline-replay-step';
