import { WORDS } from '../explain/index.ts';
import type { Counter } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Rehearsal, SaidGate, TimelineEntry } from './timeline.ts';

/** `Mon 2 Mar 2026 09:00` by the clock of a zone; seconds only when there are any. */
export function showInstant(at: Instant, zone: string): string {
  return WORDS.en.instant(at, zone);
}

/** Time that passed, in its largest whole units: `3 days`, `2 hours 30 minutes`. */
export function showSpan(milliseconds: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1_000],
  ] as const;
  let rest = milliseconds;
  const parts = units.flatMap(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`];
  });
  return parts.slice(0, 2).join(' ') || 'a moment';
}

/** How it ended, as a sentence. */
export function showStatus({ status, step, reason, scenario, until, zone }: Rehearsal): string {
  if (status === 'not-entered') return `did not enter ${scenario.scenario}: ${reason}`;
  const why = reason === null ? '' : ` (${reason})`;
  if (step !== null) return `is in step ${step} on ${showInstant(until, zone)}`;
  return `${status}${why}`;
}

/** One gate's answer: `consent: the contact consented to …`, `pressure: every rule had room (weekly-ceiling 1 of 3)`. */
export function showGate({ gate, sentence, counters = [], test }: SaidGate): string {
  const counted = counters.map(showCounter);
  const side = test === undefined ? [] : [`frequency test ${test.id}: ${test.side}`];
  const more = [...counted, ...side].join(', ');
  return `${gate}: ${sentence}${more === '' ? '' : ` (${more})`}`;
}

/** `weekly-ceiling 1 of 3`, `weekly-ceiling 1 of 1, lowered from 3`. */
export function showCounter({ rule, used, max, lowered }: Counter): string {
  return `${rule} ${used} of ${max}${lowered === undefined ? '' : `, lowered from ${lowered.from}`}`;
}

/** An entry in one line, with a word for what kind of thing it is. */
export function showEntry(entry: TimelineEntry, zone: string): { label: string; text: string } {
  switch (entry.kind) {
    case 'event':
      return {
        label: 'event',
        text: `${entry.name}${values(entry.properties)}${entry.late ? ' (late: triggers nothing)' : ''}`,
      };
    case 'unknown-open':
      return { label: 'open', text: `${entry.template}: not known, without consent to open-tracking` };
    case 'identify':
      return { label: 'identify', text: values(entry.traits).trim() };
    case 'consent':
      return { label: 'consent', text: `${entry.purpose} by ${entry.channel}: ${entry.action}` };
    case 'restriction':
      return { label: 'restriction', text: entry.restricted ? 'nothing is done from here on' : 'lifted' };
    case 'preferences':
      return { label: 'prefers', text: entry.chosen };
    case 'enrol':
      return { label: 'enrol', text: `${entry.scenario}, by hand${values(entry.properties)}` };
    case 'admission':
      return { label: 'guard', text: `${entry.asked}: ${entry.condition} → ${entry.value}` };
    case 'entered':
      return { label: 'enters', text: entry.scenario };
    case 'not-entered':
      return { label: 'stays out', text: `${entry.scenario}: ${entry.reason}` };
    case 'timer':
      return { label: 'timer', text: `the time of ${entry.step} is up` };
    case 'guard':
      return { label: 'guard', text: `${entry.step}: ${entry.guard} → ${entry.value}` };
    case 'state': {
      const until = entry.until === null ? '' : `, until ${showInstant(entry.until, zone)}`;
      return {
        label: 'state',
        text: `${entry.left === null ? '' : `${entry.left} → `}${entry.entered}: ${entry.does}${until}`,
      };
    }
    case 'set':
      return { label: 'set', text: values(entry.attributes).trim() };
    case 'emit':
      return { label: 'emit', text: `${entry.event}${values(entry.properties)}` };
    case 'enrol-step':
      return { label: 'enrol', text: entry.enrolled };
    case 'webhook': {
      const body = entry.body === null ? '' : ` ${JSON.stringify(entry.body)}`;
      const why = entry.notMade === null ? '' : ` (not made: ${entry.notMade})`;
      return { label: 'webhook', text: `${entry.method} ${entry.url}${body}${why}` };
    }
    case 'called':
      return { label: 'answer', text: `${entry.step}: ${entry.outcome === 'done' ? 'taken' : 'given up'}` };
    case 'goal':
      return { label: 'goal', text: 'reached' };
    case 'judged':
      return { label: 'gate', text: `${entry.channel} ${entry.template}: ${entry.sentence}` };
    case 'message':
      return { label: entry.outcome, text: entry.reason ?? '' };
    case 'ended': {
      const why = entry.reason === null ? '' : ` (${entry.reason})`;
      return { label: 'ends', text: `${entry.left} → ${entry.status}${why}` };
    }
  }
}

function values(record: Record<string, unknown>): string {
  const pairs = Object.entries(record).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return pairs.length === 0 ? '' : ` { ${pairs.join(', ')} }`;
}
