import path from 'node:path';
import { createMachine, initialTransition, transition, type AnyStateMachine } from 'xstate';
import { findScenario, machineJson } from '../../src/scenarios/index.ts';
import { scenario } from './journey.ts';

const SCENARIOS = path.resolve(import.meta.dirname, '..', '..', 'scenarios');

interface StateJson {
  description?: string;
  entry?: { type: string; params?: Record<string, unknown> }[];
  always?: Way[];
  after?: Record<string, Way[]>;
  on?: Record<string, Way[]>;
}
interface Way {
  target?: string;
  guard?: { type: string; params?: Record<string, unknown> };
  actions?: { type: string }[];
}
interface Json {
  states: Record<string, StateJson>;
  [key: string]: unknown;
}

/** Through text, as it is printed and read again. */
const printed = (machine: object): Json => JSON.parse(JSON.stringify(machine)) as Json;
const waysOf = ({ always = [], after = {}, on = {} }: StateJson): Way[] => [
  ...always,
  ...Object.values({ ...after, ...on }).flat(),
];

/** XState's machine with stubs for every name in the JSON: each guard answers `answer`. */
function withStubs(json: Json, answer: boolean): AnyStateMachine {
  const states = Object.values(json.states);
  const guards = states.flatMap(waysOf).flatMap(({ guard }) => (guard === undefined ? [] : [guard.type]));
  const delays = states.flatMap(({ after = {} }) => Object.keys(after));
  const actions = states.flatMap((state) => [
    ...(state.entry ?? []),
    ...waysOf(state).flatMap((way) => way.actions ?? []),
  ]);
  return createMachine(json as never).provide({
    guards: Object.fromEntries(guards.map((name) => [name, () => answer])),
    delays: Object.fromEntries(delays.map((name) => [name, 1_000])),
    actions: Object.fromEntries(actions.map(({ type }) => [type, () => {}])),
  } as never);
}

const ALL = `
goal: { event: Order Completed, where: { property: total, gte: 20 }, within: 14d, stay: true }
exit: [{ event: Account Closed }, { event: Order Completed, where: { property: total, lt: 1 } }]
steps:
  pick:
    choose:
      - { when: { all: [{ attribute: country, in: [FR, BE] }, { event: Order Completed, within: 30d }] }, next: share }
      - otherwise: mark
  share: { split: [{ weight: 1, next: mark }, { weight: 3, next: hear }] }
  hear: { waitFor: { event: Logged In, where: { property: via, equals: app } }, timeout: 5d, onEvent: mark, onTimeout: birth }
  birth: { wait: { until: { attribute: birthday, offset: -7d, at: "09:00" }, ifMissing: exit, ifPast: next } }
  monday: { wait: { until: { weekday: Monday, time: "10:00" } } }
  pause: { wait: 2d }
  mark: { set: { tier: customer } }
  mail: { send: { channel: email, template: hello }, onBlocked: end }
`;

describe('the machine as XState JSON', () => {
  test.each(['newsletter-welcome', 'birthday-greeting', 'inactive-30-days'])(
    'createMachine takes that of %s, and it runs',
    async (id) => {
      const json = printed(machineJson((await findScenario(id, SCENARIOS)).scenario, 3));
      expect(json).toMatchObject({ id, version: '3', initial: '(start)' });
      const machine = withStubs(json, false);
      const [first] = initialTransition(machine);
      expect(first.value).toBe('(start)');
      const [entered, actions] = transition(machine, first, { type: 'enter' } as never);
      expect(entered.value).not.toBe('(start)');
      expect(actions.map(({ type }) => type)).toContain('send');
    },
  );

  test('every step kind and every interrupt is there, and runs with guards that hold and with guards that do not', () => {
    const json = printed(machineJson(scenario(ALL), null));
    expect(json).not.toHaveProperty('version');
    for (const [answer, place] of [
      [true, 'hear'],
      [false, 'mail'],
    ] as const) {
      const machine = withStubs(json, answer);
      const [start] = initialTransition(machine);
      // A share holds too, so the first branch: straight on to the mail.
      const [entered] = transition(machine, start, { type: 'enter' } as never);
      expect(entered.value).toBe(answer ? 'mail' : place);
    }
  });

  test('guards, delays and actions have words for names, and what they go by beside them', () => {
    const { states } = printed(machineJson(scenario(ALL), null));
    expect(states['pick']!.always).toEqual([
      {
        target: 'share',
        reenter: true,
        guard: {
          type: 'country in FR, BE and Order Completed within 30d',
          params: {
            condition: {
              all: [
                { attribute: 'country', in: ['FR', 'BE'] },
                { event: 'Order Completed', within: '30d' },
              ],
            },
          },
        },
      },
      { target: 'mark', reenter: true },
    ]);
    expect(states['share']!.always![0]!.guard).toEqual({
      type: 'share of share below 25 %',
      params: { step: 'share', below: 0.25 },
    });
    expect(Object.keys(states['hear']!.after!)).toEqual(['5d']);
    expect(states['hear']!.on!['event:Logged In']![0]!.guard!.type).toBe('via = app');
    expect(Object.keys(states['birth']!.after!)).toEqual(['until birthday -7d at 09:00']);
    expect(states['birth']!.always!.map(({ guard }) => guard!.type)).toEqual([
      'birthday is missing',
      'birthday is past',
    ]);
    expect(Object.keys(states['monday']!.after!)).toEqual(['until Monday 10:00']);
    expect(states['mark']!.entry).toEqual([{ type: 'set', params: { tier: 'customer' } }]);
    expect(states['mail']!.entry).toEqual([
      { type: 'send', params: { step: 'mail', channel: 'email', template: 'hello' } },
    ]);
    expect(states['mail']!.on!['settled']![0]!.guard!.type).toBe('blocked, expired or failed');
    const goal = 'goal: Order Completed with total ≥ 20 within 14d';
    expect(states['pause']!.on!['event:Order Completed']!.map(({ guard }) => guard!.type)).toEqual([
      `${goal} and total < 1`,
      goal,
      'total < 1',
    ]);
  });

  test('says in words what each state does, what lets contacts in and what takes them out', () => {
    const json = printed(machineJson(scenario(ALL), null));
    expect(json['description']).toBe(
      'Trial. Goal: Order Completed with total ≥ 20 within 14d. Exit: Account Closed. Exit: Order Completed with total < 1.',
    );
    expect(Object.values(json.states).map(({ description }) => description)).toEqual([
      'Enters on Begun',
      'choose one of 2 ways',
      'split into 2 ways',
      'wait for Logged In with via = app, at most 5d',
      'wait until birthday -7d at 09:00',
      'wait until Monday 10:00',
      'wait 2d',
      'set tier',
      'send email hello',
      undefined,
    ]);
  });
});
