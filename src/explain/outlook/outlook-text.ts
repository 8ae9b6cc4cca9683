import type { PolicyVersion } from '../../gate/index.ts';
import { WORDS, type Language } from '../language.ts';
import { instantParts } from '../phrasing.ts';
import { sideSentence } from '../side.ts';
import type { Outlook, RoomOnDay } from './outlook.ts';

/** An outlook for the terminal: when each channel may next be used, and the free room by day, a rule a line. */
export function outlookText(userId: string, seen: Outlook, policy: PolicyVersion, language: Language): string {
  const words = WORDS[language];
  const { at, zone, channels, rules, waiting, test } = seen;
  const clock = (instant: number): string => instantParts(instant, zone, 'en-GB').time;
  const spans = (open: Outlook['channels'][number]['openToday']): string =>
    open.map(({ from, until }) => `${clock(from)}-${clock(until)}`).join(', ');
  const width = Math.max(4, ...rules.map(({ rule }) => rule.length));
  const dates = [...new Set(rules.flatMap(({ days }) => days.map(({ date }) => date)))].sort();
  // A rule may be in force on some of the days only.
  const freeOn = (days: RoomOnDay[], date: string): string =>
    String(days.find((day) => day.date === date)?.free ?? '-');
  return `${[
    `${userId}, ${words.instant(at, zone)}, ${zone}, policy ${policy.version}`,
    ...(test === null
      ? []
      : [
          `${sideSentence(test, policy.policy, language)} ${words.testTime(words.instant(test.from, zone), words.instant(test.until, zone))}`,
        ]),
    '',
    ...channels.map(({ channel, earliest, openToday }) =>
      [
        words.earliest(channel, earliest === null ? null : words.instant(earliest, zone), earliest === at),
        words.openToday(spans(openToday)),
      ].join(' '),
    ),
    '',
    words.freeRoom,
    ...(rules.length === 0
      ? []
      : [`  ${''.padEnd(width)}  ${dates.map((date) => date.slice(8).padStart(3)).join('')}`]),
    ...rules.map(
      ({ rule, days }) => `  ${rule.padEnd(width)}  ${dates.map((date) => freeOn(days, date).padStart(3)).join('')}`,
    ),
    ...(waiting.length === 0 ? [] : ['', words.waiting]),
    ...waiting.map(
      ({ dueAt, channel, template, scenarioId, id }) =>
        `  ${words.instant(dueAt, zone)}  ${channel} ${template}, ${scenarioId}, ${id}`,
    ),
  ].join('\n')}\n`;
}
