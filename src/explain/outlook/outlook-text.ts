import type { PolicyVersion } from '../../gate/index.ts';
import { WORDS, type Language } from '../language.ts';
import { instantParts } from '../phrasing.ts';
import { sideSentence } from '../side.ts';
import { channelSentence, roundedScore, ruleSentence } from './outlook-json.ts';
import { OUTLOOK_WORDS } from './outlook-words.ts';
import type { Outlook, RoomOnDay } from './outlook.ts';

/** An outlook for the terminal: when each channel may next be used, and the free room by day, a rule a line. */
export function outlookText(userId: string, seen: Outlook, policy: PolicyVersion, language: Language): string {
  const words = WORDS[language];
  const said = OUTLOOK_WORDS[language];
  const { at, zone, channels, rules, waiting, test, shared } = seen;
  const rulesNow = rules.filter(({ days }) => days[0]?.at === at);
  const clock = (instant: number): string => instantParts(instant, zone, 'en-GB').time;
  // Midnight ends a day as in the policy's own windows.
  const end = (instant: number): string => clock(instant).replace('00:00', '24:00');
  const spans = (open: Outlook['channels'][number]['openToday']): string =>
    open.map(({ from, until }) => `${clock(from)}-${end(until)}`).join(', ');
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
    ...channels.map(({ channel, earliest, exclusive, openToday }) =>
      [channelSentence({ channel, earliest, exclusive }, at, zone, language), words.openToday(spans(openToday))].join(
        ' ',
      ),
    ),
    ...(shared === 0 ? [] : [said.shared(shared)]),
    '',
    said.counted,
    ...rulesNow.flatMap((rule) => [
      `  ${ruleSentence(rule, policy, test, at, language)}`,
      ...rule.keptFor.map(
        ({ channel, scenarioId, step, at: due }) =>
          `    ${said.keptFor(`${channel} ${scenarioId} ${step}`, words.instant(due, zone))}`,
      ),
    ]),
    '',
    words.freeRoom,
    ...(rules.length === 0
      ? []
      : [`  ${''.padEnd(width)}  ${dates.map((date) => date.slice(8).padStart(3)).join('')}`]),
    ...rules.map(
      ({ rule, days }) => `  ${rule.padEnd(width)}  ${dates.map((date) => freeOn(days, date).padStart(3)).join('')}`,
    ),
    '',
    ...feltLines(seen, language),
    '',
    ...sentLines(seen, language),
    ...(waiting.length === 0 ? [] : ['', words.waiting]),
    ...waiting.map(
      ({ dueAt, channel, template, scenarioId, id }) =>
        `  ${words.instant(dueAt, zone)}  ${channel} ${template}, ${scenarioId}, ${id}`,
    ),
  ].join('\n')}\n`;
}

/** Felt pressure: what each reaction weighs, the mails of a run together, and what that takes from which rule until when. */
function feltLines({ felt: { level, signals, lowered }, zone }: Outlook, language: Language): string[] {
  const said = OUTLOOK_WORDS[language];
  const when = (at: number): string => WORDS[language].instant(at, zone);
  const run = signals.filter(({ kind }) => kind === 'unclicked');
  const told = [...signals.filter(({ kind }) => kind !== 'unclicked'), ...run.slice(-1)].map(({ kind, at, ...one }) => {
    const of = kind === 'unclicked' ? run : [one];
    const [felt, points] = [
      of.reduce((sum, each) => sum + each.felt, 0),
      of.reduce((sum, each) => sum + each.points, 0),
    ];
    return `  ${when(at)}  ${said.signal[kind](of.length)}${said.weighs(roundedScore(felt), points)}`;
  });
  const fewer = lowered.map(({ rule, max, from, rises }) =>
    [`  ${said.lowered(rule, max, from)}`, ...rises.map((each) => said.rises(each.max, when(each.at)))].join(', '),
  );
  return [said.felt(roundedScore(level), level === 0), ...told, ...fewer];
}

/** Objective pressure: what was sent, by channel and span. */
function sentLines({ sent, zone }: Outlook, language: Language): string[] {
  const said = OUTLOOK_WORDS[language];
  const spans = ['24h', '7d', '30d', '90d', '365d'];
  const row = (name: string, cells: readonly (string | number)[]): string =>
    `  ${name.padEnd(6)}${cells.map((cell) => String(cell).padStart(8)).join('')}`;
  if (sent.length === 0) return [`${said.sent} 0`];
  return [
    said.sent,
    row('', [...spans, said.inAll]),
    ...sent.map(
      ({ channel, days1, days7, days30, days90, days365, all, first }) =>
        `${row(channel, [days1, days7, days30, days90, days365, all])}  ${said.since(WORDS[language].instant(first, zone))}`,
    ),
  ];
}
