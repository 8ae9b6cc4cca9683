import { compileProgram, HELPERS, parseSource, TEXT, VALUE } from './environment.ts';
import type { Language } from './formatting.ts';
import { RenderError } from './template.ts';

/** Writes a value of a scenario, such as those of a `set` step, by what is known at that moment. */
export interface ValueWriter {
  /**
   * The value: a source that is one tag and nothing else keeps the type of what it reads, and is null when that is
   * missing. Null also when a helper is given what it cannot use.
   */
  value(context: object, language: Language): unknown;
  /** The same as a text: each tag becomes text, written as `encode` writes it; what is missing is empty. */
  text(context: object, language: Language, encode?: (text: string) => string): string;
}

/**
 * Compiles a text of a scenario that has `{{…}}` in it, by the same rules as a message template: helpers, blocks and
 * `[names in brackets]`. Values come from own properties alone (rule S4). A source that is no template stays as it is
 * written: `check` has told of it.
 */
export function compileValue(source: string): ValueWriter {
  const constant: ValueWriter = { value: () => source, text: () => source };
  if (!source.includes('{{')) return constant;
  try {
    const only = soleTag(parseSource(source));
    const write = compileProgram(eachTag(parseSource(source), TEXT));
    const text: ValueWriter['text'] = (context, language, encode) =>
      rendered(() => write(context, { ...language, encode })) ?? '';
    if (only === null) return { text, value: (context, language) => rendered(() => write(context, language)) };
    const path = plainPath(only);
    if (path !== null) return { text, value: (context) => descend(context, path) ?? null };
    const keep = compileProgram(eachTag({ ...parseSource(source), body: [only] }, VALUE));
    return {
      text,
      value: (context, language) => {
        let kept: unknown;
        rendered(() => keep(context, { ...language, keep: (value) => (kept = value) }));
        return kept ?? null;
      },
    };
  } catch {
    return constant;
  }
}

function rendered(render: () => string): string | null {
  try {
    return render();
  } catch (error) {
    // A RangeError is Intl's, of a language that is none.
    if (error instanceof RenderError || error instanceof RangeError) return null;
    throw error;
  }
}

/** The one tag that a source consists of, but for blanks around it. */
function soleTag({ body }: hbs.AST.Program): hbs.AST.MustacheStatement | null {
  const said = body.filter(
    (part) => part.type !== 'ContentStatement' || (part as hbs.AST.ContentStatement).value.trim() !== '',
  );
  return said.length === 1 && said[0]!.type === 'MustacheStatement' ? (said[0] as hbs.AST.MustacheStatement) : null;
}

function plainPath({ path, params, hash }: hbs.AST.MustacheStatement): string[] | null {
  const { type, depth, data, parts, original } = path as hbs.AST.PathExpression;
  if (type !== 'PathExpression' || params.length > 0 || hash !== undefined) return null;
  return depth === 0 && !data && parts.length > 0 && !Object.hasOwn(HELPERS, original) ? parts : null;
}

function descend(root: object, path: readonly string[]): unknown {
  let value: unknown = root;
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** The program with what each tag says given to a helper of ours. */
function eachTag(program: hbs.AST.Program, helper: string): hbs.AST.Program {
  return { ...program, body: program.body.map((statement) => withHelper(statement, helper)) };
}

function withHelper(statement: hbs.AST.Statement, helper: string): hbs.AST.Statement {
  if (statement.type === 'BlockStatement') {
    const block = statement as hbs.AST.BlockStatement;
    const inner = (program: hbs.AST.Program | undefined): hbs.AST.Program | undefined =>
      program && eachTag(program, helper);
    return { ...block, program: inner(block.program), inverse: inner(block.inverse) } as hbs.AST.BlockStatement;
  }
  if (statement.type !== 'MustacheStatement') return statement;
  const tag = statement as hbs.AST.MustacheStatement;
  const called = tag.params.length > 0 || tag.hash !== undefined;
  const said = called ? { ...tag, type: 'SubExpression' } : tag.path;
  const { path } = parseSource(`{{${helper}}}`).body[0] as hbs.AST.MustacheStatement;
  return { ...tag, escaped: false, path, params: [said], hash: undefined } as unknown as hbs.AST.MustacheStatement;
}
