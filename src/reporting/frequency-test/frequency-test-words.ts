import type { Language } from '../../explain/index.ts';
import type { Side } from '../../gate/index.ts';
import type { Figure } from './figures.ts';
import type { TestRun } from './test-run.ts';

type Deed = Exclude<Figure['figure'], 'held' | 'blocked'>;

/** What the table of a frequency test says in one language. */
export interface TestWords {
  /** With so many digits after the comma. */
  number: (value: number, digits: number) => string;
  count: (value: number) => string;
  percent: (number: string) => string;
  /** An interval, without its brackets. */
  span: (low: string, high: string) => string;
  none: string;
  head: (test: { id: string; state: string; time: string; share: string; versions: readonly number[] }) => string;
  time: (from: string, until: string, zone: string) => string;
  states: Readonly<Record<TestRun['state'], string>>;
  sides: Readonly<Record<Side, string>>;
  contacts: (count: string) => string;
  sameRules: string;
  leftOut: (count: string) => string;
  changed: string;
  difference: string;
  figures: Readonly<Record<Deed, string>>;
  byRule: (what: 'held' | 'blocked', rule: string) => string;
  beyondChance: string;
  mayBeChance: string;
  note: string;
}

const ENGLISH: TestWords = {
  number: (value, digits) => value.toFixed(digits),
  count: (value) => value.toLocaleString('en'),
  percent: (number) => `${number} %`,
  span: (low, high) => `${low} to ${high}`,
  none: 'No policy has ever named a frequency test: write one under frequencyTest in policy.yaml',
  head: ({ id, state, time, share, versions }) =>
    `${id}: ${state}, ${time}, ${share} on the side of the variant, policy version${versions.length === 1 ? '' : 's'} ${versions.join(', ')}`,
  time: (from, until, zone) => `${from} to ${until}, ${zone}`,
  states: { planned: 'planned', running: 'running', over: 'over' },
  sides: { base: 'base', variant: 'variant' },
  contacts: (count) => `${count} contacts`,
  sameRules: 'the same rules',
  leftOut: (count) => `${count} left out: changed sides when the share was changed`,
  changed: 'its rules were changed while it ran: what came of the older ones is mixed in',
  difference: 'difference',
  figures: {
    sent: 'messages sent a contact',
    clicked: 'contacts who clicked',
    unsubscribed: 'contacts who withdrew a consent',
    complained: 'contacts who complained',
    stopped: 'contacts who wrote STOP',
    converted: 'contacts who reached a goal',
  },
  byRule: (what, rule) => `contacts ${what} by ${rule}`,
  beyondChance: 'beyond chance',
  mayBeChance: 'may be chance',
  note: 'In brackets: where the true figure lies, 95 times of 100. Of twenty figures one looks beyond chance by chance alone.',
};

/** No line ends before a colon or a percent sign. */
const NB = '\u00a0';

const FRENCH: TestWords = {
  number: (value, digits) => value.toFixed(digits).replace('.', ','),
  count: (value) => value.toLocaleString('fr'),
  percent: (number) => `${number}${NB}%`,
  span: (low, high) => `${low} à ${high}`,
  none: `Aucune politique n’a jamais nommé de test de fréquence${NB}: écrivez-en un sous frequencyTest dans policy.yaml`,
  head: ({ id, state, time, share, versions }) =>
    `${id}${NB}: ${state}, ${time}, ${share} du côté de la variante, version${versions.length === 1 ? '' : 's'} ${versions.join(', ')} de la politique`,
  time: (from, until, zone) => `du ${from} au ${until}, ${zone}`,
  states: { planned: 'prévu', running: 'en cours', over: 'terminé' },
  sides: { base: 'base', variant: 'variante' },
  contacts: (count) => `${count} contacts`,
  sameRules: 'les mêmes règles',
  leftOut: (count) => `${count} non comptés${NB}: ils ont changé de côté quand la part a été modifiée`,
  changed: `ses règles ont été modifiées en cours de route${NB}: les résultats des anciennes s’y mêlent`,
  difference: 'écart',
  figures: {
    sent: 'messages envoyés par contact',
    clicked: 'contacts qui ont cliqué',
    unsubscribed: 'contacts qui ont retiré un consentement',
    complained: 'contacts qui se sont plaints',
    stopped: 'contacts qui ont écrit STOP',
    converted: 'contacts qui ont atteint un objectif',
  },
  byRule: (what, rule) => `contacts ${what === 'held' ? 'mis en attente' : 'bloqués'} par ${rule}`,
  beyondChance: 'au-delà du hasard',
  mayBeChance: 'peut-être le hasard',
  note: `Entre parenthèses${NB}: où se trouve la vraie valeur, 95 fois sur 100. Sur vingt valeurs, une paraît au-delà du hasard par le seul hasard.`,
};

export const TEST_WORDS: Readonly<Record<Language, TestWords>> = { en: ENGLISH, fr: FRENCH };
