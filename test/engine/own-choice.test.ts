import type { Library } from '../../src/scenarios/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { DAY, HOUR, library, START } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
beforeEach(() => forgetContacts(db.database));
afterAll(() => db.close());

const mail = (name: string, more: string): string =>
  `scenario: ${name}\ntrigger: { event: Begun }\nreentry: always\nsteps: { hello: { send: { channel: email, template: a${more} } } }`;

const WORLDS: [string, (lib: Library) => EngineRun][] = [
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
];

describe.each(WORLDS)('what a contact chooses acts on what is queued, %s (D7)', (_world, worldOf) => {
  async function begun(scenarios: readonly string[], policy: Record<string, unknown> = {}): Promise<EngineRun> {
    const run = worldOf(library(scenarios, policy));
    await run.identify('ada', { email: 'ada@example.com', country: 'FR', locale: 'en' });
    await run.consent('ada', 'granted');
    await run.settleInstant();
    return run;
  }
  const mails = async (run: EngineRun): Promise<Record<string, unknown>[]> =>
    (await run.of('ada')).messages
      .map(({ scenarioId, status, rule, countedAt, dueAt, judged }) => ({
        scenarioId,
        status,
        rule,
        takesRoom: countedAt !== null,
        dueAt,
        judged,
      }))
      .sort((a, b) => (a.scenarioId < b.scenarioId ? -1 : 1));

  test('P8, P6: of two ready messages, the one that a new limit leaves no room for gives its room back', async () => {
    const run = await begun([mail('first', ', priority: 90'), mail('second', ', priority: 10')]);
    await run.track('ada', 'Begun');
    await run.tick();
    expect((await mails(run)).map(({ status }) => status)).toEqual(['ready', 'ready']);

    await run.choose('ada', { maxPerWeek: 1 });
    await run.tick();
    expect(await mails(run)).toEqual([
      { scenarioId: 'first', status: 'ready', rule: null, takesRoom: true, dueAt: START, judged: 2 },
      {
        scenarioId: 'second',
        status: 'blocked',
        rule: 'own-max-per-week',
        takesRoom: false,
        dueAt: START,
        judged: 2,
      },
    ]);
    await run.settleInstant();
    expect((await mails(run)).map(({ status }) => status)).toEqual(['sent', 'blocked']);
  });

  test('a pause calls back what is ready: it waits if it is still good then, and is dropped if it does not say so', async () => {
    const run = await begun([mail('first', ', expires: 20d'), mail('second', ''), mail('third', ', expires: 3d')]);
    await run.track('ada', 'Begun');
    await run.tick();
    await run.choose('ada', { pauseUntil: START + 14 * DAY });
    await run.settleInstant();
    expect(await mails(run)).toMatchObject([
      { scenarioId: 'first', status: 'held', rule: 'own-pause', takesRoom: false, dueAt: START + 14 * DAY },
      { scenarioId: 'second', status: 'blocked', rule: 'own-pause' },
      { scenarioId: 'third', status: 'blocked', rule: 'own-pause' },
    ]);
  });

  test('lifting a pause releases what it holds at once; left alone, it ends by itself', async () => {
    const run = await begun([mail('first', ', expires: 20d')]);
    await run.choose('ada', { pauseUntil: START + 14 * DAY });
    await run.track('ada', 'Begun');
    await run.settleInstant();
    expect(await mails(run)).toMatchObject([{ status: 'held', rule: 'own-pause' }]);
    await run.runUntil(START + HOUR);
    await run.choose('ada', { pauseUntil: null });
    await run.settleInstant();
    expect(await mails(run)).toMatchObject([{ status: 'sent' }]);

    await run.choose('ada', { pauseUntil: run.clock.now() + DAY });
    await run.track('ada', 'Begun');
    await run.runUntil(START + HOUR + DAY + 1);
    expect((await mails(run)).map(({ status }) => status)).toEqual(['sent', 'sent']);
  });

  test('what is held for room is judged again: a limit lowered meanwhile drops it', async () => {
    const rule = { rule: 'gap', window: { gap: '24h' }, onBlocked: { hold: '3d' } };
    const run = await begun([mail('first', '')], { pressure: [rule] });
    await run.track('ada', 'Begun');
    await run.settleInstant();
    await run.track('ada', 'Begun');
    await run.settleInstant();
    expect((await mails(run)).map(({ status }) => status).sort()).toEqual(['held', 'sent']);
    await run.choose('ada', { maxPerWeek: 1 });
    await run.settleInstant();
    expect((await mails(run)).map(({ status }) => status).sort()).toEqual(['blocked', 'sent']);
  });

  test('a chosen language is the locale, whatever a backend sends afterwards', async () => {
    const run = await begun([]);
    await run.choose('ada', { language: 'fr' });
    await run.settleInstant();
    await run.identify('ada', { locale: 'de', firstName: 'Ada' });
    await run.settleInstant();
    expect((await run.of('ada')).contact).toMatchObject({ locale: 'fr', firstName: 'Ada' });
  });
});
