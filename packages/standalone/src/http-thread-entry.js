// A thread has a compile cache only if it asks for it, before its code is loaded.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./http-thread.ts');
