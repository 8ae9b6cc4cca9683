import { distance } from 'fastest-levenshtein';
import { RESERVED_TRAITS } from '../contacts/index.ts';
import type { Fault } from '../shared/errors.ts';
import type { HelperForm } from './environment.ts';
import { BLOCKS, HELPERS, parseSource } from './environment.ts';
import { DATE_FORMATS } from './formatting.ts';

/** What a template may name first, and what is below it where that is fixed. */
const ROOTS: Readonly<Record<string, readonly string[] | null>> = {
  contact: null,
  event: null,
  enrollment: ['id', 'scenario', 'enteredAt'],
  data: null,
  links: ['unsubscribe', 'preferences', 'webview', 'confirm'],
  sender: ['name', 'email', 'replyTo', 'sms', 'stop', 'address'],
};
const RESERVED_CONTACT: readonly string[] = ['id', 'userId', ...RESERVED_TRAITS];
/** There for every contact, so that they need no `default`. */
const ALWAYS = /^(contact\.(id|createdAt)|event\.(name|at)|enrollment\.|data\.|links\.|sender\.)/;

/** Where a source stands in its file: for a text inside meta.yaml that is not the first line. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** What a source was found to use. */
export interface Inspection {
  faults: Fault[];
  /** Dotted paths from the root, such as `contact.firstName`. */
  variables: Set<string>;
}

const nearest = (name: string, known: readonly string[]): string =>
  known.reduce((best, next) => (distance(name, next) < distance(name, best) ? next : best));

class Inspector {
  readonly faults: Fault[] = [];
  readonly variables = new Set<string>();
  private readonly source: string;
  private readonly place: Place;
  private readonly html: boolean;

  constructor(source: string, place: Place, html: boolean) {
    this.source = source;
    this.place = place;
    this.html = html;
  }

  fault(
    severity: Fault['severity'],
    code: string,
    at: { line: number; column: number },
    message: string,
    hint?: string,
  ): void {
    const line = this.place.line + at.line - 1;
    const column = at.line === 1 ? this.place.column + at.column : at.column + 1;
    this.faults.push({ code, severity, message, hint, file: this.place.file, line, column });
  }

  run(): void {
    const raw = this.source.indexOf('{{{{');
    if (raw >= 0) {
      const before = this.source.slice(0, raw).split('\n');
      const at = { line: before.length, column: before.at(-1)!.length };
      this.fault('error', 'template-raw-block', at, 'raw blocks {{{{…}}}} are not allowed', 'write {{…}}');
      return;
    }
    let program: hbs.AST.Program;
    try {
      program = parseSource(this.source);
    } catch (error) {
      this.syntaxFault(error as Error & { lineNumber?: number; column?: number });
      return;
    }
    this.program(program, new Set(), true);
  }

  /** Handlebars' own messages name the line in three ways; the tokens it expected are of no use to a person. */
  private syntaxFault(error: Error & { lineNumber?: number; column?: number }): void {
    const line = error.lineNumber ?? Number(/line (\d+)/.exec(error.message)?.[1] ?? 1);
    const pointer = /^(-*)\^/m.exec(error.message);
    const shown = pointer ? error.message.split('\n')[1] : undefined;
    const text = this.source.split('\n')[line - 1] ?? '';
    const start = shown === undefined ? 0 : Math.max(0, text.indexOf(shown.replace(/^\.\.\./, '').slice(0, 12)));
    const column =
      error.column ?? start + Math.max(0, (pointer?.[1]?.length ?? 0) - (shown?.startsWith('...') ? 3 : 0));
    const first = error.message.split('\n')[0]!;
    const expecting = /got '(\w+)'/.exec(error.message)?.[1];
    const message = /doesn't match/.test(error.message)
      ? `${/[\w.]+ doesn't match [\w.]+/.exec(error.message)?.[0] ?? 'a block'}: a block is closed by another's name`
      : expecting === 'EOF'
        ? 'a block is opened and never closed'
        : /^Parse error|^Lexical error/.test(first)
          ? `this is not a tag that can be read${expecting === undefined ? '' : ` (unexpected ${expecting.toLowerCase().replaceAll('_', ' ')})`}`
          : first;
    this.fault(
      'error',
      'template-syntax',
      { line, column },
      message,
      'tags are {{name}}, {{helper value}} and {{#if value}}…{{/if}}',
    );
  }

