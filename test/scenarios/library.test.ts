import { buildLibrary, type PublishedScenario } from '../../src/scenarios/library.ts';
import { UserError } from '../../src/shared/errors.ts';
import { POLICY, scenarioSource } from './sources.ts';

const row = (
  id: string,
  version: number,
  lines = 'steps: { pause: { wait: 1d } }',
  retired = false,
): PublishedScenario => ({
  id,
  version,
  source: scenarioSource(id, lines),
  path: `scenarios/trials/${id}.yaml`,
  retired,
});

const library = (scenarios: PublishedScenario[], compiled?: Parameters<typeof buildLibrary>[1]) =>
  buildLibrary(
    { revision: 7, scenarios, policy: { version: 3, source: POLICY }, templates: [{ id: 'mail-a', version: 2 }] },
    compiled,
  );

describe('a library', () => {
  const built = library([
    row('b', 1),
    row('a', 1),
    row('a', 2, 'steps: { other: { wait: 2d } }'),
    row('c', 1, undefined, true),
  ]);

  test('lets contacts into the newest version of what is not retired, in the order of ids', () => {
    expect(built.live.map(({ id, version }) => [id, version])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  test('D8: keeps every version for whoever is inside', () => {
    expect(Object.keys(built.scenario('a', 1)!.definition.steps)).toEqual(['pause']);
    expect(built.scenario('c', 1)?.version).toBe(1);
    expect(built.scenario('a', 3)).toBeUndefined();
  });

  test('knows its policy, its templates and its revision', () => {
    expect([built.revision, built.policy.version, built.policy.policy.timezone]).toEqual([7, 3, 'Europe/Paris']);
    expect([built.templateVersion('mail-a'), built.templateVersion('mail-b')]).toEqual([2, undefined]);
  });

  test('finds scenarios by the event that lets in', () => {
    const other = library([row('a', 1), row('b', 1, 'trigger: { manual: true }\nsteps: { pause: { wait: 1d } }')]);
    expect(other.triggeredBy('Begun').map(({ id }) => id)).toEqual(['a']);
    expect(other.triggeredBy('toString')).toEqual([]);
  });

  test('compiles a version once, also for the libraries after it', () => {
    const compiled = new Map();
    const first = library([row('a', 1)], compiled);
    const second = library([row('a', 1), row('a', 2)], compiled);
    expect(second.scenario('a', 1)).toBe(first.live[0]);
    expect(compiled.size).toBe(2);
  });

  test('names a published scenario that can no longer be read, live ones at once and old ones when they are needed', () => {
    const broken = row('a', 1, 'steps: { pause: { sleep: 1d } }');
    expect(() => library([broken])).toThrow(new UserError('The published scenario a, version 1, cannot be used'));
    const old = library([broken, row('a', 2)]);
    expect(() => old.scenario('a', 1)).toThrow('The published scenario a, version 1, cannot be used');
  });

  test('names a published policy that can no longer be read', () => {
    expect(() =>
      buildLibrary({ revision: 1, scenarios: [], policy: { version: 4, source: 'timezone: Mars' }, templates: [] }),
    ).toThrow('The published policy, version 4, cannot be used');
  });
});
