import { eventLogContract } from '../../src/contract.ts';
import { fileLogHarness } from '../file-log-harness.ts';

eventLogContract('segment files, durability process', async () => fileLogHarness());
eventLogContract('segment files, durability disk', async () => fileLogHarness({ durability: 'disk' }));
eventLogContract('segment files of a few events each', async () => fileLogHarness({ segmentBytesMax: 4096 }));
