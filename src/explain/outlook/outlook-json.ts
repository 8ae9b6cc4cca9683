import { writtenRules, type PolicyVersion } from '../../gate/index.ts';
import { formatInstant, type Instant } from '../../shared/clock.ts';
import { WORDS, type Language } from '../language.ts';
import { sideSentence } from '../side.ts';
import type { FeltOutlook } from './felt-outlook.ts';
import { OUTLOOK_WORDS } from './outlook-words.ts';
import type { Outlook } from './outlook.ts';

const written = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

/** What a rule counts now: `weekly: 2 of 2 within 7 days, lowered from 4`. */
export function ruleSentence(
  { rule, exclusive, days }: Outlook['rules'][number],
  policy: PolicyVersion,
  test: Outlook['test'],
  at: Instant,
  language: Language,
): string {
  if (exclusive) return OUTLOOK_WORDS[language].exclusive(rule);
  const { pressure, frequencyTest } = policy.policy;
  const inForce = writtenRules(policy.policy, test !== null && test.from <= at ? test.side : 'base');
  const rulesWritten = [...inForce, ...pressure, ...(frequencyTest?.pressure ?? [])];
  const { used = 0, max = 0, loweredFrom = null } = days[0] ?? {};
  const lowered = loweredFrom === null ? {} : { lowered: { from: loweredFrom, by: [] } };
  const found = rulesWritten.find((each) => each.rule === rule) ?? null;
  return WORDS[language].counted({
    name: rule,
    counter: { rule, used: roundedScore(used), max, ...lowered },
    written: found,
  });
}

/** When an advertising message of a channel could leave. */
export function channelSentence(
  { channel, earliest, exclusive }: Pick<Outlook['channels'][number], 'channel' | 'earliest' | 'exclusive'>,
  at: Instant,
  zone: string,
  language: Language,
): string {
  if (exclusive) return OUTLOOK_WORDS[language].once(channel);
  const words = WORDS[language];
  return words.earliest(channel, earliest === null ? null : words.instant(earliest, zone), earliest === at);
}

function feltJson({ level, signals, levels, lowered, recovers }: FeltOutlook, language: Language, zone: string) {
  const words = WORDS[language];
  const said = OUTLOOK_WORDS[language];
  const when = (at: Instant): string => words.instant(at, zone);
  return {
    level: roundedScore(level),
    sentence: said.felt(roundedScore(level), level === 0),
    signals: signals.map(({ at, felt, kind, ...signal }) => ({
      kind,
      at: formatInstant(at),
      ...signal,
      felt: roundedScore(felt),
      sentence: said.signal[kind](1),
    })),
    levels: levels.map(({ until, ...each }) => ({ ...each, until: written(until) })),
    lowered: lowered.map(({ rises, ...each }) => ({
      ...each,
      sentence: [
        said.lowered(each.rule, each.max, each.from),
        ...rises.map(({ at, max }) => said.rises(max, when(at))),
      ].join(', '),
      rises: rises.map(({ at, max }) => ({ at: formatInstant(at), max })),
    })),
    recovers: written(recovers),
  };
}

/** As people read it. */
export const roundedScore = (score: number): number => Math.round(score * 100) / 100;

/** An outlook as it leaves the program: instants in RFC 3339, and each rule in words. */
export function outlookJson(
  userId: string,
  { rules, channels, waiting, test, felt, sent, shared, ...rest }: Outlook,
  policy: PolicyVersion,
  language: Language,
): object {
  return {
    userId,
    at: formatInstant(rest.at),
    zone: rest.zone,
    policyVersion: policy.version,
    language,
    ownLimits: rest.ownLimits === null ? null : { ...rest.ownLimits, pauseUntil: written(rest.ownLimits.pauseUntil) },
    test:
      test === null
        ? null
        : {
            ...test,
            from: formatInstant(test.from),
            until: formatInstant(test.until),
            sentence: sideSentence(test, policy.policy, language),
          },
    rules: rules.map(({ rule, exclusive, days, keptFor }) => ({
      rule,
      exclusive,
      sentence: ruleSentence({ rule, exclusive, days, keptFor }, policy, test, rest.at, language),
      days: days.map(({ at, roomFrom, ...day }) => ({ ...day, at: formatInstant(at), roomFrom: written(roomFrom) })),
      keptFor: keptFor.map(({ messageId, at, channel, scenarioId, step, priority }) => ({
        messageId,
        at: formatInstant(at),
        channel,
        scenario: scenarioId,
        step,
        priority,
      })),
    })),
    felt: feltJson(felt, language, rest.zone),
    sent: sent.map(({ channel, all, first, last, ...days }) => ({
      channel,
      '24h': days.days1,
      '7d': days.days7,
      '30d': days.days30,
      '90d': days.days90,
      '365d': days.days365,
      all,
      first: formatInstant(first),
      last: formatInstant(last),
    })),
    sharedSends: shared,
    channels: channels.map(({ channel, earliest, exclusive, openToday }) => ({
      channel,
      earliest: written(earliest),
      exclusive,
      sentence: channelSentence({ channel, earliest, exclusive }, rest.at, rest.zone, language),
      openToday: openToday.map(({ from, until }) => ({ from: formatInstant(from), until: formatInstant(until) })),
    })),
    waiting: waiting.map(({ id, scenarioId, step, channel, template, priority, status, dueAt }) => ({
      id,
      scenario: scenarioId,
      step,
      channel,
      template,
      priority,
      status,
      dueAt: formatInstant(dueAt),
    })),
  };
}
