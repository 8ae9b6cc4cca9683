import type { Counted } from '../../../src/rehearsal/forecast/lane-run.service.ts';
import type { Forecast } from '../../../src/rehearsal/forecast/forecast.ts';
import type { ForecastPlan } from '../../../src/rehearsal/forecast/plan.ts';
import { forecastOf } from '../../../src/rehearsal/forecast/report.ts';
import { dayOf } from '../../../src/rehearsal/forecast/days.ts';
import { addContact, addDifference, ContactCounts, emptyTally, keyOf } from '../../../src/rehearsal/forecast/tally.ts';
import { LANES } from '../../../src/shared/ids.ts';

const DAY = 86_400_000;
/** Monday 2 March 2026, 10:00 in Paris. */
const FROM = Date.parse('2026-03-02T09:00:00Z');
const ZONE = 'Europe/Paris';
const DAYS = 14;
/** What was drawn of ten times as many. */
const CONTACTS = 300;

/** A forecast of a sample in which something of everything happens, under one policy or two, with names as given. */
export function madeForecast(
  policies: readonly string[],
  programme = 'welcome',
  scenario = 'newsletter-welcome',
): Forecast {
  const plan: ForecastPlan = {
    from: FROM,
    until: FROM + DAYS * DAY,
    days: DAYS,
    zone: ZONE,
    variants: policies.map((name) => ({ name }) as ForecastPlan['variants'][number]),
    publicUrl: 'https://relance.example',
    only: null,
    input: { kind: 'replay', since: FROM - 28 * DAY, weeks: 4 },
    sample: { share: 0.1 },
    contacts: 10 * CONTACTS,
    seed: '1',
  };
  const counted: Counted = { tallies: policies.map(emptyTally), differences: new Map(), lanes: [], events: 812 };
  for (let lane = 0; lane < LANES; lane++)
    counted.lanes.push({ lane, contacts: 0, concerned: 0, waiting: 0, chosen: 0, observed: 0 });
  Object.assign(counted.lanes[0]!, {
    contacts: 10 * CONTACTS,
    concerned: 10 * CONTACTS - 40,
    waiting: 7,
    chosen: CONTACTS,
    observed: CONTACTS,
  });
  for (let n = 0; n < CONTACTS; n++) {
    const each = policies.map((_, index) => countsOf(n, programme, scenario, index === 1));
    for (const [index, counts] of each.entries()) addContact(counted.tallies[index]!, counts);
    if (each.length > 1) addDifference(counted.differences, each[0]!, each[1]!);
  }
  counted.tallies[0]!.broken = { contacts: 2, example: 'a1' };
  return forecastOf(plan, [counted], { amount: 0.045, currency: 'EUR' });
}

/** A stricter policy blocks every fifth of what the other one sends. */
function countsOf(n: number, programme: string, scenario: string, stricter: boolean): ContactCounts {
  const counts = new ContactCounts();
  const add = (...key: (string | null)[]): void => counts.add(keyOf(...key));
  const at = FROM + (n % DAYS) * DAY;
  const day = dayOf(at, ZONE);
  const who = n % 11 === 0 ? 'newcomer' : 'known';
  add(who);
  if (n % 4 === 0) {
    add(who, 'nothing', 'not-entered');
    return counts;
  }
  const channel = n % 3 === 0 ? 'sms' : 'email';
  add('entries');
  add('entries', 'scenario', scenario);
  add('entries', 'day', day, scenario);
  add('messages');
  const outcome = n % 7 === 1 ? 'waiting' : n % 7 === 3 || (stricter && n % 5 === 0) ? 'blocked' : 'sent';
  add('outcome', outcome);
  add('outcome', 'scenario', scenario, outcome);
  if (outcome !== 'waiting') add('outcome', 'day', day, outcome);
  if (outcome === 'sent') {
    add('sent', 'cell', day, channel, programme);
    add('sent', 'channel', channel);
    add('sent', 'programme', programme);
    add(who, 'reached');
    counts.minutes.push([channel, Math.floor(at / 60_000)]);
    if (channel === 'sms') {
      counts.add(keyOf('parts'), 2);
      counts.add(keyOf('parts', 'programme', programme), 2);
    }
    return counts;
  }
  const why = outcome === 'waiting' ? ['quiet-hours', null, 'closed'] : ['pressure', 'weekly-ceiling', null];
  add('refused', outcome, ...why);
  add('refused', 'programme', outcome, ...why, programme);
  if (outcome === 'blocked') add('refused', 'day', day, outcome, ...why);
  add(who, 'nothing', outcome, ...(outcome === 'blocked' ? why : []));
  add('held', ...why);
  counts.spans.push([keyOf(...why), 60 * (n % 50)]);
  add('conflict', 'birthday', programme, 'weekly-ceiling', outcome === 'blocked' ? 'blocked' : 'held');
  add('calls');
  add('calls', 'step', scenario, 'tell-shop');
  return counts;
}
