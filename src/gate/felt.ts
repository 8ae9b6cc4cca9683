import { OPEN_TRACKING } from '../consent/index.ts';
import { levelOf, type FeltSignal, type PressureFacts, type Signal } from '../pressure/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Felt, JudgeFacts } from './message.ts';
import type { PolicyVersion } from './policy.ts';

type SignalFacts = Pick<JudgeFacts, 'consents' | 'suppressions' | 'sends'>;

/**
 * What a contact has said by reacting, oldest first: complaints and STOPs stand among the suppressions, withdrawals in the
 * state of its consents. Who does not want to be measured says nothing about how much they get (law L16).
 */
export function signalsOf({ consents, suppressions }: Pick<SignalFacts, 'consents' | 'suppressions'>): Signal[] {
  const signals: Signal[] = suppressions.flatMap(({ reason, at }) =>
    reason === 'complaint' || reason === 'stop' ? [{ kind: reason, at }] : [],
  );
  for (const { state, purpose, at } of consents)
    if (state === 'withdrawn' && purpose !== OPEN_TRACKING) signals.push({ kind: 'unsubscribe', at });
  return signals.sort((a, b) => a.at - b.at);
}

/** What complaints, withdrawals and runs of mails without a click do to each rule; null where they do nothing. */
export function fatigueOf(facts: SignalFacts, { compiled }: PolicyVersion): PressureFacts['fatigue'] {
  const { fatigue } = compiled;
  if (fatigue === null) return null;
  const signals = signalsOf(facts);
  return (rule, at) => fatigue.lowering(rule, signals, facts.sends, at);
}

/** What is felt, as a decision record has it: the mails of a run are told together. Oldest first. */
export function recordedFelt(felt: readonly FeltSignal[]): Felt[] {
  const told: Felt[] = felt
    .filter(({ kind }) => kind !== 'unclicked')
    .map(({ kind, at, felt: weight }) => ({ kind, at, felt: rounded(weight) }));
  const run = felt.filter(({ kind }) => kind === 'unclicked');
  const last = run.at(-1);
  if (last === undefined) return told;
  const weight = run.reduce((sum, one) => sum + one.felt, 0);
  return [...told, { kind: 'unclicked', at: last.at, felt: rounded(weight), count: run.length }];
}

/** What a contact's reactions weigh at an instant, signal by signal and in all, and until when each level is reached. */
export interface FeltPressure {
  level: number;
  /** Oldest first; one that the policy gives no points, or that is forgotten, weighs nothing. */
  signals: FeltSignal[];
  /** Of the policy, in its order; `until` is null of one that is not reached. */
  levels: { from: number; times: number; rules: readonly string[] | null; until: Instant | null }[];
}

/** Felt pressure beside the objective, which is what was sent. */
export function feltPressure(facts: SignalFacts, { compiled }: PolicyVersion, at: Instant): FeltPressure {
  const { fatigue } = compiled;
  const signals = signalsOf(facts);
  const felt = fatigue?.felt(signals, facts.sends, at) ?? [];
  const level = levelOf(felt);
  // What was said in one word is told as what weighs most in it.
  const weightless = signals
    .filter(({ at: said }, index) => [...felt, ...signals.slice(0, index)].every((one) => one.at !== said))
    .map((signal): FeltSignal => ({ ...signal, points: 0, felt: 0 }));
  return {
    level,
    signals: [...felt, ...weightless].sort((a, b) => a.at - b.at),
    levels: (fatigue?.levels ?? []).map(({ from, times, rules }) => ({
      from,
      times,
      rules: rules ?? null,
      until: level >= from ? fatigue!.fallsBelow(felt, from, at) : null,
    })),
  };
}

/** To a thousandth: what is said, and not what is counted by. */
const rounded = (weight: number): number => Math.round(weight * 1_000) / 1_000;
