import {
  compileAudiences,
  compileCondition,
  type Condition,
  type NamedAudiences,
  type Predicate,
} from '../audience/index.ts';
import { dayOf, durationMs, parseDuration, parseWeeklyWindow } from '../calendar/index.ts';
import type { DoubleOptIn } from '../consent/index.ts';
import type { WeeklyWindow } from '../calendar/index.ts';
import { CompiledFatigue, compileExclusive, compileRule, RuleSet } from '../pressure/index.ts';
import type { CompiledExclusive } from '../pressure/index.ts';
import type { Instant } from '../shared/clock.ts';
import { parseYaml } from '../shared/yaml.ts';
import type { ParsedYaml } from '../shared/yaml.ts';
import { compileBreakers, compileSoftBounces, type BreakerPolicy } from './breakers.ts';
import { RuleBook, timeOf, writtenRules, type CompiledRules, type Side } from './frequency-test.ts';
import { policySchema } from './policy.schema.ts';
import type { Policy } from './policy.schema.ts';

/** An entry of `quietHours` with its window parsed; null means all. */
export interface CompiledQuietHours {
  channels: ReadonlySet<string>;
  countries: ReadonlySet<string> | null;
  window: WeeklyWindow;
  /** The window as it was written. */
  hours: string;
  closedOnHolidays: boolean;
}

/** An entry of `blackouts`: its days as day numbers; null means all. */
export interface CompiledBlackout {
  channels: ReadonlySet<string> | null;
  categories: ReadonlySet<string> | null;
  countries: ReadonlySet<string> | null;
  shut: { first: number; last: number };
  blackout: { from: string; to: string; reason: string };
}

/** A policy with everything parsed, made once a version, so that judging parses nothing. */
export interface CompiledPolicy {
  /** By which rules a contact is judged at an instant. */
  ruleBook: RuleBook;
  exclusive: readonly CompiledExclusive[];
  /** Null where reactions lower nothing. */
  fatigue: CompiledFatigue | null;
  quietHours: readonly CompiledQuietHours[];
  blackouts: readonly CompiledBlackout[];
  breakers: BreakerPolicy;
  /** Soft bounces of an address within so many milliseconds that suppress it. */
  softBounces: { max: number; within: number };
  /** An event older than this on arrival triggers nothing; milliseconds. */
  lateAfter: number;
  /** The brand that a sender speaks for; empty without brands. */
  brandOf: ReadonlyMap<string, string>;
  /** Who is written to by profession, by purpose of legitimate interest. */
  appliesTo: ReadonlyMap<string, Predicate>;
  /** Purposes of which a contact gets one message without having consented. */
  once: ReadonlySet<string>;
  /** Which consents must be confirmed by whoever reads the address; null when none. */
  doubleOptIn: DoubleOptIn | null;
  /** Which events are a sale of which purpose. */
  sales: readonly { purpose: string; event: string }[];
  /** How far back any window counts; milliseconds, Infinity with a lifetime rule. */
  lookBack: number;
  audiences: NamedAudiences;
}

/** A published policy: immutable (rule D8). Every decision names its version. */
export interface PolicyVersion {
  readonly version: number;
  readonly policy: Policy;
  readonly compiled: CompiledPolicy;
}

const setOf = (names: readonly string[] | undefined): ReadonlySet<string> | null =>
  names === undefined ? null : new Set(names);

/** Reads `policy.yaml`; every fault has its line and column. `file` is only named in them. */
export function parsePolicy(source: string, file: string): ParsedYaml<Policy> {
  return parseYaml(source, file, policySchema);
}

