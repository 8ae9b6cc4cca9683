import { rm } from 'node:fs/promises';
import path from 'node:path';
import { rehearsalJson, rehearsalText, rehearseRequest, type Rehearsal } from '../../src/rehearsal/index.ts';
import { UserError } from '../../src/shared/errors.ts';
import { ADA, PLACES, POLICY, scenarioOf, writeFolder } from './people.ts';

let folder: string;
const NOW = Date.parse('2026-01-01T00:00:00Z');

const STEPS = `  pick:
    choose:
      - { when: { attribute: country, equals: BE }, next: end }
      - { when: { event: Begun, within: 30d }, next: mark }
      - otherwise: end
  mark: { set: { tier: customer } }
  later: { wait: { until: { time: "10:00" } } }
  mail: { send: { channel: email, template: broken } }`;

beforeAll(async () => {
  folder = await writeFolder({
    'ada.yaml': ADA(),
    'busy.yaml': ADA(`sent:
  - { at: 2026-03-02T06:00:00Z, channel: email, category: marketing }
  - { at: 2026-03-03T06:00:00Z, channel: email, category: marketing }
timeline:
  - { at: 2026-03-09T20:00:00+01:00, track: Order Completed, properties: { total: 12 } }
`),
    'silent.yaml': 'userId: bob\nemail: bob@example.com\ntimezone: Europe/Paris\n',
    'wrong.yaml': 'userId: ada\nemial: ada@example.com\n',
    'phone.yaml': 'userId: ada\nphone: "12"\n',
    'born.yaml':
      'userId: ada\nemail: ada@example.com\nbirthday: 1990-07-14\ntimezone: Europe/Paris\nconsents: [{ channel: email, purpose: offers, action: granted }]\n',
    'buys.yaml':
      'timeline:\n  - { at: 2026-03-05T09:00:00+01:00, track: Order Completed, properties: { total: 50 } }\n',
    'early.yaml': 'timeline:\n  - { at: 2026-01-05T09:00:00+01:00, track: Order Completed }\n',
    'scenarios/policy.yaml': POLICY,
    'scenarios/begun.yaml': scenarioOf('begun', STEPS),
    'scenarios/trial.yaml': scenarioOf(
      'trial',
      STEPS,
      'trigger: { manual: true }\naudience: { attribute: country, in: [FR, BE] }\nexit: [{ event: Account Closed }]',
    ),
    'templates/broken/email.html.hbs': '{{money contact.firstName "EUR"}}',
    'templates/broken/meta.yaml': 'subject: Hello\n',
  });
});
afterAll(() => rm(folder, { recursive: true }));

const file = (name: string): string => path.join(folder, name);
const play = (contact: string, from: string, more: object = {}): Promise<Rehearsal> =>
  rehearseRequest({ scenario: 'newsletter-welcome', contact: file(contact), from, ...more }, PLACES, null, NOW);
const trial = (from: string, more: object = {}): Promise<Rehearsal> =>
  rehearseRequest(
    { scenario: file('scenarios/trial.yaml'), contact: file('ada.yaml'), from, ...more },
    PLACES,
    null,
    NOW,
  );
const states = ({ entries }: Rehearsal): string[] =>
  entries.flatMap((entry) => (entry.kind === 'state' ? [entry.entered] : entry.kind === 'ended' ? [entry.status] : []));

