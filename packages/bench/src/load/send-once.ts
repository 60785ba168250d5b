import type { PreparedCall } from '../traffic/chat-calls.ts';

/** Sends each call once, four at a time. @throws where an answer is not 200. */
export async function sendOnce(url: string, calls: readonly PreparedCall[]): Promise<void> {
  const left = [...calls];
  const sender = async () => {
    for (let call = left.pop(); call; call = left.pop()) {
      const body = call.bodyEncoding === undefined ? call.body : Buffer.from(call.body, call.bodyEncoding);
      const answer = await fetch(url, { method: 'POST', headers: call.headers, body });
      const said = await answer.text();
      if (answer.status !== 200) throw new Error(`${url} answered ${answer.status} ${said.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
}

const CONNECTIONS = 4;
