import type { Library } from '../../src/scenarios/index.ts';
import { formatInstant } from '../../src/shared/clock.ts';
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

const WORLDS: [string, (lib: Library) => EngineRun][] = [
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
];

const PARCEL = `trigger: { event: Parcel Sent }
key: properties.parcel
reentry: always
exit: [{ event: Returned }]
goal: { event: Thanked }
steps:
  arrival: { waitFor: { event: Arrived }, timeout: 3d, onEvent: end, onTimeout: sorry }
  sorry: { set: { sorry: "{{event.parcel}}" } }
  later: { wait: 100d }`;

describe.each(WORLDS)('%s', (_world, make) => {
  async function known(scenario: string): Promise<EngineRun> {
    const run = make(library([scenario]));
    await run.identify('ada', { timezone: 'Europe/Paris', email: 'ada@example.com' });
    await run.consent('ada', 'granted');
    await run.settleInstant();
    return run;
  }
  async function track(run: EngineRun, after: number, name: string, properties: object = {}): Promise<void> {
    await run.runUntil(START + after);
    await run.track('ada', name, properties as Record<string, unknown>);
    await run.settleInstant();
  }
  const stands = async (run: EngineRun): Promise<Record<string, string>> =>
    Object.fromEntries((await run.of('ada')).enrollments.map(({ key, status }) => [key, status]));

  describe('keys: a passage hears what carries its own key, or none', () => {
    async function twoParcels(): Promise<EngineRun> {
      const run = await known(PARCEL);
      await track(run, HOUR, 'Parcel Sent', { parcel: 'p1' });
      await track(run, 2 * HOUR, 'Parcel Sent', { parcel: 2 });
      return run;
    }
    test.each([
      ['waitFor', 'Arrived', 'completed'],
      ['exit', 'Returned', 'exited'],
      ['goal', 'Thanked', 'converted'],
    ])('in %s', async (_where, event, status) => {
      const run = await twoParcels();
      await track(run, DAY, event, { parcel: '2' });
      expect(await stands(run)).toEqual({ p1: 'waiting', 2: status });
      await track(run, DAY + HOUR, event, { parcel: 'p3' });
      expect(await stands(run)).toEqual({ p1: 'waiting', 2: status });
    });

    test.each([[{}], [{ parcel: '' }], [{ parcel: null }], [{ parcel: [] }]])(
      'an event that carries none (%j) is about all of them, and lets nobody in',
      async (properties) => {
        const run = await twoParcels();
        await track(run, DAY, 'Arrived', properties);
        await track(run, DAY, 'Parcel Sent', properties);
        expect(await stands(run)).toEqual({ p1: 'completed', 2: 'completed' });
      },
    );
  });

  describe('a `waitFor` after `send` steps hears events from the first of them on', () => {
    const QUOTE = `trigger: { event: Quote Asked }
reentry: always
steps:
  text: { send: { channel: email, template: a, window: "Mon-Fri 18:00-19:00" } }
  mail: { send: { channel: email, template: b, window: "Mon-Fri 20:00-21:00" } }
  note: { set: { noted: true } }
  order: { waitFor: { event: Ordered, where: { property: total, gte: 20 } }, timeout: 2d, onEvent: thanks, onTimeout: end }
  thanks: { set: { thanked: "{{event.total}}", noted: "{{contact.noted}}!" } }`;
    const path = async (run: EngineRun): Promise<unknown[]> => {
      const { contact, enrollments, messages } = await run.of('ada');
      const [{ status, endedAt } = { status: null, endedAt: null }] = enrollments;
      const { thanked, noted } = contact!.attributes;
      return [messages.length, status, endedAt === null ? null : formatInstant(endedAt), thanked, noted];
    };

    test.each([
      ['the first waits', HOUR],
      ['the second waits', 9 * HOUR],
    ])('also one that came while %s, with what it said', async (_when, after) => {
      const run = await known(QUOTE);
      await track(run, 0, 'Quote Asked');
      await track(run, after, 'Ordered', { total: 19 });
      await track(run, after + 60_000, 'Ordered', { total: 21 });
      await track(run, after + 120_000, 'Ordered', { total: 22 });
      expect((await path(run))[1]).toBe('active');
      await run.runUntil(START + 4 * DAY);
      expect(await path(run)).toEqual([2, 'completed', '2026-03-02T19:00:00.000Z', 21, 'true!']);
    });

    test('and none that came before, in the events of another passage, or after its time', async () => {
      const run = await known(QUOTE);
      await track(run, 0, 'Ordered', { total: 30 });
      await track(run, 0, 'Quote Asked');
      await run.runUntil(START + 4 * DAY);
      expect(await path(run)).toEqual([2, 'completed', '2026-03-04T19:00:00.000Z', undefined, true]);
      await track(run, 5 * DAY, 'Ordered', { total: 30 });
      await track(run, 5 * DAY, 'Quote Asked');
      await run.runUntil(START + 10 * DAY);
      expect((await path(run))[3]).toBeUndefined();
    });

    test('a wait in between begins anew', async () => {
      const run = await known(QUOTE.replace('note: { set: { noted: true } }', 'note: { wait: 1h }'));
      await track(run, 0, 'Quote Asked');
      await track(run, HOUR, 'Ordered', { total: 30 });
      await run.runUntil(START + 5 * DAY);
      expect((await path(run))[3]).toBeUndefined();
    });

    test('an answer that is quicker than the outcome of the call that asked for it is heard too', async () => {
      const run = await known(`trigger: { event: Quote Asked }
steps:
  call: { webhook: { url: "https://crm.example/ask" } }
  order: { waitFor: { event: Ordered }, timeout: 2d, onEvent: thanks, onTimeout: end }
  thanks: { set: { thanked: "yes" } }`);
      await run.track('ada', 'Quote Asked');
      await run.track('ada', 'Ordered');
      await run.settleInstant();
      expect((await path(run)).slice(1, 4)).toEqual(['completed', formatInstant(START), 'yes']);
    });
  });

  test('conditions of an exit compare with the event that let the contact in', async () => {
    const run = await known(`trigger: { event: Cart Filled }
exit: [{ event: Ordered, where: { property: cart, equals: { entry: cart } } }]
steps:
  pause: { wait: 1d }
  same: { choose: [{ when: { event: Viewed, where: { property: sku, in: { entry: "products[].sku" } } }, next: viewed }, { otherwise: end }] }
  viewed: { set: { viewed: true } }`);
    await track(run, 0, 'Cart Filled', { cart: 'c1', products: [{ sku: 'x' }, { sku: 'y' }] });
    await track(run, HOUR, 'Ordered', { cart: 'c2' });
    await track(run, HOUR, 'Viewed', { sku: 'y' });
    await run.runUntil(START + 2 * DAY);
    const { enrollments, contact } = await run.of('ada');
    expect([enrollments[0]!.status, contact!.attributes['viewed']]).toEqual(['completed', true]);
  });

  test('a list that a step reads as one thing stops the passage, and says what to write', async () => {
    const run = await known(`trigger: { event: Begun }
steps:
  order: { waitFor: { event: Ordered, where: { property: products.category, equals: shoes } }, timeout: 1d, onEvent: end, onTimeout: end }`);
    await track(run, 0, 'Begun');
    await track(run, HOUR, 'Ordered', { products: [{ category: 'shoes' }] });
    const [passage] = (await run.of('ada')).enrollments;
    expect([passage!.status, passage!.reason]).toEqual([
      'stopped',
      'fault: products is a list: write products[].category, which asks whether one item is so',
    ]);
  });
});
