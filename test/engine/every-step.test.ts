import type { Library } from '../../src/scenarios/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { at, DAY, HOUR, library, MINUTE, START } from './factories.ts';

// One row a form of the language: what it does, and to the instant when, in PostgreSQL and in memory.

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());
const WORLDS: [string, (lib: Library) => EngineRun, () => Promise<void>][] = [
  ['in memory', (lib) => new MemoryRun(lib, START), () => Promise.resolve()],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START), () => forgetContacts(db.database)],
];

const MARK = 'done: { set: { done: true } }';
const NIGHT = { quietHours: [{ channels: ['email'], allow: 'Mon-Sun 12:00-20:00' }] };
const FULL = { pressure: [{ rule: 'none', window: { rolling: '7d' }, max: 0 }] };

type Happening = [number, (run: EngineRun) => Promise<void>];

/** Ada, known and with her consents; what is given happens at its instants, and all that follows before `end`. */
async function lived(
  make: (lib: Library) => EngineRun,
  scenarios: readonly string[],
  happenings: readonly Happening[],
  end: number,
  policy: Record<string, unknown> = {},
): Promise<EngineRun> {
  const run = make(library(scenarios, policy));
  await run.identify('ada', {
    email: 'ada@example.com',
    phone: '+33612345678',
    timezone: 'Europe/Paris',
    country: 'FR',
    birthday: '1990-03-10',
    renewal: '2026-03-10',
    createdAt: '2026-03-01T09:00:00Z',
  });
  for (const channel of ['email', 'sms']) await run.consent('ada', 'granted', channel);
  await run.settleInstant();
  for (const [when, happen] of happenings) {
    await run.runUntil(when);
    await happen(run);
    // What happens at the last instant is looked at by the caller, before and after.
    if (when < end) await run.settleInstant();
  }
  await run.runUntil(end);
  return run;
}

const begun = (properties = {}): Happening => [START, (run) => run.track('ada', 'Begun', properties)];
const tracked = (after: number, name: string, properties = {}): Happening => [
  START + after,
  (run) => run.track('ada', name, properties),
];

const identified = (after: number, traits: Record<string, unknown>): Happening => [
  START + after,
  (run) => run.identify('ada', traits),
];

const RENEWAL =
  'pause: { wait: { until: { attribute: renewal, offset: -1d, at: "09:00" }, ifMissing: exit, ifPast: exit } }';
const CALL = '{ url: "https://crm.example/contacts" }';
const callsFail: Happening = [
  START,
  (run) => {
    run.answerCall = () => 'failed';
    return Promise.resolve();
  },
];

