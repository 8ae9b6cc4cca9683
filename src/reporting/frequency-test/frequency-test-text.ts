import { ruleInWords } from '../../explain/index.ts';
import { SIDES } from '../../gate/index.ts';
import { columns } from '../../rehearsal/index.ts';
import { formatInstant, type Instant } from '../../shared/clock.ts';
import type { Difference, Estimated } from '../statistics.ts';
import type { Figure, Measured } from './figures.ts';
import type { TestResults } from './frequency-tests.store.ts';
import type { TestRun } from './test-run.ts';

/** `2026-12-01 00:00 UTC`. */
const instant = (at: Instant): string => `${formatInstant(at).slice(0, 16).replace('T', ' ')} UTC`;
const percent = (value: number): string => `${(value * 100).toFixed(1)}`;
const signed = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`);

/** All tests, one a line. */
export function runsText(runs: readonly TestRun[]): string {
  if (runs.length === 0)
    return 'No policy has ever named a frequency test: write one under frequencyTest in policy.yaml\n';
  return `${columns(runs.map(({ id, state, from, until, share }) => [id, state, instant(from), `to ${instant(until)}`, `${percent(share)} %`])).join('\n')}\n`;
}

/** The results of a test for the terminal: both sides beside each other, a figure a line. */
export function resultsText(results: TestResults): string {
  const { id, state, from, until, share, policyVersions, contacts, figures, rules, changed } = results;
  const versions = `policy version${policyVersions.length === 1 ? '' : 's'} ${policyVersions.join(', ')}`;
  const sides = SIDES.map((side) => {
    const all = rules[side].map((rule) => ruleInWords(rule, 'en'));
    return [side, `${contacts[side].toLocaleString('en')} contacts`, all.length === 0 ? 'no rule' : all.join('; ')];
  });
  const width = Math.max(...sides.map(([, count]) => count!.length));
  const rows = figures.map((figure) => [
    nameOf(figure),
    measured(figure, figure.base),
    measured(figure, figure.variant),
    difference(figure),
    verdictOf(figure.difference),
  ]);
  return `${[
    `${id}: ${state}, ${instant(from)} to ${instant(until)}, ${percent(share)} % on the side of the variant, ${versions}`,
    ...sides.map(([side, count, rule]) => `  ${side!.padEnd(7)}  ${count!.padStart(width)}  ${rule}`),
    ...(contacts.moved === 0
      ? []
      : [`  ${contacts.moved.toLocaleString('en')} left out: changed sides when the share was changed`]),
    ...(changed ? ['  its rules were changed while it ran: what came of the older ones is mixed in'] : []),
    '',
    ...columns([['', 'base', 'variant', 'difference', ''], ...rows]),
    '',
    'In brackets, where the true figure lies 95 times of 100. Of many figures, one in twenty looks beyond chance by chance.',
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

function difference(figure: Figure): string {
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
