import type { Instant } from '../../shared/clock.ts';
import type { Estimate } from './estimate.ts';
import type { ForecastPlan } from './plan.ts';

/** A forecast, ready to be shown. `forecast --json` prints it as it is, with instants as RFC 3339. */
export interface Forecast {
  from: Instant;
  until: Instant;
  days: number;
  timezone: string;
  /** False when it was stopped: then it stands on those who had been simulated, as on a sample. */
  complete: boolean;
  /** Of contacts that were asked for; 1 for all. */
  sample: number;
  seed: string;
  contacts: {
    now: number;
    /** To whom anything may happen in the period. */
    concerned: number;
    simulated: number;
  };
  input: { kind: ForecastPlan['input']['kind']; since: Instant | null; weeks: number | null; events: number };
  /** Scenarios that are reported; null: all. */
  scenarios: string[] | null;
  /** One a policy, in the order given. */
  policies: PolicyForecast[];
  /** What the second policy changes, figure by figure; empty when there is one. */
  comparison: Compared[];
}

/** One figure under two policies, on the same contacts and events. */
export interface Compared extends Why {
  figure: Figure;
  /** Of figures that are told apart by outcome, such as `refused`. */
  outcome: Outcome | null;
  programme: string | null;
  before: Estimate;
  after: Estimate;
  /** `after` less `before`; its margin is that of contacts compared with themselves. */
  difference: Estimate;
}

export type Figure =
  | 'entries'
  | 'messages'
  | 'outcome'
  | 'sent'
  | 'refused'
  | 'held'
  | 'reached'
  | 'nothing'
  | 'busiest-minute'
  | 'calls'
  | 'sms-parts'
  | 'sms-cost';

export const OUTCOMES = ['sent', 'blocked', 'expired', 'cancelled', 'holdout', 'waiting'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type Outcomes = Record<Outcome, Estimate>;

/** Why a message was refused: the gate, the rule of the policy, or the gate's own reason where there is no rule. */
export interface Why {
  gate: string | null;
  rule: string | null;
  reason: string | null;
}

export interface PolicyForecast {
  policy: string;
  entries: Estimate;
  messages: Estimate;
  outcomes: Outcomes;
  sms: { parts: Estimate; cost: { amount: Estimate; currency: string } | null };
  /** Whoever is there now. */
  reach: Reach;
  /** Whoever comes in the period. */
  newcomers: Reach;
  days: DayForecast[];
  channels: { channel: string; sent: Estimate }[];
  programmes: { programme: string; sent: Estimate; smsParts: Estimate }[];
  scenarios: { scenario: string; entries: Estimate; outcomes: Outcomes }[];
  /** Calls that `webhook` steps would make: what the receivers must bear. */
  calls: { total: Estimate; steps: { scenario: string; step: string; calls: Estimate }[] };
  /** What the gates and rules kept back, and from whom. `waiting`: still held when the period ends. */
  refused: (Why & {
    outcome: 'blocked' | 'expired' | 'waiting';
    messages: Estimate;
    programmes: { programme: string; messages: Estimate }[];
  })[];
  /** Messages that waited, whatever became of them, and for how long; minutes. */
  held: (Why & { messages: Estimate; median: number; p90: number; longest: number })[];
  /** The minute in which most messages are sent; as it was counted, when only some were simulated for those. */
  busiestMinute: { at: Instant; messages: Estimate; channels: Record<string, number> } | null;
  /** Whose messages had taken the room that others were refused. */
  conflicts: { winner: string; loser: string; rule: string; held: Estimate; blocked: Estimate }[];
  /** Both sides of the frequency test that runs in the period; null when none does. */
  frequencyTest: { id: string; base: SideForecast; variant: SideForecast } | null;
  /** Contacts that defeat the engine, left out, and one of them. */
  broken: { contacts: number; example: string | null };
}

/** One side of a frequency test: whoever had a message judged while it ran, and what became of those messages. */
export interface SideForecast {
  contacts: Estimate;
  outcomes: Outcomes;
}

export interface Reach {
  contacts: Estimate;
  reached: Estimate;
  /** Would get nothing at all. */
  nothing: Estimate;
  /** `not-entered`, `no-message` (inside, but nothing was due), a gate that blocked, or what became of their messages. */
  why: (Why & { kind: string; contacts: Estimate })[];
}

export interface DayForecast {
  /** Local date. */
  day: string;
  entries: number;
  outcomes: Record<Exclude<Outcome, 'waiting'>, number>;
  sent: { channel: string; programme: string; messages: number }[];
  refused: (Why & { outcome: 'blocked' | 'expired'; messages: number })[];
}
