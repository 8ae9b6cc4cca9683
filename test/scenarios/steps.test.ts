import type { StepResult } from '../../src/scenarios/machine.ts';
import { at, compiled, contact, event, facts, settled, START, stepContext, walk } from './journey.ts';

const last = (results: StepResult[]): StepResult => results.at(-1)!;
const dueAt = (result: StepResult): number | undefined =>
  result.effects.flatMap((effect) => (effect.kind === 'timer' ? [effect.dueAt] : []))[0];
const kinds = (result: StepResult): string[] =>
  result.effects.map((effect) => ('step' in effect ? `${effect.kind} ${effect.step}` : effect.kind));

describe('send', () => {
  const machine = compiled(`
steps:
  hello: { send: { channel: email, template: mail-a }, onBlocked: text, next: bye }
  text: { send: { channel: sms, template: text-a }, next: end }
  bye: { send: { channel: email, template: mail-b } }
`);

  test('plans its message on entry and rests, without being a wait', () => {
    const [entered] = walk(machine, []);
    expect(entered).toEqual({
      state: { value: 'hello', context: {} },
      effects: [
        { kind: 'entered', step: 'hello' },
        { kind: 'send', step: 'hello', send: machine.definition.steps['hello'] },
      ],
      waiting: false,
    });
  });

  test.each([
    ['sent', 'bye'],
    ['unknown', 'bye'],
    ['holdout', 'bye'],
    ['blocked', 'text'],
    ['expired', 'text'],
    ['failed', 'text'],
  ] as const)('settled as %s goes on to %s', (outcome, target) => {
    expect(last(walk(machine, [settled('hello', outcome)])).state.value).toBe(target);
  });

  test('blocked goes to the next step where nothing else is written', () => {
    expect(last(walk(machine, [settled('hello', 'sent'), settled('bye', 'blocked')])).effects).toEqual([
      { kind: 'ended', status: 'completed' },
    ]);
  });

  test('the outcome of another step does not move it', () => {
    const [entered, after] = walk(machine, [settled('text', 'sent')]);
    expect(after).toEqual({ ...entered, effects: [] });
  });
});

describe('wait', () => {
  test.each([
    ['10m', '2026-03-02T09:10:00+01:00'],
    ['2d', '2026-03-04T09:00:00+01:00'],
    ['4w', '2026-03-30T09:00:00+02:00'],
    ['P1DT2H', '2026-03-03T11:00:00+01:00'],
    ['{ until: { time: "18:30" } }', '2026-03-02T18:30:00+01:00'],
    ['{ until: { time: "08:00" } }', '2026-03-03T08:00:00+01:00'],
    ['{ until: { weekday: friday, time: "10:00" } }', '2026-03-06T10:00:00+01:00'],
    ['{ until: { date: 2026-04-01, time: "10:00" } }', '2026-04-01T10:00:00+02:00'],
    ['{ until: { date: 2026-01-01 } }', '2026-03-02T09:00:00+01:00'],
  ])('%s from Monday 09:00 ends at %s, on the clock of the contact', (wait, due) => {
    const [entered] = walk(compiled(`steps: { pause: { wait: ${wait} } }`), []);
    expect(entered!.waiting).toBe(true);
    expect(dueAt(entered!)).toBe(at(due));
  });

  test('the timer moves on, and is put away', () => {
    const machine = compiled('steps: { pause: { wait: 2d }, again: { wait: 1h } }');
    const result = last(walk(machine, [{ type: 'timer' }]));
    expect(result.state.value).toBe('again');
    expect(kinds(result)).toEqual(['clear-timer', 'entered again', 'timer']);
  });

  const until = (renewal: unknown, extra = ''): StepResult => {
    const machine = compiled(`
steps:
  before: { wait: { until: { attribute: renewal${extra} }, ifMissing: missing, ifPast: exit } }
  reached: { wait: 1h, next: end }
  missing: { wait: 1h }
`);
    return last(walk(machine, [], stepContext({ facts: facts({ contact: contact({ attributes: { renewal } }) }) })));
  };

  test.each([
    ['2026-03-20', '', '2026-03-20T00:00:00+01:00'],
    ['2026-03-20', ', offset: -7d, at: "10:00"', '2026-03-13T10:00:00+01:00'],
    ['--03-01', ', at: "10:00"', '2027-03-01T10:00:00+01:00'],
    ['2026-03-20T12:00:00Z', '', '2026-03-20T12:00:00Z'],
    ['2026-03-20T12:00:00Z', ', offset: 2h', '2026-03-20T14:00:00Z'],
    ['2026-03-20T12:00:00Z', ', at: "08:00"', '2026-03-20T08:00:00+01:00'],
  ])('until the date %s%s is until %s', (renewal, extra, due) => {
    expect(dueAt(until(renewal, extra))).toBe(at(due));
  });

  test.each([[undefined], [null], ['soon'], ['2026-13-40'], [12]])('a missing date (%p) never means now', (renewal) => {
    const result = until(renewal);
    expect(kinds(result)).toEqual(['entered before', 'entered missing', 'timer']);
  });

  test('a date that is past takes the way written for it', () => {
    expect(until('2026-02-01').effects).toEqual([
      { kind: 'entered', step: 'before' },
      { kind: 'ended', status: 'exited', reason: 'renewal is past' },
    ]);
  });
});

