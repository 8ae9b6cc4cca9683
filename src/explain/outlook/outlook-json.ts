import { writtenRules, type PolicyVersion } from '../../gate/index.ts';
import { formatInstant, type Instant } from '../../shared/clock.ts';
import { WORDS, type Language } from '../language.ts';
import { sideSentence } from '../side.ts';
import type { Outlook } from './outlook.ts';

const written = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

/** An outlook as it leaves the program: instants in RFC 3339, and each rule in words. */
export function outlookJson(
  userId: string,
  { rules, channels, waiting, test, ...rest }: Outlook,
  policy: PolicyVersion,
  language: Language,
): object {
  const words = WORDS[language];
  const { pressure, frequencyTest } = policy.policy;
  const inForce = writtenRules(policy.policy, test !== null && test.from <= rest.at ? test.side : 'base');
  const rulesWritten = [...inForce, ...pressure, ...(frequencyTest?.pressure ?? [])];
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
    rules: rules.map(({ rule, days }) => ({
      rule,
      sentence: words.counted({
        name: rule,
        counter: { rule, used: days[0]?.used ?? 0, max: days[0]?.max ?? 0 },
        written: rulesWritten.find((each) => each.rule === rule) ?? null,
      }),
      days: days.map(({ at, roomFrom, ...day }) => ({ ...day, at: formatInstant(at), roomFrom: written(roomFrom) })),
    })),
    channels: channels.map(({ channel, earliest, openToday }) => ({
      channel,
      earliest: written(earliest),
      sentence: words.earliest(
        channel,
        earliest === null ? null : words.instant(earliest, rest.zone),
        earliest === rest.at,
      ),
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
