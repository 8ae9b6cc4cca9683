import type { Fault } from '../../src/shared/errors.ts';
import type { CompiledTemplate, RenderData, TemplateFolder } from '../../src/templates/index.ts';
import { checkTemplate, compileTemplate, sampleData } from '../../src/templates/index.ts';

/** A mail's MJML around the content of one column. */
export const mjml = (content: string): string =>
  `<mjml><mj-body><mj-section><mj-column>\n${content}\n</mj-column></mj-section></mj-body></mjml>`;

export const folder = (files: TemplateFolder['files']): TemplateFolder => ({ id: 'hello', files });

export const mail = (content: string, files: TemplateFolder['files'] = {}): TemplateFolder =>
  folder({ 'email.mjml.hbs': mjml(`<mj-text>${content}</mj-text>`), 'meta.yaml': 'subject: Hello', ...files });

export const compile = (template: TemplateFolder): Promise<CompiledTemplate> => compileTemplate(template);

/** The sample data with other values in it. */
export const data = (overrides: Partial<RenderData> = {}): RenderData => ({ ...sampleData({}), ...overrides });

/** Faults as `file:line:column code`. */
export const places = (faults: readonly Fault[]): string[] =>
  faults.map(
    ({ file, line, column, code }) => `${[file, line, column].filter((part) => part !== undefined).join(':')} ${code}`,
  );

export const faultsOf = async (template: TemplateFolder): Promise<Fault[]> => (await checkTemplate(template)).faults;
