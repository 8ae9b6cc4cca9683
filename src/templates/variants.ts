import type { Channel } from '../shared/channel.ts';
import type { TemplateFolder } from './template.ts';

/** The files a template may have, at its top and in each locale folder. */
export const FILE_NAMES = ['email.mjml.hbs', 'email.html.hbs', 'email.txt.hbs', 'sms.txt.hbs', 'meta.yaml'] as const;
export type FileName = (typeof FILE_NAMES)[number];

/** Splits `fr/email.mjml.hbs` into the folder and the file name; the folder is empty at the top. */
export function splitPath(path: string): { locale: string; name: string } {
  const slash = path.lastIndexOf('/');
  return { locale: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1) };
}

/** Locale folders of a template, as written, sorted. */
export function localesOf(files: TemplateFolder['files']): string[] {
  const folders = new Set(Object.keys(files).map((path) => splitPath(path).locale));
  folders.delete('');
  return [...folders].sort();
}

/** BCP 47 text in one spelling (`pt_br` becomes `pt-BR`); null when it is none. */
export function canonicalLocale(text: string): string | null {
  try {
    return Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}

/**
 * The locale folders to look into for a contact, nearest first: `fr-FR` looks into `fr-FR`, `fr`, then the top (`''`).
 * A language's folder serves all its countries, and no country's folder serves another.
 */
export function foldersFor(locale: string | null, folders: readonly string[]): string[] {
  const byName = new Map(folders.map((folder) => [canonicalLocale(folder) ?? folder, folder]));
  const chain: string[] = [];
  let wanted = locale === null ? null : canonicalLocale(locale);
  while (wanted !== null && wanted !== '') {
    const folder = byName.get(wanted);
    if (folder !== undefined) chain.push(folder);
    wanted = wanted.slice(0, Math.max(0, wanted.lastIndexOf('-')));
  }
  return [...chain, ''];
}

const at = (folder: string, name: FileName): string => (folder === '' ? name : `${folder}/${name}`);

/** The paths one variant is made of. */
export interface VariantPaths {
  /** Of the email's HTML. */
  html: string | null;
  /** Of the email's own text; null when it is made from the HTML. */
  text: string | null;
  sms: string | null;
  /** Nearest first; each overrides keys of the next. */
  meta: string[];
}

/** Chooses each file from the nearest folder that has it. */
export function variantPaths(files: TemplateFolder['files'], chain: readonly string[]): VariantPaths {
  const nearest = (...names: FileName[]): { path: string; depth: number } | null => {
    for (const [depth, folder] of chain.entries()) {
      const path = names.map((name) => at(folder, name)).find((candidate) => Object.hasOwn(files, candidate));
      if (path !== undefined) return { path, depth };
    }
    return null;
  };
  const html = nearest('email.mjml.hbs', 'email.html.hbs');
  const text = nearest('email.txt.hbs');
  return {
    html: html?.path ?? null,
    // A text further away than the HTML would be in another language than it.
    text: text !== null && html !== null && text.depth <= html.depth ? text.path : null,
    sms: nearest('sms.txt.hbs')?.path ?? null,
    meta: chain.map((folder) => at(folder, 'meta.yaml')).filter((path) => Object.hasOwn(files, path)),
  };
}

/** What a template can be sent by, by the files at its top. */
export function channelsOf(files: TemplateFolder['files']): Channel[] {
  const { html, sms } = variantPaths(files, ['']);
  return [...(html === null ? [] : (['email'] as const)), ...(sms === null ? [] : (['sms'] as const))];
}
