/** Bytes that several partitions share: whoever wants some waits until there are enough, in the order of asking. */
export interface ByteBudget {
  openAccount(): ByteAccount;
}

/** One partition's part of a budget. */
export interface ByteAccount {
  /**
   * Waits for so many bytes; more than there are in all are had alone.
   *
   * @throws the signal's reason when it is aborted first; Error once the account is closed.
   */
  take(bytes: number, signal: AbortSignal): Promise<void>;
  /** So many more are held already: those who wait, wait longer. */
  add(bytes: number): void;
  give(bytes: number): void;
  /** Gives back whatever is held. */
  close(): void;
}

export function createByteBudget(bytesMax: number): ByteBudget {
  const waiting: { readonly bytes: number; readonly admit: () => void }[] = [];
  let used = 0;

  const admitNext = () => {
    for (let next = waiting[0]; next && (used === 0 || used + next.bytes <= bytesMax); next = waiting[0]) {
      waiting.shift();
      used += next.bytes;
      next.admit();
    }
  };

  return {
    openAccount() {
      let held = 0;
      let isClosed = false;
      const give = (bytes: number) => {
        const given = Math.min(bytes, held);
        held -= given;
        used -= given;
        admitNext();
      };
      return {
        async take(bytes, signal) {
          signal.throwIfAborted();
          if (isClosed) throw new Error('the account is closed');
          const admitted = Promise.withResolvers<void>();
          const place = { bytes, admit: () => admitted.resolve() };
          const leave = () => {
            const index = waiting.indexOf(place);
            if (index < 0) return;
            waiting.splice(index, 1);
            admitted.reject(signal.reason);
            admitNext();
          };
          waiting.push(place);
          signal.addEventListener('abort', leave, { once: true });
          admitNext();
          try {
            await admitted.promise;
          } finally {
            signal.removeEventListener('abort', leave);
          }
          held += bytes;
          if (!isClosed) return;
          give(bytes);
          throw new Error('the account is closed');
        },
        add(bytes) {
          if (isClosed) return;
          held += bytes;
          used += bytes;
        },
        give,
        close() {
          isClosed = true;
          give(held);
        },
      };
    },
  };
}
