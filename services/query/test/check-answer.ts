import { errorAnswer, invalidBodyAnswer } from '@throughline/contracts/api/error-answer';
import { ERRORS, type ErrorCode } from '@throughline/contracts/errors';
import type { z } from 'zod';
import { routeErrors } from '../src/openapi/route-errors.ts';
import type { QueryDeps } from '../src/query-deps.ts';
import { queryRoutes } from '../src/query-router.ts';

const routes = queryRoutes({ config: {} } as QueryDeps).map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`),
}));

/**
 * Hold an answer against what the OpenAPI document says of its endpoint: the status, every field, and of an error that it
 * is one of those that are named. Throws where it was said otherwise.
 */
export function checkAnswer(method: string, path: string, status: number, json: unknown): void {
  const pathname = path.split('?', 1)[0]!;
  const found = routes.find(({ route, pattern }) => route.method === method.toLowerCase() && pattern.test(pathname));
  if (!found) return;
  const { route } = found;
  const name = `${route.method} ${route.path}`;
  if (status === 202 && route.doc.accepted) {
    hold(route.doc.accepted, json, name);
    return;
  }
  if (status < 400) {
    const said = route.doc.status ?? 200;
    if (status !== said) throw new Error(`${name} answered ${status}, and its status is said to be ${said}`);
    hold(route.doc.answer, json, name);
    return;
  }
  const codes = routeErrors(route).filter((code) => ERRORS[code].status === status);
  hold(status === 422 ? invalidBodyAnswer : errorAnswer, json, `${name}, status ${status}`);
  const { error, message } = json as { error?: string; message?: string };
  if (!codes.some((code) => isSentenceOf(code, error ?? message ?? ''))) {
    throw new Error(
      `${name} answered ${status} "${error ?? message}", which is none of its errors: ${codes.join(', ')}`,
    );
  }
}

function hold(schema: z.ZodType, json: unknown, name: string): void {
  const { error } = schema.safeParse(json);
  if (!error) return;
  const first = error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The answer of ${name} is not what its schema says: ${first.join('; ')}`);
}

/** Whether a text is a sentence of the catalogue with something in its gaps. */
function isSentenceOf(code: ErrorCode, text: string): boolean {
  const parts = ERRORS[code].sentence.split(/\{\w+\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(text);
}
