import { sideInWords, WORDS, type Language } from '../../explain/index.ts';
import { SIDES } from '../../gate/index.ts';
import { columns } from '../../rehearsal/index.ts';
import type { Difference, Estimated } from '../statistics.ts';
import type { Figure } from './figures.ts';
import type { TestResults } from './frequency-tests.store.ts';
import { TEST_WORDS, type TestWords } from './frequency-test-words.ts';
import type { TestRun } from './test-run.ts';

/** When it runs, by the clock of the policy. */
function timeOf({ from, until, zone }: TestRun, language: Language): string {
  const { instant } = WORDS[language];
  return TEST_WORDS[language].time(instant(from, zone), instant(until, zone), zone);
}

/** All tests, one a line. */
export function runsText(runs: readonly TestRun[], language: Language): string {
  const words = TEST_WORDS[language];
  if (runs.length === 0) return `${words.none}\n`;
  const rows = runs.map((run) => [run.id, words.states[run.state], timeOf(run, language), share(run, words)]);
  return `${columns(rows).join('\n')}\n`;
}

/** The results of a test for the terminal: both sides beside each other, a figure a line. */
export function resultsText(results: TestResults, language: Language): string {
  const words = TEST_WORDS[language];
  const { id, state, policyVersions, contacts, figures, rules, changed } = results;
  const sides = SIDES.map((side) => {
    const rule = sideInWords(side, rules, language);
    return [
      words.sides[side],
      words.contacts(words.count(contacts[side])),
      rule === '' ? words.sameRules : rule,
    ] as const;
  });
  const [nameWidth, countWidth] = [0, 1].map((column) => Math.max(...sides.map((row) => row[column]!.length)));
  const rows = figures.map((figure) => [
    figure.figure === 'held' || figure.figure === 'blocked'
      ? words.byRule(figure.figure, figure.rule!)
      : words.figures[figure.figure],
    measured(figure, figure.base.rate, words),
    measured(figure, figure.variant.rate, words),
    differenceOf(figure, words),
    verdictOf(figure.difference, words),
  ]);
  const head = {
    id,
    state: words.states[state],
    time: timeOf(results, language),
    share: share(results, words),
    versions: policyVersions,
  };
  return `${[
    words.head(head),
    ...sides.map(([side, count, rule]) => `  ${side.padEnd(nameWidth!)}  ${count.padStart(countWidth!)}  ${rule}`),
    ...(contacts.moved === 0 ? [] : [`  ${words.leftOut(words.count(contacts.moved))}`]),
    ...(changed ? [`  ${words.changed}`] : []),
    '',
    ...columns([['', words.sides.base, words.sides.variant, words.difference, ''], ...rows]),
    '',
    words.note,
  ].join('\n')}\n`;
}

const share = ({ share: part }: TestRun, { percent, number }: TestWords): string => percent(number(part * 100, 1));
const signed = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`);

/** Of `sent`, messages a contact; of all else, shares in percent. */
const shown = ({ figure }: Figure, value: number, { number }: TestWords): string =>
  figure === 'sent' ? number(value, 2) : number(value * 100, 1);

function measured(figure: Figure, rate: Estimated | null, words: TestWords): string {
  if (rate === null) return '-';
  const [value, low, high] = [rate.value, rate.low, rate.high].map((each) => shown(figure, each, words));
  return `${figure.figure === 'sent' ? value! : words.percent(value!)} (${words.span(low!, high!)})`;
}

function differenceOf(figure: Figure, words: TestWords): string {
  if (figure.difference === null) return '-';
  const { value, low, high } = figure.difference;
  const [one, two, three] = [value, low, high].map((each) => signed(shown(figure, each, words)));
  return `${one} (${words.span(two!, three!)})`;
}

function verdictOf(difference: Difference | null, words: TestWords): string {
  if (difference === null) return '';
  return difference.beyondChance ? words.beyondChance : words.mayBeChance;
}
