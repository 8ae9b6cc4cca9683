import type { Library } from '../../src/scenarios/index.ts';
import { stableFraction } from '../../src/shared/hash.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { at, DAY, HOUR, library, MINUTE, START } from './factories.ts';

const NIGHT = { quietHours: [{ channels: ['email'], allow: 'Mon-Sun 12:00-20:00' }] };

async function known(lib: Library, user = 'ada'): Promise<MemoryRun> {
  const run = new MemoryRun(lib, START);
  await run.identify(user, { email: `${user}@example.com`, phone: '+33612345678', country: 'FR' });
  for (const channel of ['email', 'sms']) await run.consent(user, 'granted', channel);
  await run.settleInstant();
  return run;
}

/** `track` and all that follows at this instant. */
async function happens(run: MemoryRun, name: string, properties = {}, fields = {}): Promise<void> {
  await run.track('ada', name, properties, fields);
  await run.settleInstant();
}

test('a withdrawal has held messages judged again at once (D4)', async () => {
  const run = await known(library(['steps: { hello: { send: { channel: email, template: a } } }'], NIGHT));
  await happens(run, 'Begun');
  run.clock.moveTo(START + MINUTE);
  await run.consent('ada', 'withdrawn', 'email');
  await run.settleInstant();
  const { messages, enrollments } = await run.of('ada');
  expect(messages).toMatchObject([
    { status: 'blocked', gate: 'consent', reason: 'withdrawn', settledAt: START + MINUTE, judged: 2 },
  ]);
  expect(enrollments).toMatchObject([{ status: 'completed' }]);
});

test('news of consent that changes nothing for a held message leaves it where it is', async () => {
  const run = await known(library(['steps: { hello: { send: { channel: email, template: a } } }'], NIGHT));
  await happens(run, 'Begun');
  await run.consent('ada', 'withdrawn', 'sms');
  await run.settleInstant();
  expect((await run.of('ada')).messages).toMatchObject([
    { status: 'held', dueAt: at('2026-03-02T12:00:00+01:00'), judged: 2 },
  ]);
});

test('a goal ends the enrollment as converted; with `stay` it is only recorded, once', async () => {
  const steps = 'steps: { pause: { wait: 5d }, hello: { send: { channel: email, template: a } } }';
  const run = await known(
    library([
      `scenario: ends\ngoal: { event: Bought, within: 2d }\n${steps}`,
      `scenario: stays\ngoal: { event: Bought, stay: true }\n${steps}`,
    ]),
  );
  await happens(run, 'Begun');
  run.clock.moveTo(START + HOUR);
  await happens(run, 'Bought');
  run.clock.moveTo(START + 2 * HOUR);
  await happens(run, 'Bought');
  const { enrollments } = await run.of('ada');
  expect(
    Object.fromEntries(enrollments.map(({ scenarioId, status, convertedAt }) => [scenarioId, [status, convertedAt]])),
  ).toEqual({
    ends: ['converted', START + HOUR],
    stays: ['waiting', START + HOUR],
  });
  await run.runUntil(START + 6 * DAY);
  expect((await run.of('ada')).messages).toMatchObject([{ scenarioId: 'stays', status: 'sent' }]);
});

test('a goal reached too late ends nothing', async () => {
  const run = await known(library(['goal: { event: Bought, within: 2d }\nsteps: { pause: { wait: 5d } }']));
  await happens(run, 'Begun');
  await run.runUntil(START + 2 * DAY + 1);
  await happens(run, 'Bought');
  expect((await run.of('ada')).enrollments).toMatchObject([{ status: 'waiting', convertedAt: null }]);
});

test('holdout: a stable share enters, goes on and receives nothing', async () => {
  const lib = library([
    'scenario: tried\nholdout: 30%\nsteps: { one: { send: { channel: email, template: a } }, pause: { wait: 1d }, two: { send: { channel: email, template: b } } }',
  ]);
  const statuses = new Map<string, string[]>();
  for (let n = 0; n < 40; n++) {
    const user = `user-${n}`;
    const run = await known(lib, user);
    await run.track(user, 'Begun');
    await run.settleInstant();
    await run.runUntil(START + 2 * DAY);
    const { messages, enrollments } = await run.of(user);
    expect(enrollments).toMatchObject([{ status: 'completed' }]);
    const heldOut = stableFraction('holdout', 'tried', contactIdOf(user)) < 0.3;
    expect(messages.map(({ status, countedAt }) => [status, countedAt === null])).toEqual(
      Array(2).fill(heldOut ? ['holdout', true] : ['sent', false]),
    );
    statuses.set(
      user,
      messages.map(({ status }) => status),
    );
  }
  expect(new Set([...statuses.values()].flat())).toEqual(new Set(['holdout', 'sent']));
});

