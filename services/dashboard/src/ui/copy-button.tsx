import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';

/** How long it says that it has copied, ms. */
const SAID_MS = 1_500;

interface CopyButtonProps {
  readonly text: string | (() => string);
  /** What is copied: "Copy id". */
  readonly label: string;
  /** Shown as a word beside the sign. Left out: the sign alone. */
  readonly word?: string;
  /** In place of the usual sign. */
  readonly icon?: ReactNode;
}

export function CopyButton({ text, label, word, icon: sign = <Copy size={14} aria-hidden /> }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | undefined>();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  };
  const icon = outcome === 'copied' ? <Check size={14} aria-hidden /> : sign;
  const said = outcome === undefined ? label : outcome === 'copied' ? 'Copied' : 'The browser refused';
  return (
    <>
      {word === undefined ? (
        <IconButton label={said} icon={icon} onClick={copy} />
      ) : (
        <Button onClick={copy} aria-label={outcome === 'copied' ? said : label}>
          {icon}
          {outcome === 'copied' ? 'Copied' : word}
        </Button>
      )}
      <span role="status" className="spoken">
        {outcome === undefined ? '' : said}
      </span>
    </>
  );
}