describe.each(WORLDS)('%s, when a step is left', (_world, make, forget) => {
  beforeEach(forget);

  test.each<[string, string, Happening[], number, Record<string, unknown>?]>([
    ['send, handed over', 'hello: { send: { channel: email, template: a } }', [], START],
    [
      'send, held until the night is over',
      'hello: { send: { channel: email, template: a } }',
      [],
      START + 2 * HOUR,
      NIGHT,
    ],
    [
      'send, blocked, takes the way written',
      'hello: { send: { channel: email, template: a }, onBlocked: done }, rest: { wait: 9d }',
      [],
      START,
      FULL,
    ],
    ['send, expired', 'hello: { send: { channel: email, template: a, expires: 30m } }', [], START + 30 * MINUTE, NIGHT],
    [
      'send, in its window',
      'hello: { send: { channel: sms, template: a, window: "Mon-Fri 14:00-18:00" } }',
      [],
      at('2026-03-02T14:00:00+01:00'),
    ],
    ['wait, hours', 'pause: { wait: 4h }', [], START + 4 * HOUR],
    ['wait, calendar days', 'pause: { wait: 3d }', [], START + 3 * DAY],
    ['wait, a month over the clock change', 'pause: { wait: 1mo }', [], at('2026-04-02T10:00:00+02:00')],
    ['wait until a time', 'pause: { wait: { until: { time: "09:00" } } }', [], at('2026-03-03T09:00:00+01:00')],
    [
      'wait until a weekday',
      'pause: { wait: { until: { weekday: thursday, time: "08:30" } } }',
      [],
      at('2026-03-05T08:30:00+01:00'),
    ],
    [
      'wait until a date',
      'pause: { wait: { until: { date: 2026-03-08, time: "10:00" } } }',
      [],
      at('2026-03-08T10:00:00+01:00'),
    ],
    ['wait until an attribute', RENEWAL, [], at('2026-03-09T09:00:00+01:00')],
    [
      'wait until an attribute that is missing',
      'pause: { wait: { until: { attribute: contractEnd, at: "09:00" }, ifMissing: done, ifPast: exit } }, rest: { wait: 9d }',
      [],
      START,
    ],
    [
      'wait until an attribute that is corrected meanwhile (T5, C8)',
      RENEWAL,
      [identified(DAY, { renewal: '2026-03-20' })],
      at('2026-03-19T09:00:00+01:00'),
    ],
    [
      'wait until an attribute that is brought forward',
      RENEWAL,
      [identified(DAY, { renewal: '2026-03-05' })],
      at('2026-03-04T09:00:00+01:00'),
    ],
    [
      'wait until an attribute that turns out to be past',
      `${RENEWAL.replace('ifPast: exit', 'ifPast: done')}, rest: { wait: 9d }`,
      [identified(DAY, { renewal: '2026-03-03' })],
      START + DAY,
    ],
    [
      'wait until an attribute that is taken away',
      `${RENEWAL.replace('ifMissing: exit', 'ifMissing: done')}, rest: { wait: 9d }`,
      [identified(DAY, { renewal: null })],
      START + DAY,
    ],
    [
      'wait until an attribute, by the clock of where the contact has moved to',
      RENEWAL,
      [identified(DAY, { timezone: 'America/New_York' })],
      at('2026-03-09T09:00:00-04:00'),
    ],
    [
      'waitFor, the event',
      'pause: { waitFor: { event: Bought, where: { property: total, gte: 20 } }, timeout: 9d, onEvent: done, onTimeout: end }',
      [tracked(HOUR, 'Bought', { total: 5 }), tracked(2 * HOUR, 'Bought', { total: 20 })],
      START + 2 * HOUR,
    ],
    [
      'waitFor, the time',
      'pause: { waitFor: { event: Bought }, timeout: 5d, onEvent: end, onTimeout: done }',
      [],
      START + 5 * DAY,
    ],
    [
      'choose, by the past',
      'which: { choose: [{ when: { event: Begun, count: { gte: 1 }, within: 1d }, next: done }, { otherwise: end }] }',
      [],
      START,
    ],
    [
      'choose, otherwise',
      'which: { choose: [{ when: { attribute: country, equals: BE }, next: end }, { otherwise: done }] }',
      [],
      START,
    ],
    ['split', 'which: { split: [{ weight: 1, next: done }, { weight: 1, next: done }] }', [], START],
    [
      'set, seen by the next',
      'first: { set: { tier: "{{event.tier}}" } }, which: { choose: [{ when: { attribute: tier, equals: gold }, next: done }, { otherwise: end }] }',
      [],
      START,
    ],
    ['emit, and go on', 'tell: { emit: { event: Told } }', [], START],
    ['enrol, and go on', 'ask: { enrol: { scenario: other } }', [], START],
    ['webhook, taken', `call: { webhook: ${CALL}, onError: end }`, [], START],
    [
      'webhook, failed, takes the way written',
      `call: { webhook: ${CALL}, onError: done }, rest: { wait: 9d }`,
      [callsFail],
      START,
    ],
    ['webhook, failed, goes on where no way is written', `call: { webhook: ${CALL} }`, [callsFail], START],
  ])('%s: at the very instant', async (_form, step, happenings, instant, policy = {}) => {
    const other = 'scenario: other\ntrigger: { manual: true }\nsteps: { pause: { wait: 90d } }';
    const scenario = `scenario: tried\nsteps: { ${step}, ${MARK} }`;
    const run = await lived(make, [scenario, other], [begun({ tier: 'gold' }), ...happenings], instant, policy);
    expect((await run.of('ada')).contact!.attributes['done']).toBeUndefined();
    await run.runUntil(instant + 1);
    const { contact, enrollments } = await run.of('ada');
    expect(contact!.attributes['done']).toBe(true);
    expect(enrollments.find(({ scenarioId }) => scenarioId === 'tried')).toMatchObject({
      status: 'completed',
      endedAt: instant,
    });
  });
});

