import { expect, test } from '@jest/globals';
import { identifyProcess, stillRuns } from '@throughline/local-servers/process-identity';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import { processTree } from '../measure/process-tree.ts';
import { launch } from './launch.ts';

const shell = (script: string) => ({ command: 'sh', args: ['-c', script], env: { PATH: process.env.PATH } });

test('what a server wrote is told when it ended instead of serving, and is printed nowhere', async () => {
  await using dir = await createTempDir('launch');
  const server = launch(shell('echo no port; echo given >&2; exit 3'), dir.path);
  const ended = await waitFor(() => {
    try {
      server.checkRuns();
      return undefined;
    } catch (error) {
      return error as Error;
    }
  });
  expect(ended.message).toBe('sh ended: no port\ngiven\n');
  await server.stop();
});

test('a server is ended with all that it started', async () => {
  await using dir = await createTempDir('launch');
  const server = launch(shell('sleep 60 & sleep 60 & echo started; wait'), dir.path);
  await waitFor(() => server.output() === 'started\n' && processTree(server.pid).length === 3);
  const all = processTree(server.pid).map((pid) => identifyProcess(pid)!);
  server.checkRuns();
  await server.stop();
  await waitFor(() => all.every((one) => !stillRuns(one)));
  expect(() => server.checkRuns()).toThrow('sh ended');
});
