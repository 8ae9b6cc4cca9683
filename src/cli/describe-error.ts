import { types } from 'node:util';
import { formatFault, UserError } from '../shared/errors.ts';

/** What the operating system's refusals mean to the person who reads them. */
const SYSTEM: Record<string, (error: NodeJS.ErrnoException & { address?: string; port?: number }) => string> = {
  EADDRINUSE: ({ address, port }) =>
    `Port ${port} on ${address} is in use: stop what listens there, or choose another one with PORT`,
  EADDRNOTAVAIL: ({ address }) => `This machine has no address ${address}: correct HOST`,
  EACCES: ({ path, port, address }) =>
    path === undefined
      ? `This account may not listen on port ${port} of ${address}: choose a PORT of 1024 or more`
      : `This account may not use ${path}: change its owner or its permissions`,
  EPERM: ({ path }) => `This account may not change ${path}: change its owner or its permissions`,
  EROFS: ({ path }) => `${path} is on a read-only file system`,
  ENOSPC: ({ path }) => `No space is left on the disk${path === undefined ? '' : ` for ${path}`}`,
};

/**
 * An error as text for the terminal: one line and its faults for what a person can mend; the stack only for what
 * nobody foresaw.
 */
export function describeError(error: unknown): string {
  if (error instanceof UserError) {
    return [
      error.faults.length > 0 ? `${error.message}:` : error.message,
      ...error.faults.map((fault) => `  ${formatFault(fault)}`),
    ].join('\n');
  }
  if (!types.isNativeError(error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const described = code === undefined ? undefined : SYSTEM[code]?.(error);
  return described ?? error.stack ?? error.message;
}
