import { sideInWords, WORDS } from '../../explain/index.ts';
import { SIDES } from '../../gate/index.ts';
import { columns } from '../../rehearsal/index.ts';
import type { Difference, Estimated } from '../statistics.ts';
import type { Figure, Measured } from './figures.ts';
import type { TestResults } from './frequency-tests.store.ts';
import type { TestRun } from './test-run.ts';

/** When it runs, by the clock of the policy. */
const time = ({ from, until, zone }: TestRun): string =>
  `${WORDS.en.instant(from, zone)} to ${WORDS.en.instant(until, zone)}, ${zone}`;
const percent = (value: number): string => (value * 100).toFixed(1);
const signed = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`);

/** All tests, one a line. */
export function runsText(runs: readonly TestRun[]): string {
  if (runs.length === 0)
    return 'No policy has ever named a frequency test: write one under frequencyTest in policy.yaml\n';
  return `${columns(runs.map((run) => [run.id, run.state, time(run), `${percent(run.share)} %`])).join('\n')}\n`;
}

/** The results of a test for the terminal: both sides beside each other, a figure a line. */
export function resultsText(results: TestResults): string {
  const { id, state, share, policyVersions, contacts, figures, rules, changed } = results;
  const versions = `policy version${policyVersions.length === 1 ? '' : 's'} ${policyVersions.join(', ')}`;
  const sides = SIDES.map((side) => {
    const rule = sideInWords(side, rules, 'en');
    return [side, `${contacts[side].toLocaleString('en')} contacts`, rule === '' ? 'the same rules' : rule];
  });
  const width = Math.max(...sides.map(([, count]) => count!.length));
  const rows = figures.map((figure) => [
    nameOf(figure),
    measured(figure, figure.base),
    measured(figure, figure.variant),
    differenceOf(figure),
    verdictOf(figure.difference),
  ]);
  return `${[
    `${id}: ${state}, ${time(results)}, ${percent(share)} % on the side of the variant, ${versions}`,
    ...sides.map(([side, count, rule]) => `  ${side!.padEnd(7)}  ${count!.padStart(width)}  ${rule}`),
    ...(contacts.moved === 0
      ? []
      : [`  ${contacts.moved.toLocaleString('en')} left out: changed sides when the share was changed`]),
    ...(changed ? ['  its rules were changed while it ran: what came of the older ones is mixed in'] : []),
    '',
    ...columns([['', 'base', 'variant', 'difference', ''], ...rows]),
    '',
    'In brackets: where the true figure lies, 95 times of 100. Of twenty figures one looks beyond chance by chance alone.',
  ].join('\n')}\n`;
}

const NAMES: Record<Exclude<Figure['figure'], 'held' | 'blocked'>, string> = {
  sent: 'messages sent a contact',
  clicked: 'contacts who clicked',
  unsubscribed: 'contacts who withdrew a consent',
  complained: 'contacts who complained',
  stopped: 'contacts who wrote STOP',
  converted: 'contacts who reached a goal',
};

function nameOf({ figure, rule }: Figure): string {
  return figure === 'held' || figure === 'blocked' ? `contacts ${figure} by ${rule}` : NAMES[figure];
}

const shown = ({ figure }: Figure, { value, low, high }: Estimated): string =>
  figure === 'sent'
    ? `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`
    : `${percent(value)} % (${percent(low)} to ${percent(high)})`;

function measured(figure: Figure, { rate }: Measured): string {
  return rate === null ? '-' : shown(figure, rate);
}

function differenceOf(figure: Figure): string {
  if (figure.difference === null) return '-';
  const { value, low, high } = figure.difference;
  const [one, two, three] = [value, low, high].map((each) =>
    signed(figure.figure === 'sent' ? each.toFixed(2) : percent(each)),
  );
  return `${one} (${two} to ${three})`;
}

function verdictOf(difference: Difference | null): string {
  if (difference === null) return '';
  return difference.beyondChance ? 'beyond chance' : 'may be chance';
}
