import { instantOf, readMoment } from '../calendar/index.ts';
import { RenderError } from './template.ts';

export const DATE_FORMATS = ['short', 'medium', 'long', 'full'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** In whose language and zone a text is written. */
export interface Language {
  /** BCP 47. */
  locale: string;
  /** IANA. */
  timezone: string;
}

/** Intl formatters are dear to make (about 50 µs) and there are few kinds of them. */
const made = new Map<string, unknown>();

function once<T>(key: string, make: () => T): T {
  const known = made.get(key);
  if (known !== undefined) return known as T;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

/** What templates mean by "not there": nothing, null, or an empty text. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

const toNumber = (value: unknown, helper: string): number => {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw new RenderError(`${helper} was given what is not a number`);
  return number;
};

/** A leap year, so that `--02-29` has a day to stand on. */
const ANY_YEAR = 2000;

function isFormat(format: string): format is DateFormat {
  return (DATE_FORMATS as readonly string[]).includes(format);
}

/**
 * Writes an instant as a date in the language's zone, and a local time or a calendar day (`1990-02-28`, or `--02-28`
 * without its year) as it is in every zone (rule T9). Missing values give an empty text; what is no date is an error.
 */
export function formatDate(value: unknown, format: string, language: Language, time?: string): string {
  if (isMissing(value)) return '';
  if (!isFormat(format) || (time !== undefined && !isFormat(time))) {
    throw new RenderError(`date knows the formats ${DATE_FORMATS.join(', ')}`);
  }
  const moment = readMoment(value);
  if (moment === null) throw new RenderError('date was given what is not a date');
  const { locale, timezone } = language;
  if (moment.kind === 'instant')
    return dateFormat(locale, { dateStyle: format, timeStyle: time, timeZone: timezone }).format(moment.at);
  if (moment.kind === 'local')
    return dateFormat(locale, { dateStyle: format, timeStyle: time, timeZone: 'UTC' }).format(moment.local);
  if (moment.kind === 'date')
    return dateFormat(locale, { dateStyle: format, timeZone: 'UTC' }).format(instantOf(moment, 'UTC')!);
  const month = format === 'short' ? '2-digit' : format === 'medium' ? 'short' : 'long';
  return dateFormat(locale, { day: 'numeric', month, timeZone: 'UTC' }).format(
    Date.UTC(ANY_YEAR, moment.month - 1, moment.day),
  );
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d ${locale} ${options.dateStyle} ${options.timeStyle} ${options.month} ${options.timeZone}`;
  return once(key, () => new Intl.DateTimeFormat(locale, options));
}

/** Writes an amount in major units with its currency (ISO 4217). Missing values give an empty text. */
export function formatMoney(value: unknown, currency: unknown, locale: string): string {
  if (isMissing(value)) return '';
  const amount = toNumber(value, 'money');
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
    throw new RenderError('money was given no currency such as EUR');
  return once(`m ${locale} ${currency}`, () => new Intl.NumberFormat(locale, { style: 'currency', currency })).format(
    amount,
  );
}

/** Writes a number by locale, with a fixed count of decimals when asked for. Missing values give an empty text. */
export function formatNumber(value: unknown, digits: unknown, locale: string): string {
  if (isMissing(value)) return '';
  const number = toNumber(value, 'number');
  const fixed = digits === undefined ? undefined : toNumber(digits, 'number');
  return once(
    `n ${locale} ${fixed}`,
    () => new Intl.NumberFormat(locale, { minimumFractionDigits: fixed, maximumFractionDigits: fixed }),
  ).format(number);
}

/**
 * Chooses the word for a count by the locale's plural rules (CLDR: zero, one, two, few, many, other), and puts the
 * count where the word has `#`. `zero` given explicitly is used for 0 in every language.
 */
export function formatPlural(value: unknown, forms: Readonly<Record<string, unknown>>, locale: string): string {
  const count = isMissing(value) ? 0 : toNumber(value, 'plural');
  const category = once(`p ${locale}`, () => new Intl.PluralRules(locale)).select(count);
  const form = (count === 0 ? forms.zero : undefined) ?? forms[category] ?? forms.other;
  if (typeof form !== 'string') throw new RenderError(`plural has no form "${category}" and no "other"`);
  return form.includes('#') ? form.replaceAll('#', formatNumber(count, undefined, locale)) : form;
}
