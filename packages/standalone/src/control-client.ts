import http from 'node:http';

/** The running process could not do what it was asked; the message is its own. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

/**
 * Ask the process that runs on a data directory.
 *
 * @returns undefined when none runs there.
 * @throws ControlError with the process's own sentence when it cannot.
 */
export function askRunningProcess<T>(socket: string, method: 'GET' | 'POST', path: string): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath: socket, method, path }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const value = JSON.parse(text) as T & { error?: string };
        if (response.statusCode === 200) resolve(value);
        else reject(new ControlError(value.error));
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(error);
    });
    request.end();
  });
}
