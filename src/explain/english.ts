import { holidayName } from '../calendar/index.ts';
import type { Closing, Felt } from '../gate/index.ts';
import type { Channel } from '../shared/channel.ts';
import { amountsOf, durationParts, heaviest, hoursParts, instantParts, listed } from './phrasing.ts';
import type { GateTold, OutcomeTold, RuleTold, Words, WrittenRule } from './told.ts';

const ONE: Record<Channel, string> = { email: 'email', sms: 'text message' };
const MANY: Record<Channel, string> = { email: 'emails', sms: 'text messages' };
const ADDRESS: Record<Channel, string> = { email: 'email address', sms: 'phone number' };
const DAYS = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const quoted = (text: string): string => `“${text}”`;
const about = ({ purpose, channel }: GateTold): string => `${quoted(purpose)} by ${ONE[channel]}`;

const duration = (text: string): string =>
  durationParts(text)
    .map(({ unit, count }) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(' ');

function hours(text: string): string {
  const { days, from, until } = hoursParts(text);
  const range = ([first, last]: readonly [number, number]): string =>
    first === last ? DAYS[first]! : `${DAYS[first]} to ${DAYS[last]}`;
  const time = `between ${from} and ${until}`;
  return days === null ? time : `${listed(days.map(range), 'and')} ${time}`;
}

function instant(at: number, zone: string): string {
  const { day, time } = instantParts(at, zone, 'en-GB');
  return `${day.replace('Sept', 'Sep')} ${time}`;
}

/** `; Mon 6 Apr 2026 is a public holiday (Easter Monday)`. */
function holidays({ holidays: days = [] }: Closing): string {
  const told = days.map((day) => {
    const name = holidayName(day, day.date, 'en');
    return `${instantParts(Date.parse(day.date), 'UTC', 'en-GB').day} is a public holiday${name === null ? '' : ` (${name})`}`;
  });
  return told.map((day) => `; ${day}`).join('');
}

function clock({ record: { closed } }: GateTold): string {
  return closed?.hours === undefined ? '' : `${hours(closed.hours)} (clock of ${closed.zone})${holidays(closed)}`;
}

function blackout({ record: { closed } }: GateTold): string {
  if (closed?.blackout === undefined) return 'nothing was sent on these days';
  const { from, to, reason } = closed.blackout;
  const day = (date: string): string => instantParts(Date.parse(date), 'UTC', 'en-GB').day;
  const days = from === to ? `on ${day(from)}` : `from ${day(from)} to ${day(to)}`;
  return `nothing is sent ${days} (${reason})`;
}

/** `2 marketing emails of welcome`. */
function messages({ scope }: WrittenRule, count: number): string {
  const [channel, ...others] = scope.channels ?? [];
  const noun =
    channel === undefined || others.length > 0
      ? `message${count === 1 ? '' : 's'}`
      : count === 1
        ? ONE[channel]
        : MANY[channel];
  const kind = listed(scope.categories ?? [], 'or');
  const of = listed([...(scope.programmes ?? []), ...(scope.scenarios ?? [])], 'and');
  return `${kind === '' ? '' : `${kind} `}${noun}${of === '' ? '' : ` of ${of}`}`;
}

function within({ window }: WrittenRule): string {
  if (window === undefined) return 'in all';
  if ('rolling' in window) return `within ${duration(window.rolling)}`;
  if ('gap' in window) return `within ${duration(window.gap)}`;
  if ('calendar' in window) return `in a calendar ${window.calendar}`;
  return 'in all';
}

function allows({ name, counter, written }: RuleTold): string {
  const max = counter?.max ?? 0;
  if (name === 'own-max-per-week') return `the contact asked for at most ${max} message${max === 1 ? '' : 's'} a week`;
  if (written === null) return `the rule ${quoted(name)} allows ${max}`;
  const { unit = 'messages' } = written;
  if (typeof unit !== 'string') {
    const { halfLife } = unit.score;
    return `the rule ${quoted(name)} allows a score of ${max}, halved every ${duration(halfLife)}, and this message adds ${counter?.cost ?? 1}`;
  }
  if (unit === 'sms-parts')
    return `the rule ${quoted(name)} allows ${max} parts of ${messages(written, 2)} ${within(written)}, and this one has ${counter?.cost ?? 1}`;
  if (written.window !== undefined && 'gap' in written.window && max > 0)
    return `the rule ${quoted(name)} leaves ${duration(written.window.gap)} between two ${messages(written, 2)}`;
  return `the rule ${quoted(name)} allows ${max === 0 ? 'no' : max} ${messages(written, max)} ${within(written)}`;
}

/** What a rule lets through, whoever it is about: `at most 2 marketing emails within 7 days`. */
export function allowedEnglish(rule: WrittenRule): string {
  const { unit = 'messages', window } = rule;
  if (window !== undefined && 'gap' in window)
    return `at least ${duration(window.gap)} between two ${messages(rule, 2)}`;
  const amounts = amountsOf(rule);
  const most = listed(amounts.map(String), 'or');
  if (typeof unit !== 'string') return `a score of at most ${most}, halved every ${duration(unit.score.halfLife)}`;
  if (unit === 'sms-parts') return `at most ${most} parts of ${messages(rule, 2)} ${within(rule)}`;
  if (most === '0') return `no ${messages(rule, 2)} ${within(rule)}`;
  return `at most ${most} ${messages(rule, amounts.at(-1)!)} ${within(rule)}`;
}

const unnamed = (channel: string, scenario: string): string =>
  `${channel === 'sms' ? ONE.sms : ONE.email}${scenario === '' ? '' : ` of ${scenario}`}`;

/** A score, as people read it. */
const round = (score: number): number => Math.round(score * 100) / 100;

/** A reaction, after `the contact`. */
const REACTED: Record<Felt['kind'], (when: string, count: number) => string> = {
  complaint: (when) => `reported a message as spam on ${when}`,
  unsubscribe: (when) => `withdrew a consent on ${when}`,
  stop: (when) => `answered STOP on ${when}`,
  unclicked: (when, count) => `clicked in none of the emails up to that of ${when}, ${count} too many`,
};

/** ` (lowered from 4, because the contact answered STOP on Tue 3 Mar 2026 09:00)`. */
function lowered({ rule, at }: GateTold): string {
  const { from, by = [] } = rule?.counter?.lowered ?? {};
  if (from === undefined) return '';
  const why = heaviest(by).map(({ kind, at: when, count = 1 }) => REACTED[kind](at(when), count));
  return ` (lowered from ${from}${why.length === 0 ? '' : `, because the contact ${listed(why, 'and')}`})`;
}

/** `, and room is kept for messages of higher priority (offer due on Tue 3 Mar 2026 09:00)`. */
function kept({ rule, nameOf, at }: GateTold): string {
  const { kept: room = 0, keptFor = [] } = rule?.counter ?? {};
  if (room === 0) return '';
  const names = keptFor.map(({ messageId, at: due, channel, scenario, step }) => {
    const name = messageId === null ? `${unnamed(channel, scenario)}, step ${step},` : nameOf(messageId);
    return `${name ?? unnamed(channel, scenario)} due on ${at(due)}`;
  });
  return `, and room is kept for messages of higher priority${names.length === 0 ? '' : ` (${listed(names, 'and')})`}`;
}

function used(told: GateTold): string {
  const { rule, nameOf, at } = told;
  const { used: count = 0, taken } = rule?.counter ?? {};
  const reserved = kept(told);
  if (count === 0) return reserved;
  const names = (taken ?? []).map(
    ({ messageId, at: sent, channel, scenario }) => `${nameOf(messageId) ?? unnamed(channel, scenario)} on ${at(sent)}`,
  );
  const which = names.length === 0 ? '' : ` (${listed(names, 'and')})`;
  if (rule?.counter?.unit !== undefined)
    return `, and ${round(count)} ${count === 1 ? 'is' : 'are'} used already${which}${reserved}`;
  return `, and ${count === 1 ? 'one was' : `${count} were`} sent already${which}${reserved}`;
}

const sentOn = ({ settled, at }: OutcomeTold): string => (settled === null ? '' : ` on ${at(settled)}`);

/** What is said in English. */
export const ENGLISH: Words = {
  gate: {
    address: 'address',
    suppression: 'suppression',
    consent: 'consent',
    'quiet-hours': 'quiet hours',
    window: 'send window',
    pressure: 'pressure',
    template: 'template',
  },
  refused: {
    address: {
      'no-address': ({ channel }) => `the contact has no ${ADDRESS[channel]}`,
      'no-sender': ({ sender, channel }) => `the sender ${quoted(sender)} has nothing to send ${MANY[channel]} as`,
      'no-contact': () => 'the contact no longer exists',
    },
    suppression: {
      'hard-bounce': ({ channel }) => `the ${ADDRESS[channel]} does not exist: an earlier message came back`,
      'soft-bounces': ({ channel }) => `the ${ADDRESS[channel]} has refused too many messages in a row`,
      complaint: () => 'the contact reported an earlier message as spam',
      stop: () => 'the contact answered STOP',
      objection: () => 'the contact objected to direct marketing',
      erased: () => 'the contact was erased and is not written to again',
    },
    consent: {
      unknown: (told) => `the contact has not consented to ${about(told)}`,
      withdrawn: (told) => `the contact withdrew the consent to ${about(told)}`,
      'withdrawn-at-address': (told) =>
        `the ${told.channel === 'sms' ? 'number' : 'mailbox'} said no to ${about(told)} through another contact`,
      refused: (told) => `the contact refused ${about(told)}`,
      pending: (told) => `the consent to ${about(told)} still waits to be confirmed`,
      confirmed: (told) => `the consent to ${about(told)} is confirmed already`,
      'not-consent': (told) => `what the contact agreed to is not the consent that ${about(told)} needs`,
      'no-sale': (told) => `${about(told)} is for customers, and this contact has bought nothing that counts`,
      'not-professional': (told) => `${about(told)} is for professionals, and this contact is not one`,
      'private-mailbox': (told) => `${about(told)} is for professional addresses, and this is a private mailbox`,
      'referral-used': () => 'a friend who was named is written to only once, and that was done',
      'no-such-purpose': ({ purpose }) => `the policy knows no purpose ${quoted(purpose)}`,
    },
    'quiet-hours': {
      closed: (told) =>
        `${MANY[told.channel]} leave only ${clock(told) || 'within their hours, and these were closed'}`,
      'legal-hours': (told) =>
        `in France advertising by text message never leaves on a Sunday or a public holiday, and only ${clock(told) || hours('Mon-Sat 08:00-22:00')}`,
      blackout: (told) => blackout(told),
      'never-open': () => 'in the next 60 days there is no moment at which all its hours are open together',
    },
    window: {
      closed: (told) => `this message leaves only ${clock(told) || 'in its own hours, and these were closed'}`,
      'never-open': () => 'its own hours do not open in the next 60 days',
    },
    pressure: {
      'no-room': (told) =>
        told.rule === null ? 'there was no room' : `${allows(told.rule)}${lowered(told)}${used(told)}`,
      exclusive: ({ rule }) =>
        `as long as the contact is in another programme, ${rule === null ? 'a rule' : `the rule ${quoted(rule.name)}`} keeps this message away`,
      paused: ({ record, at }) =>
        `the contact asked to be left in peace${record.until === undefined ? '' : ` until ${at(record.until)}`}`,
    },
    template: {},
  },
  refusedOtherwise: {
    address: ({ record }) => `there is nobody to send to (${record.reason})`,
    suppression: ({ record }) => `the address is suppressed (${record.reason})`,
    consent: (told) => `${about(told)} is not allowed (${told.record.reason})`,
    'quiet-hours': ({ record }) => `its hours were closed (${record.reason})`,
    window: ({ record }) => `its own hours were closed (${record.reason})`,
    pressure: ({ record, rule }) => `the rule ${quoted(rule?.name ?? 'of pressure')} refused it (${record.reason})`,
    template: ({ record }) => `its template cannot be filled in for this contact: ${record.reason}`,
  },
  passedBecause: {
    address: {},
    suppression: {},
    consent: {
      'not-needed': () => 'messages of this category need no consent',
      confirmation: (told) => `it asks for the confirmation that the consent to ${about(told)} waits for`,
      'soft-opt-in': (told) => `a customer who did not object may be written to about ${about(told)}`,
      contract: (told) => `${about(told)} belongs to a contract with the contact`,
      'legitimate-interest': (told) => `a professional may be written to about ${about(told)}`,
      'generic-address': () => 'the mailbox of a function belongs to a company and needs no consent',
      referral: () => 'a friend who was named may be written to once',
    },
    'quiet-hours': {},
    window: {},
    pressure: { 'not-subject': () => 'pressure does not hold back messages of this category' },
    template: {},
  },
  passed: {
    address: ({ channel }) => `there is ${channel === 'email' ? 'an' : 'a'} ${ADDRESS[channel]}`,
    suppression: () => 'nothing stands against the address',
    consent: (told) => `the contact consented to ${about(told)}`,
    'quiet-hours': () => 'within the hours of its channel',
    window: () => 'within its own hours',
    pressure: () => 'every rule had room',
    template: () => 'filled in',
  },
  allPassed: 'Passed every gate.',
  ranOut: (until) => `Judged again: it had passed until ${until}, and was not handed over by then.`,
  decided: (gate, rule, version) =>
    `Decided by ${gate}${rule === null ? '' : `, rule ${quoted(rule)}`}, policy version ${version}.`,
  outcome: {
    held: ({ why, due, at }) => `Waits until ${at(due)}${why === null ? '' : `: ${why}`}. Then it is judged again.`,
    ready: ({ attempts, reason, due, at }) => {
      if (reason === 'breaker-stopped')
        return `Passed every gate, but marketing of its sender is stopped for now: too many complaints, bounces or failures. It is looked at again on ${at(due)}.`;
      if (attempts === 0) return 'Passed every gate and is handed over next.';
      const said = reason === null ? '' : ` (${quoted(reason)})`;
      return `Passed every gate, but the provider did not take it${said}. Tried ${attempts} time${attempts === 1 ? '' : 's'}; tried again on ${at(due)}.`;
    },
    handing: () => 'Passed every gate and is being handed over now.',
    sent: (told) => {
      const waited =
        told.why === null ? '' : ` It was planned on ${told.at(told.planned)} and had to wait: ${told.why}.`;
      const back =
        told.bounced !== null
          ? ` It came back on ${told.at(told.bounced)}.`
          : told.delivered !== null
            ? ` The provider reported on ${told.at(told.delivered)} that it arrived.`
            : '';
      return `Sent${sentOn(told)}.${waited}${back}`;
    },
    failed: (told) =>
      `Not delivered: the provider refused it for good${sentOn(told)}${told.reason === null ? '' : ` (${quoted(told.reason)})`}.`,
    unknown: (told) => {
      const how =
        told.reason === 'interrupted' || told.reason === null ? 'the hand-over was cut off' : quoted(told.reason);
      return `It may have arrived or not${sentOn(told)}: ${how}. It counts as sent and is not sent again.`;
    },
    blocked: (told) =>
      `Not sent${sentOn(told)}${told.why === null ? '' : `: ${told.why}`}.${told.consequence === '' ? '' : ` ${told.consequence}`}`,
    expired: (told) => {
      const why = told.why ?? (told.reason === null ? null : `the provider did not take it (${quoted(told.reason)})`);
      const until =
        told.expires === null ? 'it had waited too long' : `it was worth sending until ${told.at(told.expires)} only`;
      return `Not sent: ${until}${why === null ? '' : `, and by then ${why}`}.`;
    },
    cancelled: (told) => `Not sent: ${told.why}${told.settled === null ? '' : ` (${told.at(told.settled)})`}.`,
    holdout: () =>
      'Not sent on purpose: the contact is in the holdout, the share that receives nothing so that the effect can be measured.',
  },
  cancelled: {
    'its enrollment has ended': 'the contact had left the scenario',
    'the contact is gone': 'the contact no longer exists',
    completed: 'the contact had come to the end of the scenario',
    converted: 'the contact had reached the goal of the scenario',
    exited: 'the contact had left the scenario',
    stopped: 'the scenario was stopped for the contact',
    objection: 'the contact objected to direct marketing',
    otherwise: (reason) => `the contact had left the scenario: ${reason}`,
    byRule: (rule) => `the rule ${quoted(rule)} ended the scenario for the contact`,
  },
  counted: (rule) => {
    const { used: count = 0, max = 0 } = rule.counter ?? {};
    const span =
      rule.written === null ? (rule.name === 'own-max-per-week' ? 'within 7 days' : '') : within(rule.written);
    const from = rule.counter?.lowered?.from;
    return `${rule.name}: ${count} of ${max}${span === '' ? '' : ` ${span}`}${from === undefined ? '' : `, lowered from ${from}`}`;
  },
  consequence: {
    drop: 'What finds no room under this rule is dropped.',
    exit: 'This rule also ends the scenario for the contact.',
    switch: (channel) => `This rule asks for ${channel === 'sms' ? 'a text message' : 'an email'} instead.`,
    hold: (longest, room) =>
      room === null
        ? `It may wait ${longest}, and no room comes in that time.`
        : `Room comes on ${room}, and it may wait only ${longest}.`,
  },
  absence: {
    restricted: () => 'Nothing is done with this contact: the processing of its data is restricted.',
    objection: () => 'The contact objected to direct marketing, so it is let into no scenario of this kind.',
    holdout: () => 'The contact is in the holdout of this scenario: it is measured and receives nothing.',
    inside: ({ at, text }) => `The contact is inside since ${at}, in step ${quoted(text)}.`,
    ended: ({ at, text }) => `The contact has been in it, until ${at} (${text}).`,
    'no-reentry': () => 'Nobody enters this scenario twice.',
    'reentry-later': ({ until }) => `It may enter again from ${until} on.`,
    retired: () => 'The scenario lets nobody in any more.',
    'no-event': ({ text }) => `It enters on ${quoted(text)}, and no such event of the contact has arrived.`,
    historical: ({ text, at }) =>
      `Its last ${quoted(text)}, of ${at}, was sent as historical: such events count in conditions and let nobody in.`,
    late: ({ text, at, until }) =>
      `Its last ${quoted(text)}, of ${at}, arrived on ${until}: that was too late to let anybody in.`,
    'before-publication': ({ text, at, until }) =>
      `Its last ${quoted(text)}, of ${at}, came before the scenario was published on ${until}.`,
    filter: ({ text, at }) => `Its last event, of ${at}, is not one that the scenario takes: ${text}.`,
    'no-key': ({ text, at }) => `Its last event, of ${at}, has no value for the key ${quoted(text)}.`,
    'no-date': ({ text }) => `The contact has no ${quoted(text)}.`,
    'not-yet': ({ until }) => `It is looked at again on ${until}.`,
    'already-so': ({ text }) => `It enters at the moment when this becomes true, and it is so already: ${text}.`,
    condition: ({ text }) => `It enters when this changes, and that has not happened: ${text}.`,
    manual: () => 'Only somebody, or another scenario, lets contacts in, and nobody has.',
    audience: ({ text }) => `As it is now, the contact is not in the audience of the scenario: ${text}.`,
    unknown: () =>
      'As it is now, the contact would be let in. What kept it out then is not recorded: its traits may have been others.',
  },
  earliest: (channel, at, now) => {
    if (at === null) return `No advertising ${ONE[channel]} could leave, whenever.`;
    return `An advertising ${ONE[channel]} could leave ${now ? 'now' : `on ${at} at the earliest`}.`;
  },
  openToday: (spans) => (spans === '' ? 'Closed today.' : `Open today ${spans}.`),
  testTime: (from, until) => `It runs from ${from} to ${until}.`,
  freeRoom: 'free room at the beginning of each day, today as of now:',
  waiting: 'waiting:',
  duration,
  hours,
  instant,
};
