import { contactIdOf } from '../../src/shared/ids.ts';
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
afterAll(() => db.close());
beforeEach(() => forgetContacts(db.database));

const mail = (name: string, event: string, more = ''): string =>
  `scenario: ${name}\ntrigger: { event: ${event} }\nreentry: always\n${more}\nsteps: { mail: { send: { channel: email, template: a } } }`;

/** What became of the messages, in the order in which they were planned: `scenario step status at`, hours after the start. */
async function told(run: EngineRun): Promise<string[]> {
  const { messages } = await run.of('ada');
  return messages
    .sort((a, b) => a.plannedAt - b.plannedAt || (a.scenarioId < b.scenarioId ? -1 : 1))
    .map(({ scenarioId, step, status, settledAt, dueAt, rule, reason }) =>
      [
        scenarioId,
        step,
        status,
        ((settledAt ?? dueAt) - START) / HOUR,
        ...(status === 'held' || status === 'blocked' ? [rule ?? reason ?? 'at hand-over'] : []),
      ].join(' '),
    );
}

test('P6, P9: room that a message gave back at the dispatcher, and takes no more, is had at once by what waited', async () => {
  const text = (name: string, event: string): string =>
    `scenario: ${name}\ntrigger: { event: ${event} }\nsteps: { text: { send: { channel: sms, template: a } } }`;
  const run = new MemoryRun(
    library([text('long', 'Long'), text('short', 'Short')], {
      pressure: [
        { rule: 'parts', unit: 'sms-parts', window: { rolling: '24h' }, max: 2, onBlocked: 'drop' },
        { rule: 'one', window: { rolling: '24h' }, max: 1, onBlocked: { hold: '3d' } },
      ],
    }),
    START,
  );
  await run.identify('ada', { phone: '+3225550100', country: 'BE', timezone: 'UTC' });
  await run.consent('ada', 'granted', 'sms');
  await run.settleInstant();
  await run.track('ada', 'Long');
  await run.tick();
  await run.track('ada', 'Short');
  await run.tick();
  // Rendered, it has three parts, and the rule drops what has more than two.
  const [long] = run.memory.takeReady();
  run.memory.sendBack(long!, 3, run.clock.now());
  await run.settleInstant();
  expect(await told(run)).toEqual(['long text blocked 0 parts', 'short text sent 0']);
});

