import { atTime, contactZone, localDay, writeDay } from '../../calendar/index.ts';
import {
  countedSend,
  earliestPass,
  openHoursOf,
  roomsOf,
  sideOf,
  timeOf,
  type JudgeFacts,
  type Message,
  type OpenSpan,
  type PolicyVersion,
  type TestSide,
} from '../../gate/index.ts';
import type { PlannedSend } from '../../pressure/index.ts';
import { CHANNELS, type Channel } from '../../shared/channel.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';
import { candidateOf, type Asked } from './candidate.ts';
import { feltOutlook, type FeltOutlook } from './felt-outlook.ts';
import type { SentCount } from './sql/sent.ts';

/** Days that are told, today included. */
const DAYS = 14;
const MIDNIGHT = { hour: 0, minute: 0 };

/** What one rule allows at the beginning of a day; today, at the instant that is asked about. */
export interface RoomOnDay {
  /** `YYYY-MM-DD`, by the contact's calendar. */
  date: string;
  at: Instant;
  max: number;
  /** By what was sent. */
  used: number;
  /** By what waits and falls due before then, if it is sent when it does. */
  planned: number;
  /** What is kept for planned messages of higher priority, where that is why there is no room. */
  kept: number;
  /** What `max` would be but for the contact's reactions; null when they do not lower it. */
  loweredFrom: number | null;
  free: number;
  /** The first instant from then on at which there is room; null when there is none that can be told. */
  roomFrom: Instant | null;
}

/** How much may be sent to a contact, and when. */
export interface Outlook {
  at: Instant;
  /** By whose clock days begin: the contact's. */
  zone: string;
  ownLimits: JudgeFacts['ownLimits'];
  /** Of the frequency test that the policy names, if it is not over: the contact's side, and when it holds. */
  test: (TestSide & { from: Instant; until: Instant }) | null;
  /** Every rule of the policy that may count for this contact, and the contact's own limits, as `own-…`. */
  rules: {
    rule: string;
    /** It keeps messages away while the contact is in its programme; then nothing is told but today. */
    exclusive: boolean;
    days: RoomOnDay[];
    /** For which planned messages room is kept now. */
    keptFor: readonly PlannedSend[];
  }[];
  /** Felt pressure, beside what was sent. */
  felt: FeltOutlook;
  /** What was sent to the contact, by channel. */
  sent: readonly SentCount[];
  /** How many sends to others with one of its addresses are counted too (rule P12). */
  shared: number;
  /** For an advertising message of each channel that counts and may be held back; `exclusive`: one of these rules keeps it away. */
  channels: { channel: Channel; earliest: Instant | null; exclusive: boolean; openToday: OpenSpan[] }[];
  /** What waits or is about to leave, first due first. */
  waiting: Message[];
}

/**
 * The room that a contact's history leaves, now and on each of the next 14 days, and when it may next be written to. It is
 * what the gate would count, by the gate's own functions. Consent is not asked: that is a matter of the purpose.
 * `waiting` are the contact's messages that are held or ready; `sent` and `shared` are told as they are.
 */
