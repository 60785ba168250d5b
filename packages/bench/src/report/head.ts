import type { Machine } from '../measure/machine.ts';

/** What the figures were measured on and with, as lines of Markdown. */
export function describeRun(machine: Machine, run: { rounds: number; seconds: number }): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `# Benchmark of ${machine.date.slice(0, 16).replace('T', ' ')} UTC`,
    '',
    `- ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib} GiB, Linux ${machine.kernel}; commit ${machine.commit}`,
    `- ${versions.join(', ')}`,
    `- load: ${machine.loadGenerator}; upstream: ${machine.upstream}; streams always by Node.js http`,
    `- ${run.rounds} rounds of ${run.seconds} s in turns, medians ± half the range`,
  ].join('\n');
}
