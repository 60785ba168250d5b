/**
 * Ends a kafkajs client, waiting for it no longer than a few seconds: it waits for requests under way, and where their
 * connection has ended already nothing ends that wait. What is left then ends with its sockets.
 */
export async function disconnect(client: { disconnect(): Promise<void> }): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WAIT_MS);
  });
  await Promise.race([client.disconnect().catch(() => {}), patience]);
  clearTimeout(timer);
}

/** Longer than a fetch or a leaving of the group takes where brokers answer. */
const WAIT_MS = 5_000;
