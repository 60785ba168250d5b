/** This machine cannot have a server. The message says which one, and what to install. */
export class ServerUnavailable extends Error {
  override readonly name = 'ServerUnavailable';
  readonly server: ServerName;

  /** @param remedy a sentence: what a person can do about it. */
  constructor(server: ServerName, reason: string, remedy: string, cause?: unknown) {
    super(`${server} cannot be started here: ${reason}. ${remedy}`, { cause });
    this.server = server;
  }
}

/** What tests start; `infra:up` starts the first three. Chromium is a program that serves tests in the same way. */
export type ServerName = 'kafka' | 'redis' | 'clickhouse' | 's3' | 'chromium';
