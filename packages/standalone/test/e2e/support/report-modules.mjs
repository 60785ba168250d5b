// Preloaded into a process under test: writes down which modules each of its threads loads, one line each.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const file = process.env.REPORT_MODULES_TO;
registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(file, `${isMainThread ? 'main' : 'worker'} ${url}\n`);
    return nextLoad(url, context);
  },
});
