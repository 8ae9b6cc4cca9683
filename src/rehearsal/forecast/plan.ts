import type { NextLibrary } from '../../scenarios/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Rates } from './rates.schema.ts';

/** All that a forecast is made of but the contacts: plain data, the same for every thread. */
export interface ForecastPlan {
  from: Instant;
  until: Instant;
  days: number;
  /** Of the policy: by it days begin and end in the report. */
  zone: string;
  /** What it is played by: one, or two to be compared. */
  variants: Variant[];
  /** Base of the links in messages: it counts in the length of a text message. */
  publicUrl: string;
  /** Scenarios that are reported; all run. Null: all. */
  only: string[] | null;
  input: EventInput;
  /** Null: everybody. */
  sample: Sample | null;
  /** How many contacts there are. */
  contacts: number;
  /** Of every draw. */
  seed: string;
}

export interface Variant {
  /** As it is shown: the policy's file. */
  name: string;
  next: NextLibrary;
}

export interface Sample {
  /** Of contacts, above 0 to 1. */
  share: number;
}

/** What backends are taken to send in the period. */
export type EventInput =
  /** Nothing but time. */
  | { kind: 'none' }
  /** What they sent since then, again, moved by whole weeks and repeated to the period's end. */
  | { kind: 'replay'; since: Instant; weeks: number }
  /** What a file of rates says, spread over each event's audience. */
  | { kind: 'rates'; rates: Rates; sizes: number[] };
