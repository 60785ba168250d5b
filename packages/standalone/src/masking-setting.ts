import { readFileSync } from 'node:fs';
import { MASKED_FIELDS, type MaskingRules, masksOf } from '@throughline/masking/masking-rules';
import { z } from 'zod';

const schema = z.strictObject({
  emails: z.boolean().optional(),
  cards: z.boolean().optional(),
  keys: z.boolean().optional(),
  literals: z.array(z.string()).optional(),
  paths: z.array(z.string()).optional(),
  leave: z.array(z.enum(MASKED_FIELDS)).optional(),
});

/** `''`, or what is masked: JSON, or the path of a file with it. What it says is in no message: literals are secrets. */
export const maskingRules = z.string().transform((value, context): MaskingRules | undefined => {
  if (value === '') return undefined;
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  let text = value;
  if (!value.trimStart().startsWith('{')) {
    try {
      text = readFileSync(value, 'utf8');
    } catch (error) {
      return refuse(`is neither JSON nor a file that can be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const { path, code } = parsed.error.issues[0]!;
    const where = path.length === 0 ? '' : `${path.join('.')} `;
    return refuse(
      code === 'unrecognized_keys'
        ? `has a rule that there is none of: ${RULES}`
        : `${where}is not as it must be: ${RULES}`,
    );
  }
  try {
    return masksOf(parsed.data);
  } catch (error) {
    return refuse((error as Error).message);
  }
});

const RULES =
  'emails, cards and keys are true or false, literals and paths lists of texts, leave a list of ' +
  `${MASKED_FIELDS.join(', ')}`;