describe('waitFor', () => {
  const machine = compiled(`
steps:
  visit:
    waitFor: { event: Product Viewed, where: { property: price, gte: 20 } }
    timeout: 5d
    onEvent: thanks
    onTimeout: end
  thanks: { wait: 1h }
`);

  test('rests with the timeout as its timer', () => {
    const [entered] = walk(machine, []);
    expect(entered!.waiting).toBe(true);
    expect(dueAt(entered!)).toBe(at('2026-03-07T09:00:00+01:00'));
  });

  test('an event that satisfies `where` moves on and puts the timeout away', () => {
    const result = last(walk(machine, [event('Product Viewed', { price: 5 }), event('Product Viewed', { price: 20 })]));
    expect(result.state.value).toBe('thanks');
    expect(kinds(result)).toEqual(['clear-timer', 'entered thanks', 'timer']);
  });

  test('the timeout has its own way', () => {
    expect(last(walk(machine, [{ type: 'timer' }])).effects).toEqual([
      { kind: 'clear-timer' },
      { kind: 'ended', status: 'completed' },
    ]);
  });
});

describe('choose', () => {
  const machine = compiled(`
steps:
  way:
    choose:
      - { when: { attribute: country, equals: BE }, next: belgium }
      - { when: { property: total, gte: 10 }, next: dear }
      - otherwise: end
  belgium: { wait: 1d }
  dear: { wait: 2d }
`);
  const choose = (fields: Parameters<typeof facts>[0], entry: Parameters<typeof stepContext>[0] = {}): string =>
    last(walk(machine, [], stepContext({ facts: facts(fields), ...entry }))).state.value;

  test('takes the first branch that holds, by what is known now', () => {
    expect(choose({ contact: contact({ country: 'BE' }) })).toBe('belgium');
    expect(choose({ contact: contact({ country: 'FR' }) })).toBe('end');
  });

  test('`property` reads the event at hand, else the one that let the contact in', () => {
    expect(choose({ event: { name: 'Begun', at: START, properties: { total: 12 } } })).toBe('dear');
    expect(choose({}, { entry: { name: 'Begun', at: START, properties: { total: 12 } } })).toBe('dear');
  });
});

describe('split', () => {
  const machine = compiled(`
steps:
  test: { split: [{ weight: 1, next: a }, { weight: 3, next: b }] }
  a: { wait: 1d }
  b: { wait: 1d }
`);
  const sideOf = (n: number): string => {
    const id = `${(n % 256).toString(16).padStart(2, '0')}000000-0000-5000-8000-${String(n).padStart(12, '0')}`;
    return last(walk(machine, [], stepContext({ facts: facts({ contact: contact({ id }) }) }))).state.value;
  };

  test('shares contacts out by weight, and each always to the same side', () => {
    const sides = Array.from({ length: 1000 }, (_, n) => sideOf(n));
    const share = sides.filter((side) => side === 'a').length;
    expect(share).toBeGreaterThan(200);
    expect(share).toBeLessThan(300);
    expect(Array.from({ length: 50 }, (_, n) => sideOf(n))).toEqual(sides.slice(0, 50));
  });
});

