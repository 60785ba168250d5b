import { parseObject } from './json-object.ts';

/**
 * The type of a stream event: its `event:` field, else the `type` of its data, which servers that leave the field out
 * write first.
 */
export function eventType(name: string, data: string): string {
  if (name !== '' && name !== 'message') return name;
  const type = LEADING_TYPE.exec(data)?.[1] ?? parseObject(data)?.type;
  return typeof type === 'string' ? type : '';
}

const LEADING_TYPE = /^\s*\{\s*"type"\s*:\s*"([^"\\]*)"/;