describe.each(WORLDS)('%s, a trigger lets in', (_world, make, forget) => {
  beforeEach(forget);

  test.each<[string, string, Happening[], number]>([
    [
      'an event',
      'trigger: { event: Asked, where: { property: n, equals: 2 } }',
      [tracked(HOUR, 'Asked', { n: 1 }), tracked(2 * HOUR, 'Asked', { n: 2 })],
      START + 2 * HOUR,
    ],
    ['a date', 'trigger: { date: birthday, at: "09:00", yearly: true }', [], at('2026-03-10T09:00:00+01:00')],
    [
      'a date with an offset',
      'trigger: { date: birthday, offset: -7d, at: "18:00", yearly: true }',
      [],
      at('2026-03-03T18:00:00+01:00'),
    ],
    [
      'inactivity since the last activity',
      'trigger: { inactivity: 5d, activity: [Logged In], at: "10:00" }',
      [tracked(HOUR, 'Logged In')],
      at('2026-03-08T10:00:00+01:00'),
    ],
    [
      'inactivity of somebody never active',
      'trigger: { inactivity: 5d, activity: [Logged In], neverActive: true }',
      [],
      at('2026-03-06T10:00:00+01:00'),
    ],
    ['a schedule', 'trigger: { rrule: "FREQ=WEEKLY;BYDAY=WE", at: "07:15" }', [], at('2026-03-04T07:15:00+01:00')],
    [
      'coming into an audience',
      'trigger: { enters: { attribute: tier, equals: gold } }',
      [[START + HOUR, (run) => run.identify('ada', { tier: 'gold' })]],
      START + HOUR,
    ],
    [
      'leaving an audience',
      'trigger: { leaves: { attribute: country, equals: FR } }',
      [[START + HOUR, (run) => run.identify('ada', { country: 'BE' })]],
      START + HOUR,
    ],
    ['a hand', 'trigger: { manual: true }', [[START + HOUR, (run) => run.enrol('ada', 'tried')]], START + HOUR],
  ])('by %s: at the very instant', async (_kind, trigger, happenings, instant) => {
    const scenario = `scenario: tried\n${trigger}\nsteps: { pause: { wait: 300d } }`;
    const run = await lived(make, [scenario], happenings, instant);
    expect((await run.of('ada')).enrollments).toEqual([]);
    await run.runUntil(instant + 1);
    expect((await run.of('ada')).enrollments).toMatchObject([
      { scenarioId: 'tried', status: 'waiting', enteredAt: instant },
    ]);
  });
});

describe.each(WORLDS)('%s, whoever is inside', (_world, make, forget) => {
  beforeEach(forget);

  const LEAVES = at('2026-03-02T10:45:00+01:00');
  const inside: [string, string, Record<string, unknown>?][] = [
    ['a wait of hours', 'here: { wait: 4h }'],
    ['a wait of days', 'here: { wait: 30d }'],
    ['a wait until a time', 'here: { wait: { until: { time: "09:00" } } }'],
    ['a wait until a weekday', 'here: { wait: { until: { weekday: friday } } }'],
    ['a wait until a date', 'here: { wait: { until: { date: 2026-05-01 } } }'],
    [
      'a wait until an attribute',
      'here: { wait: { until: { attribute: renewal, at: "09:00" }, ifMissing: exit, ifPast: exit } }',
    ],
    ['a waitFor', 'here: { waitFor: { event: Never }, timeout: 30d, onTimeout: end }'],
    [
      'a waitFor of the same event',
      'here: { waitFor: { event: Interrupt }, timeout: 30d, onEvent: end, onTimeout: end }',
    ],
    ['a send that is held by quiet hours', 'here: { send: { channel: email, template: a } }', NIGHT],
    [
      'a send that is held by pressure',
      'here: { send: { channel: email, template: a } }, more: { send: { channel: email, template: a } }',
      { pressure: [{ rule: 'one', window: { rolling: '7d' }, max: 1, onBlocked: { hold: '30d' } }] },
    ],
    ['a send that waits for its window', 'here: { send: { channel: email, template: a, window: "Sat 10:00-12:00" } }'],
  ];

  test.each(inside)('%s leaves at the instant of an exit, and nothing follows', async (_where, steps, policy = {}) => {
    const scenario = `scenario: tried\nexit: [{ event: Interrupt }]\nsteps: { ${steps}, ${MARK} }`;
    const interrupt = [begun(), tracked(45 * MINUTE, 'Interrupt')];
    const run = await lived(make, [scenario], interrupt, START + 60 * DAY, policy);
    const { contact, enrollments, messages } = await run.of('ada');
    expect(enrollments).toMatchObject([{ status: 'exited', endedAt: LEAVES, dueAt: null, reason: 'Interrupt' }]);
    expect(contact!.attributes['done']).toBeUndefined();
    expect(messages.filter(({ settledAt }) => settledAt! > LEAVES)).toEqual([]);
    expect(messages.filter(({ status }) => status !== 'sent' && status !== 'cancelled')).toEqual([]);
  });

  test.each(inside)(
    '%s is converted at the instant of the goal, and nothing follows',
    async (_where, steps, policy = {}) => {
      const scenario = `scenario: tried\ngoal: { event: Interrupt, within: 14d }\nsteps: { ${steps}, ${MARK} }`;
      const interrupt = [begun(), tracked(45 * MINUTE, 'Interrupt')];
      const run = await lived(make, [scenario], interrupt, START + 60 * DAY, policy);
      const { contact, enrollments, messages } = await run.of('ada');
      expect(enrollments).toMatchObject([{ status: 'converted', endedAt: LEAVES, convertedAt: LEAVES, dueAt: null }]);
      expect(contact!.attributes['done']).toBeUndefined();
      expect(messages.filter(({ settledAt }) => settledAt! > LEAVES)).toEqual([]);
    },
  );
});