describe('set', () => {
  test('what a `set` changes is seen by a `choose` reached in the same step, and is not kept', () => {
    const machine = compiled(`
steps:
  tier: { set: { tier: gold, country: be } }
  way: { choose: [{ when: { all: [{ attribute: tier, equals: gold }, { attribute: country, equals: BE }] }, next: gold }, { otherwise: end }] }
  gold: { wait: 1d }
`);
    const result = last(walk(machine, []));
    expect(result.state).toEqual({ value: 'gold', context: {} });
    expect(result.effects.slice(0, 3)).toEqual([
      { kind: 'entered', step: 'tier' },
      { kind: 'set', attributes: { tier: 'gold', country: 'BE' } },
      { kind: 'entered', step: 'way' },
    ]);
  });

  test('two `set`s add up, and a changed zone counts for the wait behind them', () => {
    const machine = compiled(
      'steps: { a: { set: { x: 1, timezone: Asia/Tokyo } }, b: { set: { y: "{{contact.x}}" } }, c: { wait: { until: { time: "18:00" } } } }',
    );
    const result = last(walk(machine, []));
    expect(result.effects).toContainEqual({ kind: 'set', attributes: { y: 1 } });
    expect(dueAt(result)).toBe(at('2026-03-02T18:00:00+09:00'));
  });

  test.each([
    ['{{event.total}}', 12.5],
    ['{{ event.items.0.name }}', 'cup'],
    ['{{event.properties.total}} € for {{contact.firstName}}{{contact.nothing}}', '12.5 € for Ada'],
    ['{{event.nothing}}', null],
    ['{{event.name}}', 'Begun'],
    ['{{contact.tags}}', ['a']],
    ['{{contact.constructor}}', null],
    ['{{enrollment.enteredAt}}', '2026-03-02T08:00:00.000Z'],
    ['no placeholder', 'no placeholder'],
    ['{{default event.size "unknown"}}', 'unknown'],
    ['{{default event.total 3}}', 12.5],
    ['Dear {{default contact.nothing "friend"}}!', 'Dear friend!'],
    ['{{contact.[shoe size]}}', 42],
    ['{{contact.[shoe size]}} cm', '42 cm'],
    ['{{event.items.[0].name}}', 'cup'],
    ['{{date contact.due "long"}}', 'March 1, 2026'],
    ['{{date contact.broken "long"}}', null],
    ['on {{date contact.broken "long"}}', null],
    ['{{#if event.total}}yes{{else}}no{{/if}} {{event.items}}', 'yes [{"name":"cup"}]'],
    ['{{eq contact.firstName "Ada"}}', true],
    ['<{{contact.firstName}}> & co', '<Ada> & co'],
    ['{{contact.__proto__}}{{contact.toString}}', ''],
  ])('%s is %p', (text, value) => {
    const machine = compiled(`steps: { a: { set: { value: ${JSON.stringify(text)} } } }`);
    const context = stepContext({
      facts: facts({
        contact: contact({
          firstName: 'Ada',
          attributes: { tags: ['a'], 'shoe size': 42, due: '2026-03-01', broken: '2026-02-31' },
        }),
      }),
      entry: { name: 'Begun', at: START, properties: { total: 12.5, items: [{ name: 'cup' }] } },
    });
    expect(machine.enter(context).effects[1]).toEqual({ kind: 'set', attributes: { value } });
  });

  test('a reserved field takes only what `identify` would take', () => {
    const machine = compiled('steps: { a: { set: { email: "no address", tier: gold } } }');
    expect(machine.enter(stepContext()).effects[1]).toEqual({ kind: 'set', attributes: { tier: 'gold' } });
  });

  test('a scenario that never rests ends in the call that entered it', () => {
    const result = compiled('steps: { a: { set: { tier: gold } } }').enter(stepContext());
    expect(result.state).toEqual({ value: 'end', context: {} });
    expect(kinds(result)).toEqual(['entered a', 'set', 'ended']);
  });
});

describe('emit', () => {
  test('makes an event with what is known at that moment, and goes on at once', () => {
    const machine = compiled(`
steps:
  tier: { set: { tier: gold } }
  tell: { emit: { event: Tier Reached, properties: { tier: "{{contact.tier}}", of: "{{event.total}}", list: ["{{enrollment.id}}"] } } }
  pause: { wait: 1d }
`);
    const [entered] = walk(machine, [], stepContext({ entry: { name: 'Begun', at: START, properties: { total: 9 } } }));
    expect(kinds(entered!)).toEqual(['entered tier', 'set', 'entered tell', 'emit tell', 'entered pause', 'timer']);
    expect(entered!.effects).toContainEqual({
      kind: 'emit',
      step: 'tell',
      event: 'Tier Reached',
      properties: { tier: 'gold', of: 9, list: ['3f000000-0000-8000-8000-000000000002'] },
    });
    expect(machine.emits).toEqual(['Tier Reached']);
  });
});

describe('enrol', () => {
  test('asks the other scenario, and goes on whatever it answers', () => {
    const machine = compiled('steps: { to: { enrol: { scenario: other } }, bye: { wait: 1d } }');
    const [entered] = walk(machine, []);
    expect(entered!.effects.slice(0, 3)).toEqual([
      { kind: 'entered', step: 'to' },
      { kind: 'enrol', step: 'to', scenario: 'other' },
      { kind: 'entered', step: 'bye' },
    ]);
    expect(machine.enrols).toEqual(['other']);
  });
});
