/** Counts how often something was asked for: the first, the second, … time. */
export interface Turns {
  /**
   * Which time it is now. Whoever asks at the same moment is told another number.
   *
   * @param name of any length.
   * @param keepMs without a question for so long, it begins anew.
   * @returns from 0.
   * @throws CallStateError where it cannot be counted.
   */
  next(name: string, keepMs: number): Promise<number>;
}
