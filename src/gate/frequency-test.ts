import { atTime, dayOf } from '../calendar/index.ts';
import type { CompiledRule, PressureRule, RuleSet } from '../pressure/index.ts';
import type { Instant } from '../shared/clock.ts';
import { stableFraction } from '../shared/hash.ts';
import type { Id } from '../shared/ids.ts';
import type { FrequencyTest } from './frequency-test.schema.ts';

/** `base`: judged by the policy's own rules. `variant`: by those of the test. */
export const SIDES = ['base', 'variant'] as const;
export type Side = (typeof SIDES)[number];

/** On which side of which frequency test a contact is. */
export interface TestSide {
  id: string;
  side: Side;
}

/** Pressure rules with all that is made of them once a policy version. */
export interface CompiledRules {
  rules: readonly CompiledRule[];
  /** The same, as the gate asks them. */
  ruleSet: RuleSet;
  /** True when some rule keeps room for what is planned (rule P11). */
  reserves: boolean;
}

/** The pressure rules that one contact is judged by at an instant. */
export interface RulesInForce extends CompiledRules {
  /** Of the test that runs then; null when none does. */
  test: TestSide | null;
  /** When the contact is judged by other rules; Infinity when that never happens. */
  until: Instant;
}

/** The time of a test, its last instant not included. */
export function timeOf({ from, until }: Pick<FrequencyTest, 'from' | 'until'>, zone: string) {
  const midnight = (date: string): Instant => atTime(dayOf(date)!, { hour: 0, minute: 0 }, zone);
  return { from: midnight(from), until: midnight(until) };
}

/** The side of a contact: it depends on the test's id and the contact alone, so that nobody changes sides. */
export function sideOf({ id, share }: Pick<FrequencyTest, 'id' | 'share'>, contactId: Id): Side {
  return stableFraction(SIDE_OF, id, contactId) < share ? 'variant' : 'base';
}

/** The rules of a side as they are written; ceilings of the platform stand on both. */
export function writtenRules({ pressure, frequencyTest }: Tested, side: Side): PressureRule[] {
  if (side === 'base' || frequencyTest === undefined) return pressure;
  return [...pressure.filter(({ platform }) => platform), ...frequencyTest.pressure];
}

interface Tested {
  pressure: PressureRule[];
  frequencyTest?: FrequencyTest | undefined;
}

/** What is hashed before the test and the contact, so that the sides have nothing to do with those of a holdout. */
const SIDE_OF = 'frequency-test';

/**
 * Which rules of a policy a contact is judged by, and when: the policy's own, and for the variant's side of a frequency
 * test, as long as it runs, those of the test.
 */
export class RuleBook {
  private readonly outside: RulesInForce;

  constructor(
    own: CompiledRules,
    private readonly test: { written: FrequencyTest; from: Instant; until: Instant; variant: CompiledRules } | null,
  ) {
    this.outside = { ...own, test: null, until: Infinity };
  }

  /** All rules that somebody may be judged by some time. */
  get sides(): readonly CompiledRules[] {
    return this.test === null ? [this.outside] : [this.outside, this.test.variant];
  }

  inForce(contactId: Id, at: Instant): RulesInForce {
    const { outside, test } = this;
    if (test === null || at >= test.until) return outside;
    const { id } = test.written;
    const side = sideOf(test.written, contactId);
    if (at < test.from) return side === 'base' ? outside : { ...outside, until: test.from };
    if (side === 'base') return { ...outside, test: { id, side } };
    return { ...test.variant, test: { id, side }, until: test.until };
  }
}
