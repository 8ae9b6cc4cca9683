import { wayOn, type Fate, type StepMap } from '../../src/scenarios/in-flight.ts';
import { parseScenario } from '../../src/scenarios/parse.ts';
import type { PublishPlan } from '../../src/scenarios/plan.ts';
import { readStepMaps, refuseLost } from '../../src/scenarios/step-map.ts';
import type { UserError } from '../../src/shared/errors.ts';
import { scenarioSource } from './sources.ts';

const source = (steps: string): string => scenarioSource('a', `steps: { ${steps} }`);
const read = (steps: string) => parseScenario(source(steps), '').parsed!.scenario;

describe('where somebody goes on in another version', () => {
  const before = read('pause: { wait: 1d }, mail: { send: { channel: email, template: m } }');
  const after = read('pause: { set: { a: 1 } }, rest: { wait: 2d }, class: { wait: 1d }');

  test.each<[string, string, StepMap | undefined, object]>([
    ['a step of another kind is lost', 'pause', undefined, { kind: 'lost' }],
    ['a step that is gone is lost', 'mail', undefined, { kind: 'lost' }],
    ['a step of the same kind that is named takes over', 'pause', { pause: 'rest' }, { kind: 'resume', step: 'rest' }],
    ['one of another kind is entered', 'mail', { mail: 'rest' }, { kind: 'enter', step: 'rest' }],
    ['also under the same id', 'pause', { pause: 'pause' }, { kind: 'enter', step: 'pause' }],
    ['nowhere is to stop', 'mail', { mail: null }, { kind: 'stop' }],
    ['a target that is not there is lost', 'mail', { mail: 'more' }, { kind: 'lost' }],
    ['names that every object has are no steps', 'toString', {}, { kind: 'lost' }],
    ['and none of a map', 'constructor', {}, { kind: 'lost' }],
  ])('%s', (_what, step, map, way) => {
    expect(wayOn(step, before, after, map)).toEqual(way);
  });
});

describe('mappings on the command line', () => {
  const change = (id: string, steps: string) =>
    ({ id, kind: 'changed', from: 1, version: 2, hash: '', content: { path: '', source: source(steps) } }) as const;
  const plan = (...ids: string[]): PublishPlan => ({
    revision: 1,
    scenarios: ids.map((id) => change(id, 'rest: { wait: 2d }, more: { wait: 1d }')),
    policy: null,
    templates: [],
  });
  const inside = ['a', 'b'].flatMap((id) => ['pause', 'hello'].map((step) => ({ id, version: 1, step, people: 2 })));
  const faults = (written: string[], ...ids: string[]): string[] => {
    try {
      readStepMaps(written, plan(...ids), inside);
      return [];
    } catch (error) {
      return (error as UserError).faults.map(({ message, hint }) => `${message} — ${hint}`);
    }
  };

  test('name old and new, or stop, and may be repeated', () => {
    expect(readStepMaps(['pause=rest', 'hello=stop'], plan('a'), inside)).toEqual(
      new Map([['a', { pause: 'rest', hello: null }]]),
    );
    expect(readStepMaps(['a:pause=rest', 'b:pause=more'], plan('a', 'b'), inside)).toEqual(
      new Map([
        ['a', { pause: 'rest' }],
        ['b', { pause: 'more' }],
      ]),
    );
  });

  test.each([
    [['pause'], ['a'], 'is no mapping — write old=new'],
    [['pause=rest'], ['a', 'b'], '2 scenarios change — write which one it is for, such as a:pause=rest'],
    [['aa:pause=rest'], ['a', 'b'], 'scenario aa does not change in this plan — did you mean a?'],
    [['pauze=rest'], ['a'], 'nobody is inside step `pauze` of a — did you mean pause?'],
    [['x=rest'], ['a'], 'nobody is inside step `x` of a — write one of hello, pause'],
    [['pause=rust'], ['a'], 'the new version has no step `rust` — did you mean rest?'],
    [['pause=rest', 'pause=more'], ['a'], 'step `pause` of a is mapped twice — keep one of the two'],
    [['pause=rest'], [], 'no scenario with people inside changes — leave it out'],
  ])('%j is refused', (written, ids, fault) => {
    expect(faults(written, ...ids).join('\n')).toContain(fault);
  });

  test('all that is wrong is said at once', () => {
    expect(faults(['x=rest', 'pause=rust'], 'a')).toHaveLength(2);
  });

  test('a step called stop is not guessed at', () => {
    const stop = { ...plan(), scenarios: [change('a', 'stop: { wait: 1d }')] };
    expect(() => readStepMaps(['pause=stop'], stop, inside)).toThrow('Nothing is published while a mapping is wrong');
  });
});

test('whoever would be lost is listed by step, with what to write', () => {
  const lost: Fate[] = [
    { id: 'a', step: 'pause', people: 12, becomes: 'lost' },
    { id: 'a', step: 'rest', people: 3, becomes: 'migrate' },
    { id: 'b', step: 'hello', people: 1, becomes: 'lost' },
  ];
  expect(() => refuseLost(lost.slice(1, 2))).not.toThrow();
  expect(() => refuseLost(lost)).toThrow(
    expect.objectContaining({
      faults: [
        expect.objectContaining({ message: expect.stringMatching(/^12 people are in step `pause` of a/) as string }),
        expect.objectContaining({ hint: expect.stringMatching(/--map b:hello=<step/) as string }),
      ],
    }),
  );
});
