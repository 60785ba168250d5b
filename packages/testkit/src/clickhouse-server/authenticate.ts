import type { IncomingHttpHeaders } from 'node:http';
import { ServerException } from './exception.ts';
import type { RequestParams } from './read-request.ts';

export interface ServerUser {
  readonly user: string;
  readonly password: string;
}

/**
 * Lets the one user in, by headers of ClickHouse's own, HTTP's basic ones, or the query string: one of them, never two.
 *
 * @throws ServerException with the code and words of a server.
 */
export function authenticate(headers: IncomingHttpHeaders, params: RequestParams, expected: ServerUser): void {
  const given = credentialsOf(headers, params);
  if (given.user === expected.user && given.password === expected.password) return;
  throw refused(`${given.user}: Authentication failed: password is incorrect, or there is no user with such name.`);
}

function credentialsOf(headers: IncomingHttpHeaders, { user, password }: RequestParams): ServerUser {
  const own = { user: headers['x-clickhouse-user'], password: headers['x-clickhouse-key'] };
  const hasOwn = Boolean(own.user || own.password);
  const inQuery = user !== undefined || password !== undefined;
  if (Number(hasOwn) + Number(Boolean(headers.authorization)) + Number(inQuery) > 1) {
    throw refused('Invalid authentication: it is not allowed to use two ways of authentication simultaneously.');
  }
  if (hasOwn) return { user: String(own.user ?? ''), password: String(own.password ?? '') };
  if (headers.authorization) return basicCredentials(headers.authorization);
  return { user: user ?? 'default', password: password ?? '' };
}

function basicCredentials(header: string): ServerUser {
  const match = /^Basic ([A-Za-z0-9+/=]*)$/i.exec(header);
  if (!match) throw refused('Invalid authentication: only the Basic HTTP Authorization scheme is supported.');
  const [user = '', ...password] = Buffer.from(match[1]!, 'base64').toString('utf8').split(':');
  return { user, password: password.join(':') };
}

function refused(message: string): ServerException {
  return new ServerException(516, 'AUTHENTICATION_FAILED', message);
}
