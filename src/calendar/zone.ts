import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../shared/clock.ts';
import { DAY } from './civil.ts';
import { remember } from './remember.ts';

/** A span of time in which a zone's offset from UTC does not change: `from` included, `until` not. Milliseconds. */
interface Span {
  readonly from: Instant;
  readonly until: Instant;
  readonly offset: number;
}

/** No zone is, or ever was, further from UTC than this. */
const WIDEST_OFFSET = 16 * 3_600_000;
/** The polyfill looks three years ahead for the next clock change; when it sees none, this much is certain. */
const CERTAIN_AHEAD = 730 * 86_400_000;

/**
 * The offsets of one zone, read from the platform's time zone data once per span between two clock changes. An
 * offset from the platform costs about 10 µs, one from here under 0.1 µs; both are exact at the change itself.
 */
class Offsets {
  private readonly zone: string;
  /** Sorted, not overlapping, perhaps with holes. */
  private readonly spans: Span[] = [];
  private last: Span;

  constructor(zone: string) {
    this.zone = zone;
    this.last = this.read(0);
    this.spans.push(this.last);
  }

  spanAt(at: Instant): Span {
    const last = this.last;
    if (at >= last.from && at < last.until) return last;
    return (this.last = this.find(at));
  }

  private find(at: Instant): Span {
    let low = 0;
    let high = this.spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.spans[middle]!.until <= at) low = middle + 1;
      else high = middle;
    }
    const found = this.spans[low];
    if (found !== undefined && found.from <= at) return found;
    const span = this.read(at, this.spans[low - 1]?.until, found?.from);
    this.spans.splice(low, 0, span);
    return span;
  }

  private read(at: Instant, notBefore = Number.NEGATIVE_INFINITY, notAfter = Number.POSITIVE_INFINITY): Span {
    const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(this.zone);
    const previous = here.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
    const next = here.getTimeZoneTransition('next');
    return {
      from: Math.max(previous?.epochMilliseconds ?? Number.NEGATIVE_INFINITY, notBefore),
      until: Math.min(next?.epochMilliseconds ?? at + CERTAIN_AHEAD, notAfter),
      offset: Math.round(here.offsetNanoseconds / 1e6),
    };
  }
}

const offsetsOf = remember(2048, (zone: string) => new Offsets(zone));

/** Whether the name is an IANA time zone that this platform knows. Fixed offsets such as `+02:00` are not: they know no clock changes. */
export const isZone = remember(4096, (name: string): boolean => {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
});

/** Local time minus UTC at an instant, in milliseconds. Throws a RangeError for a zone that does not exist. */
export function offsetAt(at: Instant, zone: string): number {
  return offsetsOf(zone).spanAt(at).offset;
}

/** The offset at an instant when no clock change lies within `reach` milliseconds on either side, else null. */
export function steadyOffset(at: Instant, reach: number, zone: string): number | null {
  const span = offsetsOf(zone).spanAt(at);
  return at - reach >= span.from && at + reach < span.until ? span.offset : null;
}

/** Local date and time as milliseconds since 1970-01-01T00:00 on the local clock. */
export function localMs(at: Instant, zone: string): number {
  return at + offsetsOf(zone).spanAt(at).offset;
}

/**
 * The first instant at which the local clock shows `local` (milliseconds since 1970-01-01T00:00) or more. So a local
 * time that does not exist means the first instant after the gap, and one that exists twice means the first.
 */
export function firstInstant(local: number, zone: string): Instant {
  const offsets = offsetsOf(zone);
  let span = offsets.spanAt(local - WIDEST_OFFSET);
  for (;;) {
    const at = local - span.offset;
    if (at < span.from) return span.from;
    if (at < span.until) return at;
    span = offsets.spanAt(span.until);
  }
}

/**
 * The first instant after `at` at which the local date changes or the clocks do. Between two of them local time runs
 * evenly within one date.
 */
export function nextTurn(at: Instant, zone: string): Instant {
  const { offset, until } = offsetsOf(zone).spanAt(at);
  return Math.min((Math.floor((at + offset) / DAY) + 1) * DAY - offset, until);
}