describe('a rehearsal', () => {
  test('plays the trigger with properties that its filter takes, and follows the contact to the end', async () => {
    const rehearsal = await play('ada.yaml', '2026-03-02T09:00');
    expect(rehearsal.entries[0]).toMatchObject({
      kind: 'event',
      name: 'Form Submitted',
      properties: { form: 'newsletter' },
    });
    expect(states(rehearsal)).toEqual(['hello', 'first-order', 'remind', 'last-days', 'completed']);
    expect(rehearsal.messages.map(({ outgoing }) => outgoing?.subject)).toEqual([
      'Welcome, Ada – 10 % off your first order',
      'Your 10 % is still waiting, Ada',
    ]);
    expect(rehearsal).toMatchObject({ status: 'completed', step: null, until: Date.parse('2026-03-16T08:00:00Z') });
  });

  test('tells everything as a timeline: events, guards, gates with counters, what held a message, the words of a mail', async () => {
    const text = rehearsalText(await play('busy.yaml', '2026-03-04T09:00'));
    expect(text).toContain(`Sat 7 Mar 2026 09:00   after 3 days
  timer     the time of first-order is up
  state     first-order → remind: send email welcome-remind
  gate      email welcome-remind: Waits until Mon 9 Mar 2026 07:00: the rule “weekly-ceiling” allows 3 marketing messages within 7 days, and 3 were sent already (email on Mon 2 Mar 2026 07:00, email on Tue 3 Mar 2026 07:00 and welcome-hello on Wed 4 Mar 2026 09:00). Then it is judged again.
              address, suppression, consent, quiet-hours, window ok
              pressure: the rule “weekly-ceiling” allows 3 marketing messages within 7 days, and 3 were sent already (email on Mon 2 Mar 2026 07:00, email on Tue 3 Mar 2026 07:00 and welcome-hello on Wed 4 Mar 2026 09:00) (weekly-ceiling 3 of 3, monthly-ceiling 3 of 8)

Mon 9 Mar 2026 07:00   after 1 day 22 hours
  gate      email welcome-remind: Passed every gate.`);
    expect(text).toContain('guard     last-days: goal: Order Completed with total ≥ 20 within 14d → false');
    expect(text).toContain(
      'sent      to ada@example.com: Your 10 % is still waiting, Ada\n              Maison Relance\n',
    );
    expect(text.trimEnd().split('\n').at(-1)).toBe('ada completed; 3 of 3 messages sent');
  });

  test('is the same every time, as JSON too, which has no numbers for instants', async () => {
    const [first, second] = [
      rehearsalJson(await play('busy.yaml', '2026-03-04T09:00')),
      rehearsalJson(await play('busy.yaml', '2026-03-04T09:00')),
    ];
    expect(JSON.stringify(first)).toBe(JSON.stringify(second));
    expect(first).toMatchObject({
      scenario: 'newsletter-welcome',
      version: null,
      status: 'completed',
      from: '2026-03-04T08:00:00.000Z',
      until: '2026-03-10T06:00:00.000Z',
      messages: [
        { outcome: 'sent', rendered: { to: 'ada@example.com' } },
        { heldUntil: '2026-03-09T06:00:00.000Z' },
        {},
      ],
    });
    expect(Object.keys(first)).toEqual([
      'scenario',
      'version',
      'contact',
      'zone',
      'from',
      'until',
      'status',
      'step',
      'reason',
      'summary',
      'notes',
      'timeline',
      'messages',
      'enrollments',
    ]);
    expect(JSON.stringify(first['timeline'])).not.toMatch(/"(at|until)":\d/);
  });

  test('a judgement stands where it was made: after its step, before what it led to', async () => {
    const { entries } = await play('silent.yaml', '2026-03-02T09:00', { until: '2026-03-02T10:00' });
    const told = entries.map((entry) =>
      entry.kind === 'judged'
        ? `${entry.verdict} by ${entry.gate}: ${entry.reason}`
        : entry.kind === 'state'
          ? entry.entered
          : entry.kind,
    );
    expect(told).toEqual([
      'event',
      'admission',
      'entered',
      'hello',
      'block by consent: unknown',
      'guard',
      'first-order',
    ]);
  });

  test('a goal from a timeline file ends it as converted', async () => {
    const rehearsal = await play('ada.yaml', '2026-03-02T09:00', { timelineFile: file('buys.yaml') });
    expect(states(rehearsal)).toEqual(['hello', 'first-order', 'converted']);
    expect(rehearsal.entries.slice(-3)).toMatchObject([
      { kind: 'guard', guard: 'goal: Order Completed with total ≥ 20 within 14d', value: true },
      { kind: 'goal' },
      { kind: 'ended', left: 'first-order', status: 'converted' },
    ]);
  });

  test('a date trigger runs from its watch', async () => {
    const rehearsal = await play('born.yaml', '2026-07-01', { scenario: 'birthday-greeting' });
    expect(rehearsal.entries[0]).toMatchObject({ kind: 'entered', at: Date.parse('2026-07-14T09:00:00+02:00') });
    expect(rehearsal.status).toBe('completed');
  });

  test('an inactivity trigger runs from its watch, a trigger by hand from an enrolment', async () => {
    const idle = await play('ada.yaml', '2026-03-01', { scenario: 'inactive-30-days' });
    expect(idle.entries[0]).toMatchObject({ kind: 'admission', asked: 'audience', value: true });
    expect(idle.entries[1]).toMatchObject({ kind: 'entered', at: Date.parse('2026-03-31T10:00:00+02:00') });
    expect((await trial('2026-03-02T09:00')).entries[0]).toMatchObject({ kind: 'enrol', scenario: 'trial' });
  });

  test('every guard of a step tells what it said, and a set step what it changed', async () => {
    const { entries } = await trial('2026-03-02T09:00');
    expect(entries.slice(1, 7)).toMatchObject([
      { kind: 'admission', asked: 'audience', condition: 'country in FR, BE', value: true },
      { kind: 'entered', scenario: 'trial', version: 1 },
      { kind: 'state', left: null, entered: 'pick' },
      { kind: 'guard', step: 'pick', guard: 'country = BE', value: false },
      { kind: 'guard', step: 'pick', guard: 'Begun within 30d', value: false },
      { kind: 'ended', left: 'pick', status: 'completed' },
    ]);
  });

  test('what a set step changed is told, and a mail that cannot be rendered is blocked (rule D9)', async () => {
    const { entries, messages, status } = await trial('2026-03-02T09:00', { scenario: file('scenarios/begun.yaml') });
    expect(entries.map(({ kind }) => kind).slice(2)).toEqual([
      'state',
      'guard',
      'guard',
      'state',
      'set',
      'state',
      'timer',
      'state',
      'judged',
      'message',
      'guard',
      'ended',
    ]);
    expect(entries.find(({ kind }) => kind === 'set')).toMatchObject({
      step: 'mark',
      attributes: { tier: 'customer' },
    });
    expect(entries.find(({ kind }) => kind === 'message')).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining('money'),
    });
    expect(messages).toMatchObject([{ message: { status: 'blocked', gate: 'template' }, outgoing: null }]);
    expect(status).toBe('completed');
  });

  test('whoever cannot enter is told why', async () => {
    const refused = await play('ada.yaml', '2026-03-02', { properties: { form: 'contact' } });
    expect(refused).toMatchObject({
      status: 'not-entered',
      reason: 'its trigger or audience does not take this contact',
    });
    expect(rehearsalText(refused)).toContain('guard     trigger: form = newsletter → false');
    const unborn = await play('ada.yaml', '2026-03-02', { scenario: 'birthday-greeting' });
    expect(unborn).toMatchObject({ status: 'not-entered', reason: 'the contact has no birthday' });
  });

  test('whoever is not through at `until` is still inside', async () => {
    const rehearsal = await play('ada.yaml', '2026-03-02T09:00', { until: '2026-03-03' });
    expect(rehearsal).toMatchObject({
      status: 'waiting',
      step: 'first-order',
      until: Date.parse('2026-03-03T00:00:00+01:00'),
    });
  });

  test('others may run beside it, and take their share of the room', async () => {
    const rehearsal = await play('ada.yaml', '2026-03-02T09:00', { beside: ['inactive-30-days'], until: '2026-04-15' });
    expect(new Set(rehearsal.enrollments.map(({ scenarioId }) => scenarioId))).toEqual(
      new Set(['newsletter-welcome', 'inactive-30-days']),
    );
  });
});

