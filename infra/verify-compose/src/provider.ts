/** The provider that calls go to while the compose file is verified: in a container, so that gateways find it. */
import { startFakeProvider } from '@throughline/testkit/fake-provider/fake-provider';

const PORT = 9090;
/** Nobody asks what it was asked. */
const EXCHANGES_MAX = 100;

const provider = await startFakeProvider({ host: '0.0.0.0', port: PORT, exchangesMax: EXCHANGES_MAX });
// It does not keep a process alive by itself.
const alive = setInterval(() => {}, 60_000);
process.once('SIGTERM', async () => {
  clearInterval(alive);
  await provider.close();
});
