import { createServer } from 'node:net';
import { UserError } from '../shared/errors.ts';

/**
 * The port to listen on: `port` itself when it is free, any free one for 0. Asked before anything is started, so that
 * a port in use costs no time, and links made on the way up have the right address.
 * Throws UserError as `listenError`.
 */
export function findPort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen({ host, port, exclusive: true }, () => {
      const found = (server.address() as { port: number }).port;
      server.close(() => resolve(found));
    });
  });
}

const MENDED_BY: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `port ${port} of ${host} is in use: stop what listens there, or set PORT to another one (0 takes any that is free)`,
  EACCES: (host, port) => `this user may not listen on port ${port} of ${host}: set PORT to one above 1023`,
  EADDRNOTAVAIL: (host) => `this machine has no address ${host}: set HOST to 127.0.0.1, or to 0.0.0.0 for all it has`,
  ENOTFOUND: (host) => `the host name ${host} is not known: set HOST to 127.0.0.1, or to 0.0.0.0 for all addresses`,
};

/** The error of `listen` in words a person can act on; anything else as it is. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const mend = MENDED_BY[String((error as { code?: unknown }).code)];
  return mend === undefined ? error : new UserError(`Cannot start: ${mend(host, port)}`);
}
