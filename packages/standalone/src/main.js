#!/usr/bin/env -S node --max-semi-space-size=8
// JavaScript, so that TypeScript's stripper need not be loaded where the compile cache holds everything already: 30 MB
// and a third of the start.
import { enableCompileCache } from 'node:module';

enableCompileCache();
// Each running query and insert holds a thread of this pool, and name look-ups and files need some too. Read by libuv
// when it first uses the pool, so it is set before anything else is loaded.
process.env.UV_THREADPOOL_SIZE ??= '8';
const { runCli } = await import('./cli.ts');
process.exitCode = await runCli(process.argv.slice(2), process.env);
