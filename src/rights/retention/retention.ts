import { parseDuration, subtractDuration } from '../../calendar/index.ts';
import { sendsSince } from '../../gate/index.ts';
import type { Library } from '../../scenarios/index.ts';
import { monthOf, type Instant } from '../../shared/clock.ts';

/** Why people are removed: nobody heard of them for too long, or they were named by a friend and never answered. */
export const FORGOTTEN = ['prospects', 'customers', 'referrals'] as const;
export type Forgotten = (typeof FORGOTTEN)[number];

/** What the policy keeps, as instants of a run at `now`. */
export interface Cuts {
  /** People of whom nothing was heard since; null: they are kept. */
  people: Readonly<Record<Forgotten, Instant | null>>;
  /** Months before this one are removed (`YYYY-MM-01`): all in them is older than what is kept. */
  months: Readonly<Record<'events' | 'messages' | 'webhookCalls', string>>;
  /** Events that are a sale: what makes a customer, and what a soft opt-in rests on (rule C3). */
  sales: readonly string[];
  /** Events that scenarios make themselves: no sign of life of a person. */
  made: readonly string[];
  /** What used room after this is counted by a pressure window. */
  sendsSince: Instant;
  /** Purposes of which one message may be sent, ever (law L23). */
  once: readonly string[];
}

/** Reads the policy as of `now`; calendar steps are those of the policy's zone. */
export function cutsOf({ policy, live }: Pick<Library, 'policy' | 'live'>, now: Instant): Cuts {
  const { retention, timezone } = policy.policy;
  const before = (span: string): Instant => subtractDuration(now, parseDuration(span)!, timezone);
  return {
    people: {
      prospects: before(retention.prospects),
      customers: retention.customers === undefined ? null : before(retention.customers),
      referrals: before(retention.referrals),
    },
    months: {
      events: monthOf(before(retention.events)),
      messages: monthOf(before(retention.messages)),
      webhookCalls: monthOf(before(retention.webhookCalls)),
    },
    sales: [...new Set(policy.compiled.sales.map(({ event }) => event))],
    made: [...new Set(live.flatMap(({ emits }) => emits))],
    sendsSince: sendsSince(policy, now),
    once: [...policy.compiled.once],
  };
}