/** Parses all that the schema has accepted as text. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const exclusive = policy.exclusive.map((entry) => compileExclusive(entry, policy.brands));
  const fatigue = policy.fatigue === undefined ? null : new CompiledFatigue(policy.fatigue);
  const ruleBook = compileRuleBook(policy, exclusive);
  return {
    ruleBook,
    exclusive,
    fatigue,
    quietHours: policy.quietHours.map((hours) => ({
      channels: new Set(hours.channels),
      countries: setOf(hours.countries),
      window: weeklyWindow(hours.allow),
      hours: hours.allow,
      closedOnHolidays: hours.holidays === 'closed',
    })),
    blackouts: policy.blackouts.map(({ from, to, channels, categories, countries, reason }) => ({
      channels: setOf(channels),
      categories: setOf(categories),
      countries: setOf(countries),
      shut: { first: dayOf(from)!, last: dayOf(to)! },
      blackout: { from, to, reason },
    })),
    breakers: compileBreakers(policy.breakers),
    softBounces: compileSoftBounces(policy.softBounces),
    lateAfter: durationMs(parseDuration(policy.lateEvents)!),
    ...compileConsent(policy),
    doubleOptIn: compileDoubleOptIn(policy),
    lookBack: Math.max(...ruleBook.sides.map(({ ruleSet }) => ruleSet.lookBack), fatigue?.lookBack ?? 0),
    audiences: compileAudiences(policy.audiences),
  };
}

function compileRuleBook(policy: Policy, exclusive: readonly CompiledExclusive[]): RuleBook {
  const { frequencyTest, brands, timezone } = policy;
  const compile = (side: Side): CompiledRules => {
    const rules = writtenRules(policy, side).map((rule) => compileRule(rule, brands));
    return { rules, ruleSet: new RuleSet(rules, exclusive), reserves: rules.some(({ reserve }) => reserve !== null) };
  };
  if (frequencyTest === undefined) return new RuleBook(compile('base'), null);
  const test = { written: frequencyTest, ...timeOf(frequencyTest, timezone), variant: compile('variant') };
  return new RuleBook(compile('base'), test);
}

/** The brand that a sender speaks for; undefined in a policy without brands. */
export function brandOf({ brands }: Policy, sender: string): string | undefined {
  return Object.entries(brands ?? {}).find(([, { senders }]) => senders.includes(sender))?.[0];
}

/** Who is a professional, where the purpose does not say. */
const PROFESSIONAL: Condition = { attribute: 'professional', equals: true };

function compileConsent({
  purposes,
  brands,
}: Policy): Pick<CompiledPolicy, 'brandOf' | 'appliesTo' | 'once' | 'sales'> {
  const all = Object.entries(purposes);
  return {
    brandOf: new Map(
      Object.entries(brands ?? {}).flatMap(([brand, { senders }]) => senders.map((sender) => [sender, brand] as const)),
    ),
    appliesTo: new Map(
      all
        .filter(([, { legalBasis }]) => legalBasis === 'legitimate-interest')
        .map(([purpose, { appliesTo }]) => [purpose, compileCondition(appliesTo ?? PROFESSIONAL)]),
    ),
    once: new Set(all.filter(([, { once }]) => once).map(([purpose]) => purpose)),
    sales: all.flatMap(([purpose, { saleEvents = [] }]) => saleEvents.map((event) => ({ purpose, event }))),
  };
}

function compileDoubleOptIn({ doubleOptIn, purposes, timezone }: Policy): DoubleOptIn | null {
  if (doubleOptIn === undefined) return null;
  const consented = Object.keys(purposes).filter((purpose) => purposes[purpose]!.legalBasis === 'consent');
  return {
    countries: doubleOptIn.countries === 'all' ? null : new Set(doubleOptIn.countries),
    unknownCountry: doubleOptIn.unknownCountry === 'confirm',
    purposes: new Set(doubleOptIn.purposes ?? consented),
    expires: parseDuration(doubleOptIn.expires)!,
    timezone,
  };
}

/** Puts a version's number, its policy and what is compiled from it together. */
export function policyVersion(version: number, policy: Policy): PolicyVersion {
  return { version, policy, compiled: compilePolicy(policy) };
}

/** The earliest instant from which sends are needed to judge at `now`. */
export function sendsSince(policy: PolicyVersion, now: Instant): Instant {
  return Math.max(0, now - policy.compiled.lookBack);
}

/** A weekly window that a schema has accepted already. */
export function weeklyWindow(text: string): WeeklyWindow {
  const window = parseWeeklyWindow(text);
  if (window === null) throw new TypeError(`not a weekly window: ${text}`);
  return window;
}
