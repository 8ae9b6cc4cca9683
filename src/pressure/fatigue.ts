import { durationMs, parseDuration } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import type { Fatigue } from './fatigue.schema.ts';
import { beganAt, type CountedSend } from './send.ts';
import { FADED, rounded } from './unit.ts';

/** Something a person did that says they get too much. */
export interface Signal {
  kind: 'complaint' | 'unsubscribe' | 'stop';
  at: Instant;
}

/** A signal with what it weighs at an instant. `unclicked` is one mail of a run, from the one on that counts. */
export interface FeltSignal {
  kind: Signal['kind'] | 'unclicked';
  at: Instant;
  /** What it weighed when it was given. */
  points: number;
  /** What is left of that. */
  felt: number;
  /** Of an `unclicked` mail. */
  messageId?: Id;
}

/** By what the maxima of a rule are multiplied at an instant, until when at least, and because of what. */
export interface Lowering {
  times: number;
  until: Instant;
  /** Oldest first; none where nothing is lowered. */
  by: readonly FeltSignal[];
}

/** A policy's `fatigue` with everything parsed, made once a version. */
export class CompiledFatigue {
  /** How far back sends are needed; milliseconds. */
  readonly lookBack: number;
  /** Whether mails without a click count, so that a click takes what they weigh back. */
  readonly hearsClicks: boolean;
  readonly levels: Fatigue['levels'];
  private readonly halfLife: number;
  private readonly points: Fatigue['signals'];

  constructor({ halfLife, signals, levels }: Fatigue) {
    this.halfLife = durationMs(parseDuration(halfLife)!);
    this.points = signals;
    this.levels = levels;
    this.hearsClicks = signals.unclicked !== undefined;
    this.lookBack = signals.unclicked === undefined ? 0 : FADED * this.halfLife;
  }

  /**
   * What is felt at an instant, signal by signal, oldest first: each one's points, halved with every half-life, gone after
   * `FADED`. Computed from the signals themselves, so that it fades by the clock alone, and a signal that is taken back was
   * never there. `sends` are oldest first.
   */
  felt(signals: readonly Signal[], sends: readonly CountedSend[], at: Instant): FeltSignal[] {
    const { unclicked } = this.points;
    const given: Omit<FeltSignal, 'felt'>[] = oncePerWord(signals, this.points);
    if (unclicked !== undefined) {
      const mails = sends.filter((send) => send.channel === 'email' && beganAt(send) <= at);
      const run = mails.slice(mails.findLastIndex(({ clicked }) => clicked === true) + 1);
      for (const send of run.slice(unclicked.after - 1))
        given.push({
          kind: 'unclicked',
          at: beganAt(send),
          points: unclicked.adds,
          messageId: send.messageId,
        });
    }
    return given
      .map((one) => ({ ...one, felt: this.left(one, at) }))
      .filter(({ felt }) => felt > 0)
      .sort((a, b) => a.at - b.at);
  }

  /** How a rule is lowered at an instant, given what is known of signals now. */
  lowering(rule: string, signals: readonly Signal[], sends: readonly CountedSend[], at: Instant): Lowering {
    const felt = this.felt(signals, sends, at);
    const level = levelOf(felt);
    const levels = this.levels.filter(
      ({ from, rules }) => level >= from && (rules === undefined || rules.includes(rule)),
    );
    if (levels.length === 0) return { times: 1, until: Infinity, by: [] };
    const highest = Math.max(...levels.map(({ from }) => from));
    return {
      times: Math.min(...levels.map(({ times }) => times)),
      until: this.fallsBelow(felt, highest, at),
      by: felt,
    };
  }

  /** The first instant after `at` at which less than a level is left of what is felt at `at`; it only fades. */
  fallsBelow(felt: readonly FeltSignal[], level: number, at: Instant): Instant {
    const leftAt = (when: Instant): number => levelOf(felt.map((one) => ({ ...one, felt: this.left(one, when) })));
    // Found to the millisecond between now and when nothing is left.
    let low = at;
    let high = at + FADED * this.halfLife;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (leftAt(middle) >= level) low = middle;
      else high = middle;
    }
    return high;
  }

  private left({ points, at: when }: Pick<FeltSignal, 'points' | 'at'>, at: Instant): number {
    const age = at - when;
    return age < 0 || age >= FADED * this.halfLife ? 0 : points * 2 ** (-age / this.halfLife);
  }
}

/** How much is felt in all. */
export function levelOf(felt: readonly Pick<FeltSignal, 'felt'>[]): number {
  return rounded(felt.reduce((sum, one) => sum + one.felt, 0));
}

/**
 * What a person says in one word counts once, as what weighs most in it: a complaint and a STOP withdraw consents at the
 * same instant, and whoever leaves every list says one thing about several purposes.
 */
function oncePerWord(signals: readonly Signal[], points: Fatigue['signals']): Omit<FeltSignal, 'felt'>[] {
  const words = new Map<Instant, Omit<FeltSignal, 'felt'>>();
  for (const { kind, at } of signals) {
    const one = { kind, at, points: points[kind] ?? 0 };
    const known = words.get(at);
    if (known === undefined || known.points < one.points) words.set(at, one);
  }
  return [...words.values()];
}
