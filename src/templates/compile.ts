import type { Channel } from '../shared/channel.ts';
import type { Fault } from '../shared/errors.ts';
import { UserError } from '../shared/errors.ts';
import type { Manner, Writer } from './environment.ts';
import { compileParts, isWhole } from './environment.ts';
import type { LinkRewriter } from './links.ts';
import { markHtmlLinks, markTextLinks } from './links.ts';
import { tidyText } from './plain-text.ts';
import { inspectFiles } from './sources.ts';
import type { CompiledTemplate, RenderData, Rendered, RenderedEmail, RenderedSms, TemplateFolder } from './template.ts';
import { RenderError } from './template.ts';
import type { VariantSources } from './variant.ts';
import { buildVariant, openWorkshop } from './variant.ts';
import { canonicalLocale, channelsOf, foldersFor, localesOf } from './variants.ts';

/** A line break in a header starts another header; no control character belongs into one. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim();

interface Variant {
  locale: string | null;
  language: string;
  /** Writes subject, HTML and text. */
  email: Writer | null;
  from: string | null;
  /** Writes the text. */
  sms: Writer | null;
}

/** Compiles a variant's sources; throws what Handlebars says of them. */
export function compileVariant(sources: VariantSources): Variant {
  const { email, sms, folder, language, meta } = sources;
  return {
    locale: folder === '' ? null : folder,
    language,
    email:
      email &&
      compileParts([
        { source: email.subject, escape: false },
        { source: markHtmlLinks(email.html, isWhole), escape: true },
        { source: markTextLinks(email.text, isWhole), escape: false },
      ]),
    from: meta.from ?? null,
    sms: sms === null ? null : compileParts([{ source: sms, escape: false }]),
  };
}

/** A contact's own spelling of the variant's language (`en-GB` for `en`), else the variant's. */
function languageOf(variant: Variant, locale: string | null): string {
  const own = locale === null ? null : canonicalLocale(locale);
  return own !== null && own.split('-')[0] === variant.language.split('-')[0] ? own : variant.language;
}

/** Renders by one compiled variant. */
export function renderVariant(
  variant: Variant,
  channel: Channel,
  data: RenderData,
  locale: string | null,
  rewriter?: LinkRewriter,
): RenderedEmail | RenderedSms {
  const zone = data.timezone ?? data.contact.timezone;
  const timezone = typeof zone === 'string' ? zone : 'UTC';
  const manner: Manner = { locale: locale ?? variant.language, timezone, rewriter };
  try {
    if (channel === 'sms') {
      if (variant.sms === null) throw new RenderError('there is no sms.txt.hbs');
      const [text] = variant.sms(data, manner) as [string];
      return { channel, text: tidyText(text), locale: variant.locale };
    }
    if (variant.email === null) throw new RenderError('there is no email.mjml.hbs or email.html.hbs');
    const [subject, html, text] = variant.email(data, manner) as [string, string, string];
    return {
      channel,
      subject: oneLine(subject),
      html,
      text: tidyText(text),
      from: variant.from,
      locale: variant.locale,
    };
  } catch (error) {
    if (error instanceof RenderError) throw error;
    throw new RenderError((error as Error).message);
  }
}

class Compiled implements CompiledTemplate {
  readonly id: string;
  readonly channels: readonly Channel[];
  private readonly variants: ReadonlyMap<string, Variant>;
  private readonly folders: readonly string[];
  /** A locale's variant and language: there are few locales, and finding one costs more than rendering a text. */
  private readonly chosen = new Map<string | null, { variant: Variant; language: string }>();

  constructor(folder: TemplateFolder, variants: ReadonlyMap<string, Variant>) {
    this.id = folder.id;
    this.channels = channelsOf(folder.files);
    this.variants = variants;
    this.folders = localesOf(folder.files);
  }

  render<C extends Channel>(channel: C, data: RenderData, locale: string | null, rewriter?: LinkRewriter): Rendered<C> {
    const { variant, language } = this.choose(locale);
    return renderVariant(variant, channel, data, language, rewriter) as Rendered<C>;
  }

  private choose(locale: string | null): { variant: Variant; language: string } {
    const known = this.chosen.get(locale);
    if (known !== undefined) return known;
    const variant = this.variants.get(foldersFor(locale, this.folders)[0]!)!;
    const fresh = { variant, language: languageOf(variant, locale) };
    // Locales come from outside: no more of them are kept than exist.
    if (this.chosen.size < 1000) this.chosen.set(locale, fresh);
    return fresh;
  }
}

/** Compiles one version of a template. Throws `UserError` with every fault that makes it unusable. */
export async function compileTemplate(folder: TemplateFolder): Promise<CompiledTemplate> {
  const workshop = openWorkshop(folder);
  const folders = localesOf(folder.files);
  const variants = new Map<string, Variant>();
  const isError = (fault: Fault): boolean => fault.severity === 'error';
  const faults = inspectFiles(workshop).faults.filter(isError);
  if (faults.length > 0) throw new UserError(`The template ${folder.id} cannot be used`, faults);
  for (const name of ['', ...folders]) {
    const sources = await buildVariant(workshop, name === '' ? [''] : foldersFor(name, folders));
    faults.push(...sources.faults.filter(isError));
    try {
      variants.set(name, compileVariant(sources));
    } catch (error) {
      const message = (error as Error).message.split('\n')[0]!;
      faults.push({ code: 'template-syntax', severity: 'error', message, file: `${folder.id}/${name}` });
    }
  }
  if (faults.length > 0) throw new UserError(`The template ${folder.id} cannot be used`, faults);
  return new Compiled(folder, variants);
}
