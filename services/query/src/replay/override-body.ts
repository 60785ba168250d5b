import { type BodyShape, bodyShape } from './body-shape.ts';
import { type EditableObject, isEditable, setMember } from './lossless-json.ts';
import { replaceTexts } from './replace-texts.ts';

/** What a caller wants changed in the requests. */
export interface BodyOverrides {
  readonly model?: string | undefined;
  readonly temperature?: number | null | undefined;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  readonly systemPrompt?: string | undefined;
  readonly replace?: readonly { readonly find: string; readonly replaceWith: string }[] | undefined;
}

/** Whether anything of a body may change. */
export function changesBodies({ model, temperature, body, systemPrompt, replace }: BodyOverrides): boolean {
  return [model, temperature, body, systemPrompt, replace].some((one) => one !== undefined);
}

/**
 * Puts overrides into the body of one request, in place: texts are replaced first, so that what is given whole stays as it
 * was given.
 *
 * @param path that it was recorded with. @returns in how many places a text of `replace` was found.
 */
export function overrideBody(request: EditableObject, path: string, overrides: BodyOverrides): number {
  const { model, temperature, body, systemPrompt, replace = [] } = overrides;
  const shape = bodyShape(path, request);
  const replaced = replaceTexts(request, replace);
  if (systemPrompt !== undefined) setSystem(request, shape, systemPrompt);
  // A model that the path names is not in the body, and some APIs refuse it there.
  if (model !== undefined && ('model' in request || !namesModel(path))) setMember(request, 'model', model);
  if (temperature !== undefined) setTemperature(request, shape, temperature);
  for (const [name, value] of Object.entries(body ?? {})) setOrDelete(request, name, value);
  return replaced;
}

/** The same path with another model, where it names one: `…/models/<name>:verb`, `…/deployments/<name>/…`, `/model/<id>/…`. */
export function overridePath(path: string, model: string | undefined): string {
  if (model === undefined) return path;
  return path.replace(MODEL_IN_PATH, (_, before: string, named: string) => {
    const verb = before === '/models/' ? (/:[a-zA-Z]+$/.exec(named)?.[0] ?? '') : '';
    return `${before}${encodeURIComponent(model)}${verb}`;
  });
}

const MODEL_IN_PATH = /(\/(?:deployments|models|model)\/)([^/?#]+)/;

function namesModel(path: string): boolean {
  return MODEL_IN_PATH.test(path.split('?', 1)[0]!);
}

function setSystem(request: EditableObject, shape: BodyShape, text: string): void {
  switch (shape) {
    case 'messages':
      request.system = text;
      return;
    case 'gemini':
      // Both spellings are taken; two of them would be a mistake.
      request['system_instruction' in request ? 'system_instruction' : 'systemInstruction'] = { parts: [{ text }] };
      return;
    case 'converse':
      request.system = [{ text }];
      return;
    case 'responses': {
      const items = 'instructions' in request || !Array.isArray(request.input) ? [] : request.input;
      if (!setSystemMessage(items, text)) request.instructions = text;
      return;
    }
    case 'chat': {
      const messages: unknown[] = Array.isArray(request.messages) ? request.messages : [];
      if (!setSystemMessage(messages, text)) request.messages = [{ role: 'system', content: text }, ...messages];
      return;
    }
    case 'other':
  }
}

/** The first one; others stay. */
function setSystemMessage(messages: readonly unknown[], text: string): boolean {
  const system = messages.filter(isEditable).find(({ role }) => role === 'system' || role === 'developer');
  if (system) system.content = text;
  return system !== undefined;
}

function setTemperature(request: EditableObject, shape: BodyShape, temperature: number | null): void {
  const holder = TEMPERATURE_IN.get(shape);
  if (holder === undefined) {
    setOrDelete(request, 'temperature', temperature);
    return;
  }
  const known = request[holder];
  const config: EditableObject = isEditable(known) ? known : {};
  setOrDelete(config, 'temperature', temperature);
  if (Object.keys(config).length > 0) request[holder] = config;
}

const TEMPERATURE_IN: ReadonlyMap<BodyShape, string> = new Map([
  ['gemini', 'generationConfig'],
  ['converse', 'inferenceConfig'],
]);

function setOrDelete(object: EditableObject, name: string, value: unknown): void {
  if (value === null) delete object[name];
  else setMember(object, name, value);
}