  /** `guarded`: variables known to be there; `atRoot`: names stand for the roots, not for fields of an item. */
  private program(program: hbs.AST.Program | undefined, guarded: ReadonlySet<string>, atRoot: boolean): void {
    for (const statement of program?.body ?? []) this.statement(statement, guarded, atRoot);
  }

  private statement(statement: hbs.AST.Statement, guarded: ReadonlySet<string>, atRoot: boolean): void {
    switch (statement.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return;
      case 'MustacheStatement':
        return this.mustache(statement as hbs.AST.MustacheStatement, guarded, atRoot);
      case 'BlockStatement':
        return this.block(statement as hbs.AST.BlockStatement, guarded, atRoot);
      default:
        this.fault(
          'error',
          'template-partial',
          statement.loc.start,
          'partials and decorators are not allowed: a template is whole by itself',
          'write the text here',
        );
    }
  }

  private mustache(tag: hbs.AST.MustacheStatement, guarded: ReadonlySet<string>, atRoot: boolean): void {
    if (this.html && !tag.escaped) {
      const name = (tag.path as hbs.AST.PathExpression).original;
      const message = `{{{${name}}}} writes a value as HTML without escaping it: whoever fills the value can change the mail`;
      this.fault('warning', 'template-unescaped', tag.loc.start, message, `write {{${name}}}`);
    }
    this.expression(tag, guarded, atRoot, false);
  }

  private block(block: hbs.AST.BlockStatement, guarded: ReadonlySet<string>, atRoot: boolean): void {
    const name = block.path.original;
    const form = Object.hasOwn(BLOCKS, name) ? BLOCKS[name] : undefined;
    if (form === undefined) {
      const hint = Object.hasOwn(HELPERS, name)
        ? `write {{#if (${name} …)}}…{{/if}}`
        : 'blocks are if, unless, each and with';
      this.fault('error', 'template-unknown-block', block.loc.start, `{{#${name}}} is not a block`, hint);
      return;
    }
    this.arguments(name, form, block);
    for (const parameter of block.params) this.parameter(parameter, guarded, atRoot, true);
    const present = new Set([...guarded, ...block.params.flatMap((parameter) => this.pathsOf(parameter, atRoot))]);
    const inside = atRoot && name !== 'each' && name !== 'with';
    this.program(block.program, name === 'unless' ? guarded : present, inside);
    this.program(block.inverse, name === 'unless' ? present : guarded, atRoot);
  }

  private pathsOf(expression: hbs.AST.Expression, atRoot: boolean): string[] {
    if (expression.type === 'SubExpression') {
      const { path, params } = expression as hbs.AST.SubExpression;
      return path.original === 'eq' ? params.flatMap((inner) => this.pathsOf(inner, atRoot)) : [];
    }
    if (expression.type !== 'PathExpression') return [];
    const variable = rootedPath(expression as hbs.AST.PathExpression, atRoot);
    return variable === null ? [] : [variable.join('.')];
  }

  /** A tag or a sub-expression: a helper with its arguments, or a variable alone. */
  private expression(
    call: hbs.AST.MustacheStatement | hbs.AST.SubExpression,
    guarded: ReadonlySet<string>,
    atRoot: boolean,
    optional: boolean,
  ): void {
    if (call.path.type !== 'PathExpression') return;
    const path = call.path as hbs.AST.PathExpression;
    const name = path.original;
    const form = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
    if (form === undefined) {
      if (call.type === 'MustacheStatement' && call.params.length === 0 && call.hash === undefined) {
        return this.variable(path, guarded, atRoot, optional);
      }
      const hint = `did you mean ${nearest(name, Object.keys(HELPERS))}? helpers are ${Object.keys(HELPERS).join(', ')}`;
      return this.fault('error', 'template-unknown-helper', call.loc.start, `there is no helper "${name}"`, hint);
    }
    this.arguments(name, form, call);
    const tolerant = optional || name === 'default' || name === 'eq';
    for (const parameter of call.params) this.parameter(parameter, guarded, atRoot, tolerant);
    for (const pair of call.hash?.pairs ?? []) this.parameter(pair.value, guarded, atRoot, tolerant);
  }