describe('what a rehearsal cannot use', () => {
  const faultOf = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(() => null).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    const { message, faults } = error as UserError;
    return [
      message,
      ...faults.map((fault) => `${fault.line ?? ''} ${fault.code} ${fault.message} ${fault.hint ?? ''}`),
    ].join('\n');
  };

  test('names what is wrong, and where', async () => {
    expect(await faultOf(play('wrong.yaml', '2026-03-02'))).toMatch(
      /wrong\.yaml cannot be used\n2 unknown-key .*emial.* did you mean email\?/,
    );
    expect(await faultOf(play('phone.yaml', '2026-03-02'))).toMatch(
      /the contact ada cannot be used\n.*not a phone number/,
    );
    expect(await faultOf(play('none.yaml', '2026-03-02'))).toMatch(/^There is no file .*none\.yaml$/);
    expect(await faultOf(play('ada.yaml', 'tomorrow'))).toMatch(/^--from: tomorrow is no date: write 2026-03-02/);
    expect(await faultOf(play('ada.yaml', '2026-02-30'))).toMatch(/^--from: 2026-02-30 is no date/);
    expect(await faultOf(play('ada.yaml', '2026-03-02', { until: '2026-03-01' }))).toBe('--until lies before --from');
    expect(await faultOf(play('ada.yaml', '2026-03-02', { timelineFile: file('early.yaml') }))).toMatch(
      /begins before the rehearsal/,
    );
    expect(await faultOf(play('ada.yaml', '2026-03-02', { scenario: 'newsletter-welcom' }))).toMatch(
      /did you mean newsletter-welcome\?/,
    );
    expect(await faultOf(play('ada.yaml', '2026-03-02', { scenario: file('none.yaml') }))).toMatch(/^There is no file/);
  });
});