describe('late events', () => {
  const lib = library([
    'exit: [{ event: Left }]\nsteps: { until: { waitFor: { event: Bought }, timeout: 3d, onEvent: had, onTimeout: has }, has: { choose: [{ when: { event: Bought }, next: had }, { otherwise: end }] }, had: { set: { bought: true } } }',
  ]);

  test.each([
    ['imported as history', { historical: true }],
    ['older than a day', { at: START - DAY - 1 }],
  ])('%s: trigger nothing', async (_what, fields) => {
    const run = await known(lib);
    await happens(run, 'Begun', {}, fields);
    expect((await run.of('ada')).enrollments).toEqual([]);
  });

  test('to the instant, a day old is not late', async () => {
    const run = await known(lib);
    await happens(run, 'Begun', {}, { at: START - DAY });
    expect((await run.of('ada')).enrollments).toMatchObject([{ status: 'waiting' }]);
  });

  test('end no wait and exit nobody, but count in conditions', async () => {
    const run = await known(lib);
    await happens(run, 'Begun');
    await happens(run, 'Bought', {}, { historical: true });
    await happens(run, 'Left', {}, { historical: true });
    expect((await run.of('ada')).enrollments).toMatchObject([{ status: 'waiting' }]);
    await run.runUntil(START + 4 * DAY);
    expect((await run.of('ada')).contact!.attributes).toEqual({ bought: true });
  });

  test('T8: an event with `active: false` does not count as activity', async () => {
    const idle = library(['trigger: { inactivity: 3d, activity: [Bought] }\nsteps: { pause: { wait: 1d } }']);
    const run = await known(idle);
    await run.runUntil(START + 2 * DAY);
    await happens(run, 'Bought', {}, { active: false });
    await run.runUntil(START + 3 * DAY + 1);
    expect((await run.of('ada')).enrollments).toMatchObject([{ enteredAt: START + 3 * DAY }]);
  });
});

test('T8: inactivity fires once an idle period, again after a new one, and never while there is activity', async () => {
  const run = await known(
    library(['trigger: { inactivity: 3d, activity: [Bought] }\nreentry: always\nsteps: { pause: { wait: 1h } }']),
  );
  for (const day of [2, 4, 6]) {
    await run.runUntil(START + day * DAY);
    await happens(run, 'Bought');
  }
  await run.runUntil(START + 20 * DAY);
  await happens(run, 'Bought');
  await run.runUntil(START + 60 * DAY);
  const { enrollments } = await run.of('ada');
  expect(enrollments.map(({ enteredAt }) => (enteredAt - START) / DAY).sort((a, b) => a - b)).toEqual([9, 23]);
});

test('T5: a birthday comes once a year, whatever is corrected in between', async () => {
  const run = await known(
    library([
      'trigger: { date: birthday, at: "09:00", yearly: true }\nreentry: always\nsteps: { hello: { send: { channel: email, template: a } } }',
    ]),
  );
  await run.identify('ada', { birthday: '1990-03-10' });
  await run.settleInstant();
  await run.runUntil(at('2026-03-11T00:00:00Z'));
  await run.identify('ada', { birthday: '1990-03-12' });
  await run.settleInstant();
  await run.runUntil(at('2026-06-01T00:00:00Z'));
  await run.identify('ada', { timezone: 'America/New_York', birthday: '1990-12-24' });
  await run.settleInstant();
  await run.runUntil(at('2028-01-01T00:00:00Z'));
  const { messages } = await run.of('ada');
  expect(messages.map(({ plannedAt }) => plannedAt).sort((a, b) => a - b)).toEqual([
    at('2026-03-10T09:00:00+01:00'),
    at('2027-12-24T09:00:00-05:00'),
  ]);
});

test('whoever is enrolled by hand enters by the same rules, with what was given', async () => {
  const run = await known(
    library([
      'trigger: { manual: true }\naudience: { attribute: country, equals: FR }\nsteps: { mark: { set: { why: "{{event.why}}" } }, pause: { wait: 1d } }',
    ]),
  );
  await run.enrol('ada', 'trial', { why: 'asked' });
  await run.enrol('ada', 'trial', { why: 'again' });
  await run.enrol('ada', 'unknown');
  await run.enrol('nobody', 'trial');
  await run.settleInstant();
  expect(await run.of('ada')).toMatchObject({
    enrollments: [{ status: 'waiting' }],
    contact: { attributes: { why: 'asked' } },
  });
  expect(await run.of('nobody')).toMatchObject({ contact: null, enrollments: [] });
});

test('a goal counts only what happened after the entry event; what arrives late from before does not convert', async () => {
  const steps = 'goal: { event: Bought }\nsteps: { pause: { wait: 5d } }';
  const run = await known(library([steps]));
  await happens(run, 'Begun');
  run.clock.moveTo(START + HOUR);
  await happens(run, 'Bought', {}, { at: START - HOUR });
  expect((await run.of('ada')).enrollments).toMatchObject([{ status: 'waiting', convertedAt: null }]);
  await happens(run, 'Bought', {}, { at: START + MINUTE });
  expect((await run.of('ada')).enrollments).toMatchObject([{ status: 'converted' }]);
});
