import type { BreakerPolicy } from '../../gate/index.ts';
import type { Instant } from '../../shared/clock.ts';

const HOUR = 3_600_000;

export const CAUSES = ['complaints', 'bounces', 'failures'] as const;
export type Cause = (typeof CAUSES)[number];

/** What became of mails from one sending domain, or of texts of one sender. */
export interface Deliveries {
  /** Hand-overs that ended. */
  handed: number;
  /** Of them, refused or with an end nobody knows. */
  failed: number;
  /** Addresses that turned out dead, at once or later. */
  bounced: number;
  complained: number;
}

/** Whether marketing leaves from one sending domain (law L19), or by text from one sender. */
export interface Breaker {
  /** Such as `example.com`, or `sms:NAME` for the texts of a sender. */
  domain: string;
  state: 'closed' | 'warned' | 'stopped';
  /** What led to the state; null when closed. */
  cause: Cause | null;
  /** Of the cause, when the state began: 0.003 is 0.3 %. */
  rate: number | null;
  since: Instant;
  /** Nothing from before counts: it was lifted. Null: it never was. */
  countedFrom: Instant | null;
}

export const closedBreaker = (domain: string, now: Instant): Breaker => ({
  domain,
  state: 'closed',
  cause: null,
  rate: null,
  since: now,
  countedFrom: null,
});

/**
 * The breaker after a look at what was counted in its window; the same object when nothing changes. It opens by itself and
 * stays so: a person lifts it, or the policy's cool-down. Under the minimum of hand-overs a rate says nothing.
 */
export function decide(breaker: Breaker, deliveries: Deliveries, policy: BreakerPolicy, now: Instant): Breaker {
  if (breaker.state === 'stopped') {
    const cooled = policy.coolDown !== null && now - breaker.since >= policy.coolDown;
    return cooled ? lifted(breaker, now) : breaker;
  }
  const rates = CAUSES.map((cause) => ({ cause, rate: rateOf(deliveries, cause) }));
  const enough = deliveries.handed >= policy.minimum;
  const over = (limit: 'warn' | 'stop') =>
    enough ? rates.find(({ cause, rate }) => rate >= policy[cause][limit]) : undefined;
  const stop = over('stop');
  if (stop !== undefined) return { ...breaker, ...stop, state: 'stopped', since: now };
  const warn = over('warn');
  if (warn === undefined)
    return breaker.state === 'closed'
      ? breaker
      : { ...closedBreaker(breaker.domain, now), countedFrom: breaker.countedFrom };
  return breaker.state === 'warned' && breaker.cause === warn.cause
    ? breaker
    : { ...breaker, ...warn, state: 'warned', since: now };
}

/** Counted anew from the next hour on: what was counted before would stop it again at once. */
export function lifted({ domain }: Breaker, now: Instant): Breaker {
  return { ...closedBreaker(domain, now), countedFrom: (Math.floor(now / HOUR) + 1) * HOUR };
}

export function rateOf({ handed, failed, bounced, complained }: Deliveries, cause: Cause): number {
  const count = { complaints: complained, bounces: bounced, failures: failed }[cause];
  return handed === 0 ? 0 : count / handed;
}
