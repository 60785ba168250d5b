import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { answerableTables } from './wire-tables.ts';

const DOC = join(import.meta.dirname, '../../../docs/api.md');

test.each(['request_response_rmt', 'sessions_request_response_rmt', 'users_view'])(
  'the columns of %s are those that the documentation of filters names',
  (name) => {
    const text = readFileSync(DOC, 'utf8');
    const [, rows] = text.slice(text.indexOf(`Columns of \`${name}\``)).split('|---|---|\n');
    const documented = rows!.slice(0, rows!.indexOf('\n\n')).match(/(?<=`)[\w-]+(?=`)/g);
    const table = answerableTables({ users: true }).find(([of]) => of === name)![1];
    const known = table.is === 'columns' ? [...table.columns].filter(([, { is }]) => is === 'column') : [];
    expect(documented!.sort()).toEqual(known.map(([column]) => column).sort());
  },
);
