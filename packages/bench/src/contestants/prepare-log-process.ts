import { argument, onParentGone, tellParent } from '../processes/parent.ts';
import { prepareLog } from './prepare-log.ts';

onParentGone(() => {});
await prepareLog(argument('dir'), Number(argument('events')));
tellParent({ done: true });
