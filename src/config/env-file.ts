import { parseEnv } from 'node:util';
import type { Fault } from '../shared/errors.ts';
import { UserError } from '../shared/errors.ts';
import type { Origin } from './config.ts';

/** Variables of a `.env` file and the line each was written on. */
export interface EnvFile {
  values: Record<string, string>;
  origins: Map<string, Origin>;
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;

/** How the value beginning with `rest` ends: on this line, open to the next ones, or followed by something odd. */
function endOfValue(rest: string): 'closed' | 'open' | 'trailing' {
  const quote = rest[0];
  if (quote !== '"' && quote !== "'" && quote !== '`') return 'closed';
  const end = rest.indexOf(quote, 1);
  if (end === -1) return 'open';
  return /^\s*(#.*)?$/.test(rest.slice(end + 1)) ? 'closed' : 'trailing';
}

/**
 * Reads the text of a `.env` file. Node's own parser passes over what it cannot read, which would start the
 * service with half its settings; so each line is checked first and every bad one is named.
 * Throws UserError with file and line.
 */
export function parseEnvFile(text: string, file: string): EnvFile {
  const faults: Fault[] = [];
  const origins = new Map<string, Origin>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const fault = (index: number, message: string, hint: string): void => {
    faults.push({ code: 'bad-env-line', severity: 'error', message, hint, file, line: index + 1 });
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!;
    if (/^\s*(#.*)?$/.test(line)) continue;
    const match = ASSIGNMENT.exec(line);
    if (match === null) {
      fault(index, `"${shown(line)}" is not a setting`, 'write NAME=value, or # before a comment');
      continue;
    }
    const [, name, rest] = match as unknown as [string, string, string];
    if (origins.has(name)) fault(index, `${name} is set twice`, `remove this line or line ${origins.get(name)!.line}`);
    origins.set(name, { file, line: index + 1 });
    const end = endOfValue(rest);
    if (end === 'trailing')
      fault(index, `${name} has text after its closing quote`, 'put the whole value between quotes');
    if (end === 'open') {
      const close = lines.findIndex((later, at) => at > index && later.includes(rest[0]!));
      if (close === -1) fault(index, `${name} opens a quote that is never closed`, `add ${rest[0]} at its end`);
      else index = close;
    }
  }
  if (faults.length > 0) throw new UserError(`${file} cannot be read`, faults);
  const values = parseEnv(lines.join('\n')) as Record<string, string>;
  return { values, origins };
}

/** A broken line may hold a password: enough is shown to find it. */
function shown(line: string): string {
  const start = line.trim().slice(0, 12);
  return line.trim().length > 12 ? `${start}…` : start;
}
