import { isObject, type JsonObject, textAt } from './json-values.ts';

/** A step that is no call to a model, as it was logged: what it is called, what went in, what came out. */
export interface StepReading {
  readonly name: string;
  /** Its settings, by name, in the order given. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly input: unknown;
  readonly output: unknown;
}

/** @param kind `tool`, `vector_db` or `data`. */
export function readStep(kind: string, request: unknown, response: unknown): StepReading {
  const given: JsonObject = isObject(request) ? request : {};
  if (kind === 'tool') {
    const { _type, toolName, input, ...rest } = given;
    return {
      name: textAt(given, 'toolName', 'name'),
      facts: factsOf(rest),
      input: isObject(request) ? input : request,
      output: outputOf(response),
    };
  }
  if (kind === 'vector_db') {
    const { _type, operation, text, ...rest } = given;
    return {
      name: typeof operation === 'string' ? operation : '',
      facts: factsOf(rest),
      input: text ?? (isObject(request) ? undefined : request),
      output: outputOf(response),
    };
  }
  const { _type, name, ...rest } = given;
  return {
    name: typeof name === 'string' ? name : '',
    facts: [],
    input: Object.keys(rest).length > 0 ? rest : isObject(request) ? undefined : request,
    output: outputOf(response),
  };
}

function factsOf(rest: JsonObject): (readonly [string, string])[] {
  return Object.entries(rest).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    if (Array.isArray(value) && value.length > 8 && value.every((one) => typeof one === 'number')) {
      return [[name, `${value.length} numbers`] as const];
    }
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const];
  });
}

/** What a step gave, without what merely says that it is an answer and that it went well. */
function outputOf(response: unknown): unknown {
  if (!isObject(response)) return response;
  const { _type: type, status = 'success', ...held } = response;
  const [[name, value] = [], ...others] = Object.entries(held);
  const isHeld = name === 'output' || (name === 'data' && type !== undefined);
  return isHeld && others.length === 0 && status === 'success' ? value : response;
}
