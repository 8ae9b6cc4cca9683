/** One thing wrong in something a person wrote: where, what, and what to write instead. */
export interface Fault {
  /** Stable, kebab-case; a heading of docs/lint.md for files, part of the problem `type` for HTTP. */
  code: string;
  severity: 'error' | 'warning';
  message: string;
  /** What to write instead. */
  hint?: string;
  /** Path below the document's root: `steps.hello.send.template`, `batch.3.userId`. */
  path?: string;
  file?: string;
  /** 1-based. */
  line?: number;
  column?: number;
}

/** A fault a person can mend: shown without a stack trace. */
export class UserError extends Error {
  readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[] = []) {
    super(message);
    this.name = 'UserError';
    this.faults = faults;
  }
}

/** Asked for what only a publication brings: over HTTP a conflict (409), not a fault of the request. */
export class NothingPublished extends UserError {
  constructor() {
    super('Nothing has been published yet: run `relance apply`');
    this.name = 'NothingPublished';
  }
}

/** `file:line:column  severity code  message (hint)`, the form editors turn into links. */
export function formatFault(fault: Fault): string {
  const place = [fault.file, fault.line, fault.column].filter((part) => part !== undefined).join(':');
  const hint = fault.hint === undefined ? '' : ` — ${fault.hint}`;
  const path = fault.path === undefined || fault.path === '' ? '' : ` (${fault.path})`;
  return `${place === '' ? '' : `${place}  `}${fault.severity} ${fault.code}  ${fault.message}${path}${hint}`;
}
