import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PolicyForecast } from '../../../src/rehearsal/forecast/forecast.ts';
import { newContact } from '../../../src/contacts/index.ts';
import { poisson, projected } from '../../../src/rehearsal/forecast/projected.ts';
import type { UserError } from '../../../src/shared/errors.ts';
import { formatFault } from '../../../src/shared/errors.ts';
import { stableFraction } from '../../../src/shared/hash.ts';
import { contactIdOf } from '../../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { PostgresRun } from '../../support/postgres-run.ts';
import { POLICY, scenarioOf, writeFolder } from '../people.ts';
import { forecastHere, publish } from './setting.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-03-02T09:00:00Z');
const CONTACTS = 30;

test.each([0, 0.03, 0.7, 4, 60, 900])('counts drawn with a mean of %f have that mean, and its variance', (mean) => {
  const draws = Array.from({ length: 4_000 }, (_, n) => poisson(mean, stableFraction('test', String(n))));
  const found = draws.reduce((sum, count) => sum + count, 0) / draws.length;
  const variance = draws.reduce((sum, count) => sum + (count - found) ** 2, 0) / draws.length;
  expect(Math.abs(found - mean)).toBeLessThanOrEqual(4 * Math.sqrt(mean / draws.length));
  expect(Math.abs(variance - mean)).toBeLessThanOrEqual(0.15 * mean);
});

describe('a forecast from rates', () => {
  let folder: string;
  let db: TestDatabase;
  let places: { scenariosDir: string; templatesDir: string };

  beforeAll(async () => {
    folder = await writeFolder({
      'scenarios/policy.yaml': `${POLICY}audiences: { vip: { attribute: tier, equals: vip } }\n`,
      'scenarios/buyer.yaml': scenarioOf(
        'buyer',
        '  mark: { set: { bought: true } }',
        'trigger: { event: Bought, where: { property: total, gte: 50 } }\nreentry: always',
      ),
      'scenarios/guest.yaml': scenarioOf(
        'guest',
        '  mark: { set: { greeted: true } }',
        'trigger: { event: Signed Up }\naudience: { consent: { channel: email, purpose: newsletter }, is: granted }',
      ),
    });
    places = { scenariosDir: path.join(folder, 'scenarios'), templatesDir: path.join(folder, 'templates') };
    db = await createTestDatabase({ poolSize: 2 });
    const run = new PostgresRun(db.database, await publish(db.database, START - 60 * DAY, places), START - 50 * DAY);
    for (let n = 0; n < CONTACTS; n++) await run.identify(`user-${n}`, { tier: n % 3 === 0 ? 'vip' : 'other' });
    await run.settleInstant();
  });
  afterAll(async () => {
    await db.close();
    await rm(folder, { recursive: true });
  });

  async function withRates(content: string, seed = '1', sample = 1) {
    const rates = path.join(folder, 'rates.yaml');
    await writeFile(rates, content);
    return forecastHere(db.database, START, { days: 30, rates, seed, sample }, { places });
  }
  const entriesOf = ({ policies }: { policies: PolicyForecast[] }): Record<string, number> =>
    Object.fromEntries(policies[0]!.scenarios.map(({ scenario, entries }) => [scenario, entries.value]));

  test('has so many events a day, of the audience alone, with samples drawn alike; a seed always draws the same', async () => {
    const rates = `events: [{ event: Bought, perDay: 40, audience: { audience: vip }, samples: [{ total: 10 }, { total: 90 }] }]`;
    const found = await withRates(rates);
    // 1,200 are expected, half of them of 90: within four standard deviations.
    expect(Math.abs(found.input.events - 1_200)).toBeLessThan(140);
    expect(Math.abs(entriesOf(found)['buyer']! - 600)).toBeLessThan(100);
    expect(found.policies[0]!.reach).toMatchObject({ contacts: { value: CONTACTS } });
    expect(found.input).toMatchObject({ kind: 'rates', since: null });
    expect((await withRates(rates)).policies).toEqual(found.policies);
    expect((await withRates(rates, '2')).policies).not.toEqual(found.policies);
  });

  test('P12: whoever comes has addresses of its own, and shares the pressure of nobody', () => {
    const projection = {
      contacts: 40,
      sizes: [],
      days: 30,
      from: 0,
      until: 30 * 86_400_000,
      seed: '1',
      rates: {
        events: [],
        newContacts: {
          perDay: 10,
          traits: { email: 'new@example.com', phone: '+33612345678' },
          consents: [],
          events: [],
        },
      },
    };
    const come = Array.from({ length: 40 }, (_, n) => newContact(contactIdOf(`user-${n}`), `user-${n}`, 0)).flatMap(
      (contact) => projected(contact, projection, () => true).newcomers,
    );
    expect(come.length).toBeGreaterThan(200);
    expect(new Set(come.map(({ contact }) => contact.email)).size).toBe(come.length);
    expect(new Set(come.map(({ contact }) => contact.phone)).size).toBe(come.length);
    for (const { contact } of come) {
      expect(contact.email).toMatch(/^[^@]+@example\.com$/);
      expect(contact.phone).toMatch(/^\+3361\d{7}$/);
    }
  });

  test('has so many newcomers a day, with their traits, consents and what they do as they come', async () => {
    const found = await withRates(`newContacts:
  perDay: 20
  traits: { email: new@example.com, country: FR }
  consents: [{ channel: email, purpose: newsletter, share: 0.5 }]
  events: [{ event: Signed Up, share: 0.8 }]`);
    const come = found.policies[0]!.newcomers.contacts.value;
    expect(Math.abs(come - 600)).toBeLessThan(100);
    expect(Math.abs(entriesOf(found)['guest']! - come * 0.4)).toBeLessThan(50);
  });

  test.each([
    [
      'events: [{ event: Bougt, perDay: 4 }]',
      /rates\.yaml:1:19 .*unknown-name.* no live scenario listens to Bougt \(events\.0\.event\) — did you mean Bought\?/,
    ],
    ['events: [{ event: Bought, perDay: 0 }]', /rates\.yaml:1:35 .* must be above 0/],
    [
      'events: [{ event: Bought, perDay: 1, audience: { audience: vips } }]',
      /the policy has no audience vips .* did you mean vip\?/,
    ],
    ['events: [{ event: Bought, perDay: 1, properties: {}, samples: [{}] }]', /must have `properties`, or `samples`/],
    ['newContacts: { perDay: 1, traits: { email: nobody } }', /rates\.yaml:1:44 .*"nobody" is not an email address/],
    ['newContacts: { perDay: 1, consents: [{ channel: email, purpose: news }] }', /the policy has no purpose news/],
    ['events: []', /must have `events`, `newContacts` or both/],
    [
      'events: [{ event: Bought, perDay: 1, audience: { attribute: tier, equals: none } }]',
      /^Nobody is in the audience of events\.0 \(Bought\)/,
    ],
  ])('%s: is refused, with what to write', async (content, message) => {
    const error = await withRates(content).then(
      () => undefined,
      (thrown: UserError) => thrown,
    );
    const told = error!.faults.length > 0 ? error!.faults.map(formatFault).join('\n') : error!.message;
    expect(told).toMatch(message);
  });
});
