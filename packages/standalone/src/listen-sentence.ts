/** What a person at the keyboard can do about an address that cannot be listened on. */
export function listenSentence(error: NodeJS.ErrnoException, host: string, port: number): string {
  const place = `${host}:${port}`;
  if (error.code === 'EADDRINUSE') return `${place} is in use: stop what listens there or set PORT to another one.`;
  if (error.code === 'EACCES') return `${place} may not be listened on by this user: set PORT to one above 1023.`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `${host} is no address of this machine: set HOST.`;
  return error.message;
}
