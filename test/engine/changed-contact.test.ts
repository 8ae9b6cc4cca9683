import type { Library } from '../../src/scenarios/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { HOUR, library, START } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());
beforeEach(() => forgetContacts(db.database));

const mail = (name: string, event: string): string =>
  `scenario: ${name}\ntrigger: { event: ${event} }\nreentry: always\nsteps: { mail: { send: { channel: email, template: a } } }`;
const ONE_A_DAY = { rule: 'daily', window: { rolling: '24h' }, max: 1, onBlocked: { hold: '3d' } };

async function sentTo(run: EngineRun, user: string): Promise<string[]> {
  const { messages } = await run.of(user);
  return messages
    .sort((a, b) => a.plannedAt - b.plannedAt || (a.scenarioId < b.scenarioId ? -1 : 1))
    .map(({ status, settledAt, dueAt }) => `${status} ${((settledAt ?? dueAt) - START) / HOUR}`);
}

describe.each<[string, (lib: Library) => EngineRun]>([
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
])('%s', (_name, runOf) => {
  const begin = async (policy: Record<string, unknown>, ...users: string[]): Promise<EngineRun> => {
    const run = runOf(library([mail('news', 'News'), mail('offer', 'Offer')], policy));
    for (const user of users)
      await run.identify(user, { email: 'ada@example.com', country: 'BE', timezone: 'Europe/Brussels' });
    for (const user of users) await run.consent(user, 'granted');
    await run.settleInstant();
    return run;
  };

  test('P9: what waits for room has it the moment a change of the contact raises the maximum', async () => {
    const max = [{ when: { attribute: 'tier', equals: 'gold' }, max: 2 }, { otherwise: 1 }];
    const run = await begin({ pressure: [{ ...ONE_A_DAY, max }] }, 'ada');
    for (const event of ['News', 'Offer']) await run.track('ada', event);
    await run.settleInstant();
    expect(await sentTo(run, 'ada')).toEqual(['sent 0', 'held 24']);
    await run.runUntil(START + HOUR);
    await run.identify('ada', { visits: 7 });
    await run.settleInstant();
    const { decisions } = await run.of('ada');
    expect(decisions).toHaveLength(2);
    await run.identify('ada', { tier: 'gold' });
    await run.settleInstant();
    expect(await sentTo(run, 'ada')).toEqual(['sent 0', 'sent 1']);
  });

  test('P9: what waits for hours or a calendar day has them by the clock of where the contact has moved', async () => {
    const run = await begin(
      {
        quietHours: [{ channels: ['email'], allow: 'Mon-Sun 08:00-20:00' }],
        pressure: [{ rule: 'daily', window: { calendar: 'day' }, max: 1, onBlocked: { hold: '3d' } }],
      },
      'ada',
    );
    const hour = (local: number): number => {
      const midnight = new Date(START);
      midnight.setUTCHours(0, 0, 0, 0);
      return (midnight.getTime() + local * HOUR - START) / HOUR;
    };
    // Midnight in Brussels is eight in the morning in Auckland's summer.
    await run.runUntil(START + hour(24 + 22) * HOUR);
    await run.track('ada', 'News');
    await run.settleInstant();
    expect((await sentTo(run, 'ada'))[0]).toMatch(/^held /);
    await run.identify('ada', { timezone: 'Pacific/Auckland' });
    await run.settleInstant();
    expect(await sentTo(run, 'ada')).toEqual([`sent ${hour(24 + 22)}`]);
  });

  test('what a device says of itself fills what is missing of a contact, and no more', async () => {
    const run = await begin({}, 'ada');
    const context = { timezone: 'Asia/Tokyo', locale: 'ja_JP' };
    await run.track('eve', 'News', {}, { context });
    await run.track('ada', 'News', {}, { context: { timezone: 'no zone', locale: '?' } });
    await run.settleInstant();
    expect((await run.of('eve')).contact).toMatchObject({ timezone: 'Asia/Tokyo', locale: 'ja-JP' });
    const before = (await run.of('ada')).contact!;
    await run.track('ada', 'News', {}, { context });
    await run.track('eve', 'News', {}, { context: { timezone: 'Europe/Paris', locale: 'fr' } });
    await run.settleInstant();
    expect((await run.of('ada')).contact).toMatchObject({
      timezone: before.timezone ?? 'Asia/Tokyo',
      locale: before.locale ?? 'ja-JP',
    });
    expect((await run.of('eve')).contact).toMatchObject({ timezone: 'Asia/Tokyo', locale: 'ja-JP' });
    await run.identify('eve', { timezone: 'Europe/Rome' });
    await run.settleInstant();
    expect((await run.of('eve')).contact).toMatchObject({ timezone: 'Europe/Rome' });
  });

  test('P9: a click gives room to what waits, where mails without one had taken it', async () => {
    const run = await begin(
      {
        pressure: [{ rule: 'weekly', window: { rolling: '7d' }, max: 3, onBlocked: { hold: '10d' } }],
        fatigue: {
          halfLife: '30d',
          signals: { unclicked: { after: 2, adds: 5 } },
          levels: [{ from: 4, times: 0.5 }],
        },
      },
      'ada',
    );
    for (const event of ['News', 'Offer', 'News']) {
      await run.track('ada', event);
      await run.settleInstant();
    }
    expect((await sentTo(run, 'ada')).filter((each) => each.startsWith('held'))).toHaveLength(1);
    await run.runUntil(START + HOUR);
    await run.hit('ada', 'click', 'a');
    await run.settleInstant();
    expect((await sentTo(run, 'ada')).sort()).toEqual(['sent 0', 'sent 0', 'sent 1']);
  });

  describe('P12: whoever shares an address is judged again when it is shared no more', () => {
    const waitingTwins = async (): Promise<EngineRun> => {
      const run = await begin({ pressure: [ONE_A_DAY] }, 'ada', 'bob');
      await run.track('ada', 'News');
      await run.tick();
      await run.track('bob', 'Offer');
      await run.tick();
      expect([await sentTo(run, 'ada'), await sentTo(run, 'bob')]).toEqual([['ready 0'], ['held 24']]);
      return run;
    };

    test('by the other, who takes along what is about to be sent', async () => {
      const run = await waitingTwins();
      await run.identify('ada', { email: 'ada@example.org' });
      await run.settleInstant();
      expect([await sentTo(run, 'ada'), await sentTo(run, 'bob')]).toEqual([['sent 0'], ['sent 0']]);
    });

    test('or by itself', async () => {
      const run = await waitingTwins();
      await run.identify('bob', { email: 'bob@example.org' });
      await run.settleInstant();
      expect([await sentTo(run, 'ada'), await sentTo(run, 'bob')]).toEqual([['sent 0'], ['sent 0']]);
    });

    test('and what is about to be sent is judged by who shares the new one', async () => {
      const run = await waitingTwins();
      await run.identify('cyd', { email: 'cyd@example.org', country: 'BE', timezone: 'Europe/Brussels' });
      await run.consent('cyd', 'granted');
      await run.track('cyd', 'News');
      await run.tick();
      await run.identify('ada', { email: 'cyd@example.org' });
      await run.settleInstant();
      expect(await sentTo(run, 'cyd')).toEqual(['sent 0']);
      expect(await sentTo(run, 'bob')).toEqual(['sent 0']);
      expect(await sentTo(run, 'ada')).toEqual(['held 24']);
    });
  });
});
