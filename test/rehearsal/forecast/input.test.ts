import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ForecastRequest } from '../../../src/rehearsal/forecast/forecast.service.ts';
import type { PolicyForecast } from '../../../src/rehearsal/forecast/forecast.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { PostgresRun } from '../../support/postgres-run.ts';
import { POLICY, scenarioOf, writeFolder } from '../people.ts';
import { forecastHere, publish } from './setting.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-03-02T09:00:00Z');

let folder: string;
let db: TestDatabase;
let run: PostgresRun;
let places: { scenariosDir: string; templatesDir: string };

beforeAll(async () => {
  folder = await writeFolder({
    'scenarios/policy.yaml': `${POLICY}audiences: { twice: { event: Bought, count: { gte: 2 } } }\n`,
    'scenarios/loyal.yaml': scenarioOf(
      'loyal',
      '  mark: { set: { loyal: true } }',
      'trigger: { enters: { audience: twice } }',
    ),
    'scenarios/french.yaml': scenarioOf(
      'french',
      '  mark: { set: { seen: true } }',
      'trigger: { enters: { attribute: country, equals: FR } }',
    ),
    'scenarios/caller.yaml': scenarioOf(
      'caller',
      `  tell: { webhook: { url: "https://crm.example/" }, onError: end, next: say }
  say: { emit: { event: Told } }`,
      'trigger: { event: Begun }\nreentry: always',
    ),
    'scenarios/told.yaml': scenarioOf(
      'told',
      '  mark: { set: { told: true } }',
      'trigger: { event: Told }\nreentry: always',
    ),
  });
  places = { scenariosDir: path.join(folder, 'scenarios'), templatesDir: path.join(folder, 'templates') };
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  db = await createTestDatabase({ poolSize: 2 });
  run = new PostgresRun(db.database, await publish(db.database, START - 60 * DAY, places), START - 50 * DAY);
});
afterEach(() => db.close());

async function forecastNow(request: Partial<ForecastRequest> = {}): Promise<PolicyForecast> {
  const { policies, complete } = await forecastHere(db.database, run.clock.now(), { days: 7, ...request }, { places });
  expect(complete).toBe(true);
  return policies[0]!;
}
const entriesOf = ({ scenarios }: PolicyForecast): Record<string, number> =>
  Object.fromEntries(scenarios.map(({ scenario, entries }) => [scenario, entries.value]));

describe('what a forecast begins with', () => {
  test('D5: what waits in the inbox when it begins is played, in its order, and is not counted twice', async () => {
    await run.identify('ada', { country: 'BE' });
    await run.settleInstant();
    await run.runUntil(START);
    await run.track('ada', 'Bought');
    await run.track('ada', 'Begun');
    expect(entriesOf(await forecastNow())).toEqual({ caller: 1, told: 1 });
    await run.track('ada', 'Bought');
    expect(entriesOf(await forecastNow())).toEqual({ caller: 1, told: 1, loyal: 1 });
  });

  test('somebody of whom nothing is known but what waits comes as a newcomer', async () => {
    await run.runUntil(START);
    await run.track('bob', 'Begun');
    const found = await forecastNow();
    expect(entriesOf(found)).toEqual({ caller: 1, told: 1 });
    expect(found.newcomers.contacts).toEqual({ value: 1, margin: 0 });
  });
});

describe('what a forecast replays', () => {
  test('calls of webhook steps are counted and taken, and what comes after them happens', async () => {
    await run.identify('ada', { country: 'BE' });
    await run.settleInstant();
    await run.runUntil(START - 2 * DAY);
    await run.track('ada', 'Begun');
    await run.settleInstant();
    await run.runUntil(START);
    const found = await forecastNow({ replay: '1w' });
    expect(entriesOf(found)).toEqual({ caller: 1, told: 1 });
    const once = { value: 1, margin: 0 };
    expect(found.calls).toEqual({ total: once, steps: [{ scenario: 'caller', step: 'tell', calls: once }] });
  });

  test('audience triggers: whoever comes into one by an event, and newcomers who are in one as they come', async () => {
    await run.identify('ada', { country: 'FR' });
    await run.settleInstant();
    await run.runUntil(START - 5 * DAY);
    await run.track('ada', 'Bought');
    await run.identify('eve', { country: 'FR' });
    await run.settleInstant();
    await run.runUntil(START);
    expect(entriesOf(await forecastNow({ replay: '1w' }))).toEqual({ loyal: 1, french: 1 });
  });
});
