import { timeOf, writtenRules, type Policy, type Side } from '../../gate/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { canonicalJson } from '../../shared/hash.ts';

/** A published policy, and when it was. */
export interface PublishedPolicy {
  version: number;
  publishedAt: Instant;
  policy: Policy;
}

/** One frequency test as it was run, over all policy versions that name it. */
export interface TestRun {
  id: string;
  /** When contacts were first judged by it, and when no more; the same instant where that never came about. */
  from: Instant;
  until: Instant;
  /** Of the policy, by whose clock its days begin; IANA name. */
  zone: string;
  state: 'planned' | 'running' | 'over';
  /** Of the contacts: as its last policy version has it. */
  share: number;
  /** Whoever is below the least and from the greatest share on has been on one side all the time. */
  shares: { least: number; greatest: number };
  policyVersions: number[];
  /** The rules of both sides, as its last policy version has them. */
  rules: Record<Side, Policy['pressure']>;
  /** Its rules were not the same all the time. */
  changed: boolean;
}

/**
 * The tests that published policies name or named, the latest first. A test is in force from the publication of the
 * first version that names it, until one is published that does not; what it says of its days only ever narrows that.
 * @param policies in the order of their versions; those that cannot be read any more may be missing
 */
export function testRuns(policies: readonly PublishedPolicy[], now: Instant): TestRun[] {
  const named = new Map<string, Naming[]>();
  policies.forEach(({ version, publishedAt, policy }, index) => {
    const { frequencyTest: test, timezone } = policy;
    if (test === undefined) return;
    const written = timeOf(test, timezone);
    const from = Math.max(written.from, publishedAt);
    const until = Math.max(from, Math.min(written.until, policies[index + 1]?.publishedAt ?? Infinity));
    named.set(test.id, [...(named.get(test.id) ?? []), { version, policy, share: test.share, from, until }]);
  });
  return [...named.entries()]
    .map(([id, all]) => runOf(id, all, now))
    .sort((a, b) => b.from - a.from || (a.id < b.id ? -1 : 1));
}

/** One policy version that names a test, with the time in which contacts were judged by it. */
interface Naming {
  version: number;
  policy: Policy;
  share: number;
  from: Instant;
  until: Instant;
}

function runOf(id: string, all: readonly Naming[], now: Instant): TestRun {
  const last = all.at(-1)!;
  // A version that was replaced before the test began has judged nobody by it.
  const judging = all.filter(({ from, until }) => until > from);
  const counted = judging.length === 0 ? [last] : judging;
  const from = Math.min(...counted.map((each) => each.from));
  const until = Math.max(...counted.map((each) => each.until));
  const shares = counted.map(({ share }) => share);
  const rulesOf = ({ policy }: Naming): TestRun['rules'] => ({
    base: writtenRules(policy, 'base'),
    variant: writtenRules(policy, 'variant'),
  });
  const { share } = counted.at(-1)!;
  return {
    id,
    from,
    until,
    zone: counted.at(-1)!.policy.timezone,
    state: now >= until ? 'over' : now < from ? 'planned' : 'running',
    share,
    shares: { least: Math.min(...shares), greatest: Math.max(...shares) },
    policyVersions: all.map(({ version }) => version),
    rules: rulesOf(counted.at(-1)!),
    changed: new Set(counted.map((each) => canonicalJson(rulesOf(each)))).size > 1,
  };
}
