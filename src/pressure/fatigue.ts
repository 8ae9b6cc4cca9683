import { durationMs, parseDuration } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Fatigue } from './fatigue.schema.ts';
import type { CountedSend } from './send.ts';
import { FADED } from './unit.ts';

/** Something a person did that says they get too much. */
export interface Signal {
  kind: 'complaint' | 'unsubscribe' | 'stop';
  at: Instant;
}

/** By what the maxima of a rule are multiplied at an instant, and until when at least. */
export interface Lowering {
  times: number;
  until: Instant;
}

/** A policy's `fatigue` with everything parsed, made once a version. */
export class CompiledFatigue {
  /** How far back sends are needed; milliseconds. */
  readonly lookBack: number;
  private readonly halfLife: number;

  constructor(private readonly written: Fatigue) {
    this.halfLife = durationMs(parseDuration(written.halfLife)!);
    this.lookBack = written.signals.unclicked === undefined ? 0 : FADED * this.halfLife;
  }

  /**
   * What is felt at an instant: each signal's points, halved with every half-life, gone after `FADED`. Computed from the
   * signals themselves, so that it fades by the clock alone, and a signal that is taken back was never there.
   */
  felt(signals: readonly Signal[], sends: readonly CountedSend[], at: Instant): number {
    const { signals: points } = this.written;
    let sum = 0;
    for (const { kind, at: when } of signals) sum += this.left(points[kind] ?? 0, when, at);
    const { unclicked } = points;
    if (unclicked === undefined) return sum;
    const mails = sends.filter(({ channel, at: sentAt }) => channel === 'email' && sentAt <= at);
    const run = mails.slice(mails.findLastIndex(({ clicked }) => clicked === true) + 1);
    for (const { at: sentAt } of run.slice(unclicked.after - 1)) sum += this.left(unclicked.adds, sentAt, at);
    return sum;
  }

  /** How a rule is lowered, given what is known of signals now. */
  lowering(rule: string, signals: readonly Signal[], sends: readonly CountedSend[], at: Instant): Lowering {
    const felt = this.felt(signals, sends, at);
    const levels = this.written.levels.filter(
      ({ from, rules }) => felt >= from && (rules === undefined || rules.includes(rule)),
    );
    if (levels.length === 0) return { times: 1, until: Infinity };
    const highest = Math.max(...levels.map(({ from }) => from));
    // What is felt only fades: found to the millisecond between now and when nothing is left.
    let low = at;
    let high = at + FADED * this.halfLife;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.felt(signals, sends, middle) >= highest) low = middle;
      else high = middle;
    }
    return { times: Math.min(...levels.map(({ times }) => times)), until: high };
  }

  private left(points: number, when: Instant, at: Instant): number {
    const age = at - when;
    return age < 0 || age >= FADED * this.halfLife ? 0 : points * 2 ** (-age / this.halfLife);
  }
}