  private arguments(
    name: string,
    form: HelperForm,
    call: hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression,
  ): void {
    const [fewest, most] = form.arity;
    const keys = (call.hash?.pairs ?? []).map((pair) => pair.key);
    const unknown = keys.find((key) => !form.options.includes(key));
    const wrong =
      call.params.length < fewest || call.params.length > most
        ? `${name} takes ${fewest === most ? fewest : `${fewest} or ${most}`} ${most === 1 ? 'value' : 'values'}, not ${call.params.length}`
        : unknown !== undefined
          ? `${name} has no option "${unknown}"`
          : name === 'plural' && !keys.includes('other')
            ? 'plural needs other="…": the form of every count that has none of its own'
            : undefined;
    if (wrong !== undefined)
      this.fault('error', 'template-helper-arguments', call.loc.start, wrong, `write ${form.usage}`);
    const format = call.params[1] as hbs.AST.StringLiteral | undefined;
    if (
      name === 'date' &&
      format?.type === 'StringLiteral' &&
      !(DATE_FORMATS as readonly string[]).includes(format.value)
    ) {
      const message = `date has no format "${format.value}"`;
      this.fault(
        'error',
        'template-helper-arguments',
        format.loc.start,
        message,
        `formats are ${DATE_FORMATS.join(', ')}`,
      );
    }
  }

  private parameter(
    parameter: hbs.AST.Expression,
    guarded: ReadonlySet<string>,
    atRoot: boolean,
    optional: boolean,
  ): void {
    if (parameter.type === 'SubExpression')
      this.expression(parameter as hbs.AST.SubExpression, guarded, atRoot, optional);
    else if (parameter.type === 'PathExpression')
      this.variable(parameter as hbs.AST.PathExpression, guarded, atRoot, optional);
  }

  private variable(
    path: hbs.AST.PathExpression,
    guarded: ReadonlySet<string>,
    atRoot: boolean,
    optional: boolean,
  ): void {
    const parts = rootedPath(path, atRoot);
    if (parts === null) {
      const [first, second] = path.parts;
      if (path.data || path.depth > 0 || second === undefined || !Object.hasOwn(ROOTS, first!)) return;
      const message = `inside {{#each}} and {{#with}} names are those of the item: ${path.original} is not found`;
      return this.fault(
        'warning',
        'template-unknown-variable',
        path.loc.start,
        message,
        `write @root.${path.original}`,
      );
    }
    const [root, field] = parts as [string, string | undefined];
    const name = parts.join('.');
    if (!Object.hasOwn(ROOTS, root)) {
      const hint = RESERVED_CONTACT.includes(root)
        ? `write contact.${root}`
        : `names begin with ${Object.keys(ROOTS).join(', ')}; did you mean ${nearest(root, Object.keys(ROOTS))}?`;
      return this.fault('error', 'template-unknown-variable', path.loc.start, `there is no "${name}"`, hint);
    }
    const fields = ROOTS[root];
    if (fields && field !== undefined && !fields.includes(field)) {
      const hint = `did you mean ${root}.${nearest(field, fields)}? there are ${fields.join(', ')}`;
      return this.fault('error', 'template-unknown-variable', path.loc.start, `there is no "${name}"`, hint);
    }
    this.variables.add(name);
    const surely = optional || field === undefined || guarded.has(name) || ALWAYS.test(name);
    if (!surely) {
      const hint = `write {{default ${name} "…"}}, or put it inside {{#if ${name}}}…{{/if}}`;
      this.fault(
        'warning',
        'template-variable-needs-default',
        path.loc.start,
        `a contact may have no ${name}: nothing would stand here`,
        hint,
      );
    }
  }
}

/** The parts of a path from the root; null for a field of an item, `this`, `@index` and the like. */
function rootedPath(path: hbs.AST.PathExpression, atRoot: boolean): string[] | null {
  const parts = path.parts;
  if (path.data) return parts[0] === 'root' && parts.length > 1 ? parts.slice(1) : null;
  if (!atRoot || path.depth > 0 || parts.length === 0) return null;
  return parts;
}

/** Reads one Handlebars source and tells every fault in it, and the variables it uses. Pure: nothing is rendered. */
export function inspectSource(source: string, place: Place, html: boolean): Inspection {
  const inspector = new Inspector(source, place, html);
  inspector.run();
  return { faults: inspector.faults, variables: inspector.variables };
}
