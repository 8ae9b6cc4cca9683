import type { CompiledExclusive } from './exclusive.ts';
import { OWN_WEEK } from './own-limits.ts';
import { counts, lookBack, type CompiledRule } from './rule.ts';
import { compileScope } from './scope.ts';
import type { ScopeSubject } from './send.ts';
import { weightOf } from './unit.ts';

/** Messages that no rule of a set tells apart, but for their parts. */
export interface Kind {
  /** By the rule's place in the set: what a message of one part weighs; 0 when the rule does not count it. */
  readonly weights: readonly number[];
}

type Field = keyof Pick<
  ScopeSubject,
  'channel' | 'category' | 'programme' | 'scenarioId' | 'campaign' | 'sender' | 'purpose'
>;
type Branch = Map<string | null, Branch | Kind>;

/** The contact's own ceiling of messages a week, whatever they are. */
const OWN: CompiledRule = {
  name: 'own-max-per-week',
  window: { kind: 'rolling', length: OWN_WEEK },
  unit: { kind: 'messages' },
  scope: compileScope({}, {}),
  max: () => Infinity,
  maxChanges: null,
  reserve: null,
  onBlocked: { kind: 'drop' },
  platform: false,
};

/**
 * The rules of a policy, and which kinds of messages they tell apart: found once for each, so that a scope is not asked
 * again for every message of every contact. Only the fields that some rule looks at tell kinds apart.
 */
export class RuleSet {
  readonly own = OWN;
  /** Those of the policy, and last the contact's own. */
  readonly rules: readonly CompiledRule[];
  readonly exclusive: readonly CompiledExclusive[];
  /** How far back, in milliseconds, any of them can count. */
  readonly lookBack: number;
  private readonly fields: readonly Field[];
  private readonly kinds = new Map<string, Kind>();
  private readonly counting: Branch = new Map();
  private readonly exempt: Branch = new Map();

  constructor(rules: readonly CompiledRule[], exclusive: readonly CompiledExclusive[] = []) {
    this.exclusive = exclusive;
    this.rules = [...rules, OWN];
    this.lookBack = Math.max(...this.rules.map(lookBack));
    const asked = new Set<Field>(rules.flatMap(({ scope }) => [...scope.fields.keys()]));
    if (rules.some(({ unit }) => unit.kind !== 'messages')) asked.add('channel');
    this.fields = [...asked];
  }

  kindOf(subject: ScopeSubject): Kind {
    let branch = subject.countsToward ? this.counting : this.exempt;
    const last = this.fields.length - 1;
    for (let index = 0; index < last; index += 1) {
      const value = subject[this.fields[index]!];
      let next = branch.get(value) as Branch | undefined;
      if (next === undefined) branch.set(value, (next = new Map()));
      branch = next;
    }
    const value = last < 0 ? null : subject[this.fields[last]!];
    let kind = branch.get(value) as Kind | undefined;
    if (kind === undefined) branch.set(value, (kind = this.newKind(subject)));
    return kind;
  }

  private newKind(subject: ScopeSubject): Kind {
    const one = { ...subject, parts: 1 };
    const weights = this.rules.map((rule) => (counts(rule, one) ? weightOf(rule.unit, one) : 0));
    const key = weights.join();
    let kind = this.kinds.get(key);
    if (kind === undefined) this.kinds.set(key, (kind = { weights }));
    return kind;
  }
}
