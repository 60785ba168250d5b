import { Database, HardDrive, MessageSquare, Wrench } from 'lucide-react';

const ICONS = { llm: MessageSquare, tool: Wrench, vector_db: Database, data: HardDrive } as const;

/** What kinds of steps are called. */
export const STEP_KIND_NAMES: Readonly<Record<string, string>> = {
  llm: 'Model',
  tool: 'Tool',
  vector_db: 'Vector database',
  data: 'Data',
};

/** The sign of a kind of step: `llm`, `tool`, `vector_db` or `data`. */
export function StepIcon({ kind }: { readonly kind: string }) {
  const Icon = Object.hasOwn(ICONS, kind) ? ICONS[kind as keyof typeof ICONS] : HardDrive;
  return <Icon size={14} role="img" aria-label={STEP_KIND_NAMES[kind] ?? kind} className="quiet" />;
}
