import type { Fault } from '../shared/errors.ts';
import type { ReadMeta } from './meta.ts';
import { readMeta } from './meta.ts';
import type { Meta } from './meta.schema.ts';
import { compileMjml } from './mjml.ts';
import { plainTextSource } from './plain-text.ts';
import { escapeAroundTags } from './tags.ts';
import type { TemplateFolder } from './template.ts';
import { canonicalLocale, variantPaths } from './variants.ts';

/** The Handlebars sources of one locale's variant, ready to compile. */
export interface VariantSources {
  /** Folder as written; empty for the files at the top. */
  folder: string;
  /** BCP 47: whose rules numbers and dates follow. */
  language: string;
  meta: Meta;
  email: { subject: string; html: string; text: string } | null;
  sms: string | null;
  /** False when a meta.yaml of it has faults. */
  metaReadable: boolean;
  faults: Fault[];
}

/** What several variants of a template share is made once. */
export interface Workshop {
  readonly folder: TemplateFolder;
  readonly metas: Map<string, ReadMeta>;
  readonly html: Map<string, Promise<{ html: string; faults: Fault[] }>>;
}

/** Path as faults name it: `templates/<id>/<path>` below the templates folder. */
export function faultPath(folder: TemplateFolder, path: string): string {
  return `${folder.id}/${path}`;
}

export function openWorkshop(folder: TemplateFolder): Workshop {
  const metas = new Map<string, ReadMeta>();
  for (const [path, source] of Object.entries(folder.files)) {
    if (path === 'meta.yaml' || path.endsWith('/meta.yaml')) metas.set(path, readMeta(source, faultPath(folder, path)));
  }
  return { folder, metas, html: new Map() };
}

/** Mailboxes fill the line beside the subject with the start of the mail unless something invisible takes the room. */
const PADDING = '&#847;&zwnj;&nbsp;'.repeat(40);

function withPreheader(html: string, preheader: string): string {
  const hidden = `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeAroundTags(preheader)}${PADDING}</div>`;
  const body = /<body\b(?:"[^"]*"|'[^']*'|[^>"'])*>/i.exec(html);
  if (!body) return hidden + html;
  const end = body.index + body[0].length;
  return html.slice(0, end) + hidden + html.slice(end);
}

const EMPTY_META: Meta = {};

/** Makes the sources of the variant whose folders are `chain`, nearest first. */
export async function buildVariant(workshop: Workshop, chain: readonly string[]): Promise<VariantSources> {
  const { folder, metas } = workshop;
  const paths = variantPaths(folder.files, chain);
  const meta = paths.meta
    .map((path) => metas.get(path)?.meta ?? EMPTY_META)
    .reduceRight((far, near) => ({ ...far, ...near }), EMPTY_META);
  const metaReadable = paths.meta.every((path) => metas.get(path)?.readable !== false);
  const own = chain[0]!;
  const language = (own === '' ? null : canonicalLocale(own)) ?? meta.locale ?? 'en';
  const variant: VariantSources = { folder: own, language, meta, email: null, sms: null, metaReadable, faults: [] };
  if (paths.sms !== null) variant.sms = folder.files[paths.sms]!;
  if (paths.html === null) return variant;

  const path = paths.html;
  const source = folder.files[path]!;
  const stated = own !== '' || meta.locale !== undefined ? language : null;
  let html = source;
  if (path.endsWith('.mjml.hbs')) {
    const key = `${stated} ${path}`;
    const made = workshop.html.get(key) ?? compileMjml(source, faultPath(folder, path), stated);
    workshop.html.set(key, made);
    const compiled = await made;
    html = compiled.html;
    variant.faults.push(...compiled.faults);
  }
  const text = paths.text === null ? plainTextSource(html) : folder.files[paths.text]!;
  const preheader = (meta.preheader ?? '').replace(/\s+/g, ' ').trim();
  variant.email = { subject: meta.subject ?? '', html: preheader === '' ? html : withPreheader(html, preheader), text };
  return variant;
}
