/** Where a process that listens on this host and port is reached from its own machine. @param host as it is configured. */
export function ownOrigin(host: string, port: number): string {
  const everywhere = new Map([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
  ]);
  const reached = everywhere.get(host) ?? host;
  return `http://${reached.includes(':') && !reached.startsWith('[') ? `[${reached}]` : reached}:${port}`;
}
