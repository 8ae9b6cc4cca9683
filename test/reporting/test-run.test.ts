import { testRuns, type PublishedPolicy } from '../../src/reporting/frequency-test/test-run.ts';
import { at, policy } from '../gate/factories.ts';

const rule = (max: number): object => ({ rule: 'weekly', window: { rolling: '7d' }, max });
const TEST = { id: 'fewer-mails', from: '2026-03-09', until: '2026-03-30', share: '50%', pressure: [rule(2)] };
const published = (version: number, day: string, frequencyTest?: object): PublishedPolicy => ({
  version,
  publishedAt: at(`${day}T12:00:00+01:00`),
  policy: policy({ pressure: [rule(4)], ...(frequencyTest !== undefined && { frequencyTest }) }).policy,
});
const midnight = (day: string): number => at(`${day}T00:00:00+01:00`);
const one = (policies: PublishedPolicy[], now = at('2026-06-01T00:00:00Z')) => {
  const runs = testRuns(policies, now);
  expect(runs).toHaveLength(1);
  return runs[0]!;
};

test('it runs on its days, in the zone of the policy', () => {
  const run = (now: string) => one([published(1, '2026-03-01', TEST)], at(now));
  expect(run('2026-03-08T22:59:59Z')).toMatchObject({
    id: 'fewer-mails',
    from: midnight('2026-03-09'),
    // Clocks were put forward on the 29th.
    until: at('2026-03-30T00:00:00+02:00'),
    state: 'planned',
    share: 0.5,
    policyVersions: [1],
    changed: false,
  });
  expect(run('2026-03-08T23:00:00Z').state).toBe('running');
  expect(run('2026-03-29T22:00:00Z').state).toBe('over');
});

test('it begins with the publication that comes later than its first day, and ends with the one that takes it out', () => {
  expect(one([published(1, '2026-03-10', TEST), published(2, '2026-03-20')])).toMatchObject({
    from: at('2026-03-10T12:00:00+01:00'),
    until: at('2026-03-20T12:00:00+01:00'),
    state: 'over',
    policyVersions: [1],
  });
});

test('versions that name it again go on with it; what was changed is told', () => {
  const policies = [
    published(1, '2026-03-01', TEST),
    published(2, '2026-03-15', { ...TEST, share: '30%' }),
    published(3, '2026-03-16', { ...TEST, share: '80%', pressure: [rule(1)] }),
  ];
  expect(one(policies.slice(0, 2))).toMatchObject({
    from: midnight('2026-03-09'),
    share: 0.3,
    shares: { least: 0.3, greatest: 0.5 },
    changed: false,
  });
  expect(one(policies)).toMatchObject({
    share: 0.8,
    shares: { least: 0.3, greatest: 0.8 },
    changed: true,
    policyVersions: [1, 2, 3],
    rules: { base: [{ max: 4 }], variant: [{ max: 1 }] },
  });
});

test('a version that was replaced before it began has judged nobody, and changes nothing', () => {
  const policies = [published(1, '2026-03-01', { ...TEST, share: '10%' }), published(2, '2026-03-02', TEST)];
  expect(one(policies)).toMatchObject({ shares: { least: 0.5, greatest: 0.5 }, from: midnight('2026-03-09') });
});

test('a test that was taken out before it began never ran', () => {
  const run = one([published(1, '2026-03-01', TEST), published(2, '2026-03-02')]);
  expect(run.until).toBe(run.from);
  expect(run.state).toBe('over');
});

test('all tests, the latest first', () => {
  const later = { ...TEST, id: 'more-texts', from: '2026-04-01', until: '2026-05-01' };
  const policies = [published(1, '2026-03-01', TEST), published(2, '2026-03-31'), published(3, '2026-04-01', later)];
  expect(testRuns(policies, at('2026-04-02T12:00:00Z')).map(({ id, state }) => [id, state])).toEqual([
    ['more-texts', 'running'],
    ['fewer-mails', 'over'],
  ]);
  expect(testRuns([published(1, '2026-03-01')], 0)).toEqual([]);
});
