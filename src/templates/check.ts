import type { Fault } from '../shared/errors.ts';
import type { Channel } from '../shared/channel.ts';
import { suggestion } from '../shared/nearest.ts';
import { clipped } from '../shared/shown.ts';
import { compileVariant, renderVariant } from './compile.ts';
import type { Meta } from './meta.schema.ts';
import type { RenderData, TemplateFolder, TemplateInfo } from './template.ts';
import { placeOf, promotionOf } from './promotion.ts';
import { partsFault } from './sms-parts.ts';
import { inspectFiles } from './sources.ts';
import type { VariantSources } from './variant.ts';
import { buildVariant, faultPath, openWorkshop } from './variant.ts';
import { canonicalLocale, channelsOf, FILE_NAMES, foldersFor, localesOf, splitPath, variantPaths } from './variants.ts';

const SAMPLE: RenderData = {
  contact: {
    id: '00000000-0000-4000-8000-000000000000',
    userId: 'ada',
    email: 'ada@example.com',
    phone: '+33612345678',
    firstName: 'Ada',
    lastName: 'Example',
    birthday: '1990-02-28',
    locale: null,
    timezone: 'Europe/Paris',
    country: 'FR',
    createdAt: 1_767_225_600_000,
  },
  event: { name: 'Sample', at: 1_767_225_600_000 },
  enrollment: { id: '00000000-0000-8000-8000-000000000000', scenario: 'sample', enteredAt: 1_767_225_600_000 },
  data: {},
  links: {
    unsubscribe: 'https://example.com/u/sample',
    preferences: 'https://example.com/p/sample',
    webview: 'https://example.com/w/sample',
    confirm: 'https://example.com/c/sample',
  },
  sender: {
    name: 'Relance',
    email: 'hello@example.com',
    replyTo: 'care@example.com',
    sms: 'RELANCE',
    stop: '36111',
    address: '1 rue de la Paix, 75002 Paris',
  },
};

/** What a template is shown with when there is no contact: the built-in sample below meta.yaml's own. */
export function sampleData(meta: Meta): RenderData {
  const sample = meta.sample ?? {};
  return {
    ...SAMPLE,
    contact: { ...SAMPLE.contact, ...sample.contact },
    event: { ...SAMPLE.event, ...sample.event },
    enrollment: { ...SAMPLE.enrollment, ...sample.enrollment },
    data: sample.data ?? {},
    sender: { ...SAMPLE.sender, ...sample.sender },
  };
}

function fileFaults(folder: TemplateFolder): Fault[] {
  const faults: Fault[] = [];
  const folders = new Set(localesOf(folder.files));
  for (const path of Object.keys(folder.files)) {
    const { name } = splitPath(path);
    if ((FILE_NAMES as readonly string[]).includes(name)) continue;
    const { hint } = suggestion(name, FILE_NAMES);
    faults.push({
      code: 'template-unknown-file',
      severity: 'warning',
      message: `${clipped(name)} is not read`,
      ...(hint === undefined ? {} : { hint }),
      file: faultPath(folder, path),
    });
  }
  for (const name of folders) {
    if (canonicalLocale(name) !== null && !name.includes('/')) continue;
    const message = `"${name}" is not a language, so no contact would ever get these files`;
    faults.push({
      code: 'template-locale',
      severity: 'error',
      message,
      hint: 'name it fr, de or pt-BR',
      file: faultPath(folder, name),
    });
  }
  for (const name of ['', ...folders]) {
    const at = (file: string): string => (name === '' ? file : `${name}/${file}`);
    if (!Object.hasOwn(folder.files, at('email.mjml.hbs')) || !Object.hasOwn(folder.files, at('email.html.hbs')))
      continue;
    const message = 'email.html.hbs stands beside email.mjml.hbs, and only one can be the mail';
    faults.push({
      code: 'template-two-mails',
      severity: 'error',
      message,
      hint: 'delete one of them',
      file: faultPath(folder, at('email.html.hbs')),
    });
  }
  return faults;
}