describe.each<[string, (lib: Library) => EngineRun]>([
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
])('%s', (_name, runOf) => {
  const begin = async (lib: Library): Promise<EngineRun> => {
    const run = runOf(lib);
    await run.identify('ada', { email: 'ada@example.com', phone: '+3225550100', country: 'BE', timezone: 'UTC' });
    for (const channel of ['email', 'sms']) await run.consent('ada', 'granted', channel);
    await run.settleInstant();
    return run;
  };
  const at = async (run: EngineRun, hours: number, ...events: string[]): Promise<void> => {
    await run.runUntil(START + hours * HOUR);
    for (const event of events) await run.track('ada', event);
    await run.settleInstant();
  };

  test('a rule that switches leads to the step the message names for the channel, and drops where it names none', async () => {
    const lib = library(
      [
        'scenario: both\ntrigger: { event: Go }\nreentry: always\nsteps: { mail: { send: { channel: email, template: a }, next: end, onBlocked: other, switch: { sms: text } }, other: { set: { x: 1 }, next: end }, text: { send: { channel: sms, template: a } } }',
        mail('only', 'Only'),
      ],
      {
        pressure: [
          { rule: 'mails', scope: { channels: ['email'] }, window: { gap: '1d' }, onBlocked: { switch: 'sms' } },
        ],
      },
    );
    const run = await begin(lib);
    await at(run, 0, 'Go');
    await at(run, 1, 'Go');
    await at(run, 2, 'Only');
    expect(await told(run)).toEqual([
      'both mail sent 0',
      'both mail blocked 1 mails',
      'both text sent 1',
      'only mail blocked 2 mails',
    ]);
    expect((await run.of('ada')).contact!.attributes).not.toHaveProperty('x');
  });

  describe('P2: what falls due at one instant is judged together, however it came', () => {
    const lib = library(
      [
        mail('low', 'Low', 'priority: 10'),
        mail('high', 'High', 'priority: 90'),
        mail('mid', 'Mid', 'priority: 50'),
        'scenario: timed\npriority: 20\ntrigger: { event: Timed }\nsteps: { pause: { wait: 2h }, mail: { send: { channel: email, template: a } } }',
      ],
      { pressure: [{ rule: 'one', window: { rolling: '24h' }, max: 1, onBlocked: 'drop' }] },
    );
    const orders = [
      ['Low', 'Mid', 'High'],
      ['High', 'Mid', 'Low'],
      ['Mid', 'High', 'Low'],
    ];

    test.each(orders)('arrivals of one millisecond: %s, %s, %s', async (...events) => {
      const run = await begin(lib);
      await at(run, 1, ...events);
      expect(await told(run)).toEqual(['high mail sent 1', 'low mail blocked 1 one', 'mid mail blocked 1 one']);
    });

    test.each(orders)('though each is taken by a tick of its own: %s, %s, %s', async (...events) => {
      const run = await begin(lib);
      run.limits = { items: 1, lanes: 64 };
      await at(run, 1, ...events);
      expect(await told(run)).toEqual(['high mail sent 1', 'low mail blocked 1 one', 'mid mail blocked 1 one']);
    });

    test('an arrival at the instant of a timer', async () => {
      const run = await begin(lib);
      await at(run, 0, 'Timed');
      await at(run, 2, 'Low');
      expect(await told(run)).toEqual(['low mail blocked 2 one', 'timed mail sent 2']);
    });

    test('and what passes once more has one record of it', async () => {
      const run = await begin(lib);
      await at(run, 1, 'High', 'Low');
      const { decisions } = await run.of('ada');
      expect(decisions.map(({ verdict }) => verdict).sort()).toEqual(['block', 'send']);
    });

    test('while what passed an instant before keeps its room', async () => {
      const run = await begin(lib);
      run.limits = { items: 1_000, lanes: 64 };
      await run.runUntil(START + HOUR);
      await run.track('ada', 'Low');
      await run.runUntil(START + HOUR + 1);
      await at(run, 2, 'High');
      expect(await told(run)).toEqual(['low mail sent 1', 'high mail blocked 2 one']);
    });
  });

  test('P9: while somebody is in an exclusive programme others wait, and leave the moment it ends, not later', async () => {
    const lib = library(
      [
        'scenario: welcome\nprogramme: welcome\ntrigger: { event: Hello }\nsteps: { hi: { send: { channel: email, template: a } }, rest: { wait: 5h } }',
        mail('offer', 'Offer'),
      ],
      { exclusive: [{ rule: 'welcome-first', while: { programme: 'welcome' }, onBlocked: { hold: '2d' } }] },
    );
    const run = await begin(lib);
    await at(run, 0, 'Hello', 'Offer');
    expect(await told(run)).toEqual(['offer mail held 48 welcome-first', 'welcome hi sent 0']);
    await at(run, 6);
    expect(await told(run)).toEqual(['offer mail sent 5', 'welcome hi sent 0']);
    const { decisions } = await run.of('ada');
    expect(decisions.filter(({ reason }) => reason === 'exclusive')).toMatchObject([
      { verdict: 'hold', gate: 'pressure', rule: 'welcome-first', until: START + 2 * DAY },
    ]);
  });

  test('P9: and is blocked by it when its hold ends first', async () => {
    const lib = library(
      [
        'scenario: welcome\nprogramme: welcome\ntrigger: { event: Hello }\nsteps: { rest: { wait: 5d } }',
        mail('offer', 'Offer'),
      ],
      { exclusive: [{ rule: 'welcome-first', while: { programme: 'welcome' }, onBlocked: { hold: '3h' } }] },
    );
    const run = await begin(lib);
    await at(run, 0, 'Hello', 'Offer');
    await at(run, 4);
    expect(await told(run)).toEqual(['offer mail blocked 3 welcome-first']);
  });

  test('P11: room is kept for what a timer will send, and given when the timer is gone', async () => {
    const reserving = (exit: string): Library =>
      library(
        [
          `scenario: big\npriority: 90\ntrigger: { event: Big }\nexit: [{ event: ${exit} }]\nsteps: { rest: { wait: 5h }, mail: { send: { channel: email, template: a } } }`,
          mail('small', 'Small', 'priority: 10'),
        ],
        { pressure: [{ rule: 'daily', window: { rolling: '24h' }, max: 1, reserve: '6h', onBlocked: { hold: '3d' } }] },
      );
    const kept = await begin(reserving('Never'));
    await at(kept, 0, 'Big', 'Small');
    expect(await told(kept)).toEqual(['small mail held 29 daily']);
    const [decision] = (await kept.of('ada')).decisions;
    expect(decision!.gates.at(-1)!.counters).toEqual([
      {
        rule: 'daily',
        used: 0,
        max: 1,
        kept: 1,
        keptFor: [
          {
            messageId: null,
            at: START + 5 * HOUR,
            channel: 'email',
            scenario: 'big',
            step: 'mail',
            priority: 90,
          },
        ],
      },
    ]);
    await at(kept, 30);
    expect(await told(kept)).toEqual(['small mail sent 29', 'big mail sent 5']);

    await forgetContacts(db.database);
    const freed = await begin(reserving('Stop'));
    await at(freed, 0, 'Big', 'Small');
    await at(freed, 2, 'Stop');
    expect(await told(freed)).toEqual(['small mail sent 2']);
  });

  test('P6, P9: room that is given back is had at once by what waited for it', async () => {
    const lib = library([mail('a', 'A'), mail('b', 'B')], {
      pressure: [{ rule: 'daily', window: { rolling: '24h' }, max: 1, onBlocked: { hold: '3d' } }],
    });
    const run = await begin(lib);
    run.handOver = ({ scenarioId }) => (scenarioId === 'a' ? 'blocked' : 'sent');
    await at(run, 0, 'A', 'B');
    expect(await told(run)).toEqual(['a mail blocked 0 at hand-over', 'b mail sent 0']);
  });

  test('P6: what a provider refuses for good has been handed over, and keeps its room', async () => {
    const lib = library([mail('a', 'A'), mail('b', 'B')], {
      pressure: [{ rule: 'daily', window: { rolling: '24h' }, max: 1, onBlocked: { hold: '3d' } }],
    });
    const run = await begin(lib);
    run.handOver = ({ scenarioId }) => (scenarioId === 'a' ? 'failed' : 'sent');
    await at(run, 0, 'A', 'B');
    await at(run, 25);
    expect(await told(run)).toEqual(['a mail failed 0', 'b mail sent 24']);
    const { decisions } = await run.of('ada');
    expect(decisions).toHaveLength(3);
  });

  test('P1, P7: a ceiling of the platform counts and refuses what no other rule may', async () => {
    const lib = library([mail('receipt', 'Paid', 'category: transactional\npurpose: account'), mail('news', 'News')], {
      pressure: [
        { rule: 'ceiling', platform: true, window: { rolling: '24h' }, max: 2 },
        { rule: 'news', window: { rolling: '24h' }, max: 1 },
      ],
    });
    const run = await begin(lib);
    await at(run, 0, 'Paid');
    await at(run, 1, 'News');
    await at(run, 2, 'News');
    await at(run, 3, 'Paid');
    expect(await told(run)).toEqual([
      'receipt mail sent 0',
      'news mail sent 1',
      'news mail blocked 2 ceiling',
      'receipt mail blocked 3 ceiling',
    ]);
    expect((await run.kept(contactIdOf('ada'))).decisions.every(({ policyVersion }) => policyVersion === 1)).toBe(true);
  });

  describe('P12: contacts with one address share its pressure', () => {
    const lib = library([mail('news', 'News')], {
      pressure: [{ rule: 'daily', window: { rolling: '24h' }, max: 2, onBlocked: { hold: '3d' } }],
    });
    const twins = async (): Promise<EngineRun> => {
      const run = await begin(lib);
      await run.identify('bob', { email: 'ADA@example.com', phone: '+3225550177', country: 'BE', timezone: 'UTC' });
      await run.consent('bob', 'granted');
      await run.settleInstant();
      return run;
    };
    const sentTo = async (run: EngineRun, user: string): Promise<string[]> =>
      (await run.of(user)).messages
        .sort((a, b) => a.plannedAt - b.plannedAt)
        .map(({ status, settledAt, dueAt }) => `${status} ${((settledAt ?? dueAt) - START) / HOUR}`);

    test('whoever of them is written to, and the instant at which there is room is computed from all', async () => {
      const run = await twins();
      for (const [hour, user] of [
        [0, 'ada'],
        [1, 'bob'],
        [2, 'ada'],
        [3, 'bob'],
      ] as const) {
        await run.runUntil(START + hour * HOUR);
        await run.track(user, 'News');
        await run.settleInstant();
      }
      expect([await sentTo(run, 'ada'), await sentTo(run, 'bob')]).toEqual([
        ['sent 0', 'held 24'],
        ['sent 1', 'held 24'],
      ]);
      await at(run, 60);
      // Of two that fall due together the one that was planned first, whatever the contacts' ids (P2).
      expect([await sentTo(run, 'ada'), await sentTo(run, 'bob')]).toEqual([
        ['sent 0', 'sent 24'],
        ['sent 1', 'sent 25'],
      ]);
    });

    test('also within one tick, and with one of them erring on its letters’ case', async () => {
      const run = await twins();
      for (const user of ['ada', 'bob', 'ada', 'bob']) await run.track(user, 'News');
      await run.settleInstant();
      const statuses = [...(await sentTo(run, 'ada')), ...(await sentTo(run, 'bob'))];
      expect(statuses.filter((each) => each === 'sent 0')).toHaveLength(2);
    });

    describe('room that one of them gives back is had at once by what the other waits to send', () => {
      const waitingTwins = async (): Promise<EngineRun> => {
        const run = runOf(
          library([mail('news', 'News', 'exit: [{ event: Leave }]'), mail('other', 'Other')], {
            pressure: [{ rule: 'daily', window: { rolling: '24h' }, max: 1, onBlocked: { hold: '3d' } }],
          }),
        );
        for (const user of ['ada', 'bob'])
          await run.identify(user, { email: 'ada@example.com', country: 'BE', timezone: 'UTC' });
        for (const user of ['ada', 'bob']) await run.consent(user, 'granted');
        await run.settleInstant();
        // With the dispatcher, at whatever hour: it is not handed over until that is said.
        await run.track('ada', 'News');
        await run.tick();
        await run.track('bob', 'Other');
        await run.tick();
        expect([await sentTo(run, 'ada'), await sentTo(run, 'bob')]).toEqual([['ready 0'], ['held 24']]);
        return run;
      };

      test('when it is cancelled', async () => {
        const run = await waitingTwins();
        await run.track('ada', 'Leave');
        await run.settleInstant();
        expect([await sentTo(run, 'ada'), await sentTo(run, 'bob')]).toEqual([['cancelled 0'], ['sent 0']]);
      });

      test('when the last look before its hand-over refuses it', async () => {
        const run = await waitingTwins();
        run.handOver = ({ scenarioId }) => (scenarioId === 'news' ? 'blocked' : 'sent');
        await run.settleInstant();
        expect([await sentTo(run, 'ada'), await sentTo(run, 'bob')]).toEqual([['blocked 0'], ['sent 0']]);
      });

      test('when the wished limits of the one who had it forbid it now', async () => {
        const run = await waitingTwins();
        await run.choose('ada', { pauseUntil: START + 5 * DAY });
        await run.settleInstant();
        expect([await sentTo(run, 'ada'), await sentTo(run, 'bob')]).toEqual([['blocked 0'], ['sent 0']]);
      });

      test('and nobody is judged again whom pressure holds nothing for, or who shares nothing', async () => {
        const run = await waitingTwins();
        await run.identify('cyd', { email: 'cyd@example.com', country: 'BE', timezone: 'UTC' });
        await run.consent('cyd', 'granted');
        for (const event of ['News', 'Other']) await run.track('cyd', event);
        await run.tick();
        expect((await sentTo(run, 'cyd')).sort()).toEqual(['held 24', 'ready 0']);
        const before = (await run.of('cyd')).decisions;
        await run.track('bob', 'Leave');
        await run.track('ada', 'Leave');
        await run.settleInstant();
        const { decisions } = await run.of('cyd');
        expect(decisions).toEqual(before);
      });
    });

    test('and no more when one of them has another address', async () => {
      const run = await twins();
      await run.track('ada', 'News');
      await run.track('ada', 'News');
      await run.settleInstant();
      await run.identify('bob', { email: 'bob@example.com' });
      await run.track('bob', 'News');
      await run.settleInstant();
      expect(await sentTo(run, 'bob')).toEqual(['sent 0']);
    });
  });
});
