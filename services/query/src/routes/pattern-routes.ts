import { sessionContrastAnswer } from '@throughline/contracts/api/contrast-answer';
import { sessionFlowAnswer, sessionPathsAnswer } from '@throughline/contracts/api/flow-answer';
import { sessionFunnelAnswer } from '@throughline/contracts/api/funnel-answer';
import {
  sessionContrastBody,
  sessionFlowBody,
  sessionFunnelBody,
  sessionPathBody,
} from '@throughline/contracts/api/patterns-query';
import type { ErrorCode } from '@throughline/contracts/errors';
import { parseBody } from '../parse-body.ts';
import { readContrast } from '../queries/patterns/session-contrast.ts';
import { readFlow } from '../queries/patterns/session-flow.ts';
import { readFunnel } from '../queries/patterns/session-funnel.ts';
import { readPaths } from '../queries/patterns/session-paths.ts';
import type { QueryDeps } from '../query-deps.ts';
import { readSelection } from '../read-selection.ts';
import type { Route } from '../route.ts';

/** What many sessions do alike, and what some do otherwise: read from what is kept of each session, not from requests. */
export function patternRoutes(deps: QueryDeps): Route[] {
  return [
    {
      method: 'post',
      path: '/v1/session/flow/query',
      access: 'read',
      doc: {
        summary: 'From which step to which the selected sessions go, position by position',
        body: sessionFlowBody,
        query: null,
        answer: sessionFlowAnswer,
        errors: SELECTION_ERRORS,
      },
      handle: async ({ key, body: given, analytics }) => {
        const body = parseBody(sessionFlowBody, given);
        const data = await readFlow(analytics, readSelection(key, body, deps), body);
        return { data, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/session/path/query',
      access: 'read',
      doc: {
        summary: 'What each path comes to in the selected sessions: the dearest, the slowest, those that fail',
        body: sessionPathBody,
        query: null,
        answer: sessionPathsAnswer,
        errors: SELECTION_ERRORS,
      },
      handle: async ({ key, body: given, analytics }) => {
        const body = parseBody(sessionPathBody, given);
        const data = await readPaths(analytics, readSelection(key, body, deps), body);
        return { data, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/session/funnel/query',
      access: 'read',
      doc: {
        summary: 'How many of the selected sessions take some steps in order, and after which they stop',
        body: sessionFunnelBody,
        query: null,
        answer: sessionFunnelAnswer,
        errors: SELECTION_ERRORS,
      },
      handle: async ({ key, body: given, analytics }) => {
        const body = parseBody(sessionFunnelBody, given);
        const data = await readFunnel(analytics, readSelection(key, body, deps), body);
        return { data, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/session/contrast/query',
      access: 'read',
      doc: {
        summary: 'In what two groups of sessions differ, and by how much',
        body: sessionContrastBody,
        query: null,
        answer: sessionContrastAnswer,
        errors: SELECTION_ERRORS,
      },
      handle: async ({ key, body: given, analytics }) => {
        const body = parseBody(sessionContrastBody, given);
        const select = (asked: Parameters<typeof readSelection>[1]) => readSelection(key, asked, deps);
        const data = await readContrast(analytics, select, body);
        return { data, from: 'snapshots' };
      },
    },
  ];
}

const SELECTION_ERRORS: readonly ErrorCode[] = ['unsupported-filter'];
