import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { guardChild } from '@throughline/testkit/process/child-guard';

/** A fenced block of a page. */
export interface CodeBlock {
  /** What stands behind the fence: `ts`, `py`; `''` when nothing does. */
  readonly language: string;
  readonly code: string;
  /** Of its fence, from 1. */
  readonly line: number;
}

const DOCS = new URL('../../../../../docs/', import.meta.url);

/** @param page below `docs/`. */
export function readPage(page: string): Promise<string> {
  return readFile(new URL(page, DOCS), 'utf8');
}

/** Every fenced block, in order; @throws for one that does not end. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { language: string; lines: string[]; line: number } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (!line.startsWith('```')) open?.lines.push(line);
    else if (open) {
      blocks.push({ language: open.language, code: open.lines.join('\n'), line: open.line });
      open = undefined;
    } else open = { language: line.slice(3).trim(), lines: [], line: index + 1 };
  }
  if (open) throw new Error(`the block that begins at line ${open.line} does not end`);
  return blocks;
}

/**
 * Runs TypeScript as a module in a process of its own, which finds the packages that this one's tests have.
 *
 * @param env all of it, but for `PATH`. @returns stdout. @throws with what it printed when it fails.
 */
export function runTypeScript(code: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-'], {
    cwd: fileURLToPath(new URL('../../../', import.meta.url)),
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  guardChild(child);
  child.stdin.end(code);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      if (exitCode === 0) resolve(stdout);
      else reject(new Error(`ended with ${exitCode}:\n${stdout}\n${stderr.slice(-4_000)}`));
    });
  });
}