export function outlook(
  facts: JudgeFacts,
  waiting: readonly Message[],
  policy: PolicyVersion,
  asked: Asked,
  now: Instant,
  { sent, shared }: Pick<Outlook, 'sent' | 'shared'> = { sent: [], shared: 0 },
): Outlook {
  const zone = contactZone(facts.contact, policy.policy.timezone);
  const held = waiting.filter(({ status, countsToward }) => status === 'held' && countsToward);
  const today = localDay(now, zone);
  const days = Array.from({ length: DAYS }, (_, index) => ({
    date: writeDay(today + index),
    at: index === 0 ? now : atTime(today + index, MIDNIGHT, zone),
  }));
  const test = testOf(policy, facts.contact.id, now);
  // Other rules may hold when it begins and when it is over.
  const turns = [test?.from, test?.until].filter((at) => at !== undefined && at > now && at <= days.at(-1)!.at);
  const probes = [now, ...(turns as Instant[])].flatMap((at) => candidates(facts, policy, asked, at));
  const names = [...new Set(probes.flatMap(({ rules }) => rules))];
  return {
    at: now,
    zone,
    ownLimits: facts.ownLimits,
    test,
    rules: names.map((rule) => {
      const { message } = probes.find(({ rules }) => rules.includes(rule))!;
      const room = roomsOf(message, facts, policy, now).find((each) => each.rule === rule);
      const exclusive = room?.whileInside === true;
      return {
        rule,
        exclusive,
        days: (exclusive ? days.slice(0, 1) : days).flatMap((day) => roomOn(rule, message, facts, held, policy, day)),
        keptFor: room?.keptFor ?? [],
      };
    }),
    felt: feltOutlook(facts, probes, policy, now),
    sent,
    shared,
    channels: CHANNELS.map((channel) => {
      const message = candidateOf(policy.policy, { ...asked, channel }, facts.contact.id, now);
      const day = { from: atTime(today, MIDNIGHT, zone), until: atTime(today + 1, MIDNIGHT, zone) };
      return {
        channel,
        earliest: earliestPass(message, facts, policy, now),
        exclusive: roomsOf(message, facts, policy, now).some(({ whileInside }) => whileInside === true),
        openToday: openHoursOf(message, facts, policy, day),
      };
    }),
    waiting: [...waiting].sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1)),
  };
}

function testOf({ policy }: PolicyVersion, contactId: Id, now: Instant): Outlook['test'] {
  const { frequencyTest: test, timezone } = policy;
  if (test === undefined) return null;
  const time = timeOf(test, timezone);
  return now >= time.until ? null : { id: test.id, side: sideOf(test, contactId), ...time };
}

/** For every rule a message that lies in its scope, with the rules that have something to say about it. */
function candidates(facts: JudgeFacts, policy: PolicyVersion, asked: Asked, now: Instant) {
  const { pressure, frequencyTest, exclusive } = policy.policy;
  const scopes = [{}, ...[...pressure, ...(frequencyTest?.pressure ?? []), ...exclusive].map(({ scope }) => scope)];
  return scopes.map((scope) => {
    const message = candidateOf(policy.policy, { ...inside(scope), ...asked }, facts.contact.id, now);
    return { message, rules: roomsOf(message, facts, policy, now).map(({ rule }) => rule) };
  });
}

type Scope = PolicyVersion['policy']['pressure'][number]['scope'];

/** Of the lists of a scope the first of each: a message of them lies in it. */
function inside({ channels, categories, programmes, scenarios, senders }: Scope): Asked {
  const first = <Name extends string>(key: string, names: readonly Name[] | undefined) =>
    names?.[0] === undefined ? {} : { [key]: names[0] };
  return {
    ...first('channel', channels),
    ...first('category', categories),
    ...first('programme', programmes),
    ...first('scenario', scenarios),
    ...first('sender', senders),
  };
}

function roomOn(
  rule: string,
  message: Message,
  facts: JudgeFacts,
  held: readonly Message[],
  policy: PolicyVersion,
  { date, at }: { date: string; at: Instant },
): RoomOnDay[] {
  const coming = held.filter(({ dueAt }) => dueAt <= at).map((each) => countedSend({ ...each, countedAt: each.dueAt }));
  const sends = [...facts.sends, ...coming].sort((a, b) => a.at - b.at);
  const of = (known: JudgeFacts) => roomsOf(message, known, policy, at).find((room) => room.rule === rule);
  const [sent, all] = [of(facts), of({ ...facts, sends })];
  // The contact's own pause is over by then.
  if (sent === undefined || all === undefined) return [];
  const { max, used } = sent;
  return [
    {
      date,
      at,
      max,
      used,
      planned: all.used - used,
      kept: all.kept,
      loweredFrom: sent.lowered?.from ?? null,
      free: Math.max(0, max - all.used - all.kept),
      roomFrom: Number.isFinite(all.earliest) ? all.earliest : null,
    },
  ];
}
