import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { isWithoutFiles, loadAnewOnceAnswered } from './load-anew.ts';

/**
 * A part of a page whose code is loaded when it is first shown. Where its files cannot be had the rest of the page stays, and
 * all is loaded anew once they can.
 */
// biome-ignore lint/suspicious/noExplicitAny: what React's own `lazy` takes
export function lazyPart<Part extends ComponentType<any>>(load: () => Promise<Part>): LazyExoticComponent<Part> {
  return lazy(async () => ({ default: await load().catch(waitForFiles) }));
}

function waitForFiles(error: unknown): Promise<never> {
  if (!isWithoutFiles(error) || !loadAnewOnceAnswered()) throw error;
  return new Promise(() => {});
}
