import { addDuration, parseDuration } from '../calendar/index.ts';
import type { OwnChoice } from '../contacts/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Wish } from './decide.ts';
import { nameOf, type Choosable } from './offer.ts';

/** How long a pause may be, as the form names it. */
export const PAUSES = { '2w': '2w', '1m': '1mo', '3m': '3mo' } as const;
export type PauseName = keyof typeof PAUSES;

/** A field of the form that cannot be used. */
export type FaultyField = 'form' | 'week' | 'pause' | 'language';

export type Fields = Readonly<Record<string, string>>;

/** What a form says, or which of its fields cannot be used. */
export type ReadForm = { wish: Wish; faults?: undefined } | { wish?: undefined; faults: FaultyField[] };

/**
 * Reads what the page posts: `form=preferences`, `do` (`save` or `stop`), `on.<channel>.<purpose>` for each box that is
 * ticked, `week` (empty or 1 to 7), `pause` (`2w`, `1m`, `3m`; `lift`; empty to leave it) and `language` (empty to leave
 * it). `shown`, the boxes that the page had, keeps a purpose that is newer than the page out of it; without it, all are meant.
 */
export function readForm(
  body: unknown,
  offered: readonly Choosable[],
  languages: readonly string[],
  now: Instant,
  zone: string,
): ReadForm {
  const fields = fieldsOf(body);
  const { week = '', pause = '', language = '' } = fields;
  if (fields['form'] !== 'preferences' || !['save', 'stop'].includes(fields['do'] ?? '')) return { faults: ['form'] };
  if (fields['do'] === 'stop') return { wish: { consents: [], own: {}, stop: true } };
  const faults: FaultyField[] = [
    ...(/^[1-7]?$/.test(week) ? [] : ['week' as const]),
    ...(pause === '' || pause === 'lift' || Object.hasOwn(PAUSES, pause) ? [] : ['pause' as const]),
    ...(language === '' || languages.includes(language) ? [] : ['language' as const]),
  ];
  if (faults.length > 0) return { faults };
  const shown = fields['shown']?.split(' ');
  const own: Partial<OwnChoice> = {
    ...(fields['week'] !== undefined && { maxPerWeek: week === '' ? null : Number(week) }),
    ...(pause === 'lift' && { pauseUntil: null }),
    ...(Object.hasOwn(PAUSES, pause) && { pauseUntil: endOf(pause as PauseName, now, zone) }),
    ...(language !== '' && { language }),
  };
  const consents = offered
    .filter((of) => shown === undefined || shown.includes(nameOf(of)))
    .map((of) => ({ of, on: fields[`on.${nameOf(of)}`] !== undefined }));
  return { wish: { consents, own, stop: false } };
}

/** The fields of a form that came urlencoded; anything else has none. */
export function fieldsOf(body: unknown): Fields {
  return typeof body === 'object' && body !== null ? (body as Fields) : {};
}

/** A pause is a calendar step in the person's zone. */
export function endOf(pause: PauseName, now: Instant, zone: string): Instant {
  return addDuration(now, parseDuration(PAUSES[pause])!, zone);
}
