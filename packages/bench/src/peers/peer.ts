import type { ChatTarget } from '../traffic/chat-calls.ts';

/** What is fetched from a registry: a release of another product. */
export interface Release {
  /** As it is named on the command line. */
  readonly name: string;
  readonly version: string;
  /** Programs that have to be on the PATH to install and run it. */
  readonly needs: readonly string[];
  /** Fills an empty folder, which stays where it is. @throws CommandFailed */
  install(folder: string): Promise<void>;
}

/** A server of a release, as it can be started here. */
export interface PeerServer {
  readonly title: string;
  readonly release: Release;
  /** @param folder that the release was installed into. */
  command(folder: string, start: PeerStart): Promise<ServerCommand>;
}

/** One that passes chat completions on: what a user could run in place of our gateway. */
export interface Peer extends PeerServer {
  readonly name: string;
  /** @param upstream origin of the provider. */
  chat(upstream: string): ChatTarget;
}

export interface PeerStart {
  /** Origin of the provider. */
  readonly upstream: string;
  /** To listen on, on loopback. */
  readonly port: number;
  /** Empty; gone after the measurement. */
  readonly dataDir: string;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Path that answers with any status once it serves. */
  readonly health: string;
  /** Makes what it needs before it can be called. */
  readonly prepare?: (origin: string) => Promise<void>;
}