const UNSUBSCRIBE = /\{\{[^}]*\blinks\.unsubscribe\b/;
const CONFIRM = /\{\{[^}]*\blinks\.confirm\b/;
const ADDRESS = /\{\{[^}]*\bsender\.address\b/;

/** What is wrong with one variant as a whole. */
function variantFaults(
  folder: TemplateFolder,
  variant: VariantSources,
  chain: readonly string[],
  channels: readonly Channel[],
): Fault[] {
  const faults = [...variant.faults];
  const paths = variantPaths(folder.files, chain);
  const metaFile = faultPath(folder, paths.meta[0] ?? 'meta.yaml');
  const warn = (severity: Fault['severity'], code: string, message: string, hint: string, file: string): void => {
    faults.push({ code, severity, message, hint, file });
  };
  if (variant.email !== null && channels.includes('email')) {
    const file = faultPath(folder, paths.html!);
    const { subject, html } = variant.email;
    // Of a meta.yaml that cannot be read, that is what is said.
    if (subject.trim() === '' && variant.metaReadable)
      warn('error', 'template-subject-missing', 'the mail has no subject', 'add `subject: …`', metaFile);
    // Who is asked for a confirmation receives nothing yet to unsubscribe from.
    if (!UNSUBSCRIBE.test(html) && !CONFIRM.test(html)) {
      const hint = 'add <a href="{{links.unsubscribe}}">…</a>; marketing mail may not be sent without it';
      warn('warning', 'template-no-unsubscribe', 'the mail has no link to unsubscribe', hint, file);
    }
    const ownBody = variant.folder !== '' && paths.html!.startsWith(`${variant.folder}/`);
    const ownSubject = !variant.metaReadable || paths.meta[0] === `${variant.folder}/meta.yaml`;
    if (ownBody && !ownSubject) {
      const message = `the mail is written for ${variant.folder}, and its subject is not`;
      warn('warning', 'template-subject-language', message, `add ${variant.folder}/meta.yaml with a subject`, file);
    }
    if (variant.meta.preheader && /mj-preview/.test(folder.files[paths.html!] ?? '')) {
      warn(
        'warning',
        'template-preheader-twice',
        'the preheader is in meta.yaml and in mj-preview',
        'keep one of them',
        file,
      );
    }
  }
  if (variant.sms !== null && channels.includes('sms') && !/\bSTOP\b/.test(variant.sms)) {
    const hint = 'end it with `STOP` and the number; marketing SMS may not be sent without it';
    warn('warning', 'template-no-stop', 'the text does not say how to stop', hint, faultPath(folder, paths.sms!));
  }
  return faults;
}

/** Renders the variant with its sample, and with nothing a contact may lack. */
function renderFaults(
  folder: TemplateFolder,
  sources: VariantSources,
  channels: readonly Channel[],
  { file, smsFile }: { file: string; smsFile: string },
): Fault[] {
  const faults: Fault[] = [];
  try {
    const variant = compileVariant(sources);
    for (const channel of channels) {
      const rendered = renderVariant(variant, channel, sampleData(sources.meta), null);
      const long =
        rendered.channel === 'sms'
          ? partsFault(rendered.text, sources.sms ?? '', faultPath(folder, smsFile))
          : undefined;
      if (long !== undefined) faults.push(long);
    }
  } catch (error) {
    const message = `the sample cannot be rendered: ${(error as Error).message.split('\n')[0]}`;
    faults.push({
      code: 'template-render',
      severity: 'error',
      message,
      hint: 'mend the tag, or the `sample` of meta.yaml',
      file: faultPath(folder, file),
    });
  }
  return faults;
}

const byPlace = (a: Fault, b: Fault): number =>
  (a.file ?? '').localeCompare(b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

/**
 * Checks a template whole, without contacts: files, languages, tags with their places, MJML, and a rendering of each
 * variant with its sample data. Never throws for what is in the files.
 */
export async function checkTemplate(folder: TemplateFolder): Promise<TemplateInfo> {
  const workshop = openWorkshop(folder);
  const channels = channelsOf(folder.files);
  const locales = localesOf(folder.files);
  const sources = inspectFiles(workshop);
  const faults = [...fileFaults(folder), ...sources.faults];
  const readable = faults.every((fault) => fault.severity !== 'error');
  if (channels.length === 0) {
    const message = 'the template has no email.mjml.hbs, email.html.hbs or sms.txt.hbs';
    faults.push({
      code: 'template-empty',
      severity: 'error',
      message,
      hint: 'locale folders only override what is at the top',
      file: folder.id,
    });
  }
  const languages = new Set<string>();
  let unsubscribable = channels.includes('email');
  let stoppable = channels.includes('sms');
  let namesStopNumber = stoppable;
  let confirmable = channels.includes('email');
  let addressed = channels.includes('email');
  for (const name of ['', ...locales]) {
    const chain = name === '' ? [''] : foldersFor(name, locales);
    const variant = await buildVariant(workshop, chain);
    languages.add(variant.language.split('-')[0]!);
    faults.push(...variantFaults(folder, variant, chain, channels));
    if (readable && variant.faults.every((fault) => fault.severity !== 'error')) {
      faults.push(
        ...renderFaults(folder, variant, channels, {
          file: name === '' ? (variantPaths(folder.files, chain).html ?? 'sms.txt.hbs') : name,
          smsFile: variantPaths(folder.files, chain).sms ?? 'sms.txt.hbs',
        }),
      );
    }
    unsubscribable &&= UNSUBSCRIBE.test(variant.email?.html ?? '');
    confirmable &&= CONFIRM.test(variant.email?.html ?? '');
    addressed &&= ADDRESS.test(variant.email?.html ?? '');
    stoppable &&= /\bSTOP\b/.test(variant.sms ?? '');
    namesStopNumber &&= /\bSTOP\b\D{0,20}\d{3}|\bSTOP\b[^{}]{0,20}\{\{\s*sender\.stop\b/.test(variant.sms ?? '');
  }
  const seen = new Set<string>();
  const distinct = faults.filter((fault) => {
    const key = JSON.stringify([fault.code, fault.file, fault.line, fault.column, fault.message]);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  const keysOf = (root: string): string[] => {
    const below = [...sources.variables].filter((name) => name.startsWith(`${root}.`));
    return [...new Set(below.map((name) => name.split('.')[1]!))].sort();
  };
  return {
    id: folder.id,
    channels,
    locales,
    languages: [...languages],
    dataKeys: keysOf('data'),
    eventKeys: keysOf('event'),
    promotion: promotionOf(folder),
    unsubscribable,
    stoppable,
    namesStopNumber,
    confirm: placeOf(folder, CONFIRM),
    confirmable,
    addressed,
    faults: distinct.sort(byPlace),
  };
}
