import { UserError } from '../../shared/errors.ts';

export type DocumentKind = 'scenario' | 'policy' | 'template';

/** A published document; `id` of the policy is `policy`. */
export interface DocumentName {
  kind: DocumentKind;
  id: string;
}

/** One version of a published document. */
export interface VersionReference extends DocumentName {
  version: number;
}

const FORM = /^(?:(scenario|template):)?([a-z0-9]+(?:-[a-z0-9]+)*)(?:@([1-9]\d{0,8}))?$/;

/** `welcome`, `policy` or `template:welcome-hello`; a scenario that is called policy is `scenario:policy`. */
export function parseName(text: string): DocumentName {
  const read = parse(text);
  if (read === null || read.version !== undefined)
    throw new UserError(`${text} is no name: write welcome, policy or template:welcome-hello`);
  return { kind: read.kind, id: read.id };
}

/** A name with a version, `welcome@3`. Throws UserError when it is none. */
export function parseReference(text: string): VersionReference {
  const read = parse(text);
  if (read?.version === undefined)
    throw new UserError(`${text} is no version: write welcome@3, policy@2 or template:welcome-hello@1`);
  return { kind: read.kind, id: read.id, version: read.version };
}

/** True for what is meant as a version and not as a path. */
export function isReference(text: string): boolean {
  return parse(text)?.version !== undefined;
}

/** As it is written on the command line. */
export function formatName({ kind, id }: DocumentName): string {
  if (kind === 'template') return `template:${id}`;
  return kind === 'scenario' && id === 'policy' ? 'scenario:policy' : id;
}

function parse(text: string): (DocumentName & { version: number | undefined }) | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [, prefix, id = '', version] = match;
  const kind = (prefix as DocumentKind | undefined) ?? (id === 'policy' ? 'policy' : 'scenario');
  return { kind, id, version: version === undefined ? undefined : Number(version) };
}
