import type { Suppression } from '../../src/consent/index.ts';
import { judge, sendsSince, type JudgeFacts } from '../../src/gate/index.ts';
import { at, consent, contact, DAY, facts, HOUR, message, policy, sends } from '../gate/factories.ts';

const NOW = at('2026-03-03T12:00:00Z');
const weekly = { rule: 'weekly', window: { rolling: '7d' }, max: 4, onBlocked: { hold: '6d' } };
const other = { rule: 'other', window: { rolling: '7d' }, max: 9 };
const law = (levels: object[], signals: object = { complaint: 8, unsubscribe: 4, stop: 4 }) =>
  policy({ pressure: [weekly, other], fatigue: { halfLife: '1d', signals, levels } });
const known = (more: Partial<JudgeFacts> = {}): JudgeFacts =>
  facts({ contact: contact({ country: 'BE', phone: '+3225550100', timezone: 'Europe/Brussels' }), ...more });
const maxima = (facts_: JudgeFacts, version = law([{ from: 2, times: 0.5, rules: ['weekly'] }]), now = NOW): number[] =>
  judge(message({ plannedAt: now }), facts_, version, now)
    .gates.at(-1)!
    .counters!.map(({ max }) => max);
const withdrawn = (when: number): JudgeFacts =>
  known({ consents: [consent(), consent({ purpose: 'offers', state: 'withdrawn', at: when })] });

test('a withdrawal lowers the rules that a level names, and the maximum rises again to the millisecond', () => {
  // Four points are two after one half-life.
  expect(maxima(withdrawn(NOW))).toEqual([2, 9]);
  expect(maxima(withdrawn(NOW - DAY))).toEqual([2, 9]);
  expect(maxima(withdrawn(NOW - DAY - 1))).toEqual([4, 9]);
  expect(maxima(known())).toEqual([4, 9]);
});

test('P9: a message waits for the instant at which the level ends, when that comes before a place is free', () => {
  const verdict = (past: number[]) =>
    judge(
      message({ plannedAt: NOW }),
      { ...withdrawn(NOW), sends: sends(past) },
      law([{ from: 2, times: 0.5, rules: ['weekly'] }]),
      NOW,
    ).verdict;
  expect(verdict([NOW - HOUR, NOW - 2 * HOUR])).toMatchObject({ kind: 'hold', rule: 'weekly', until: NOW + DAY + 1 });
  expect(verdict([NOW - HOUR, NOW - 7 * DAY + HOUR])).toMatchObject({ kind: 'hold', until: NOW + HOUR });
  expect(verdict([NOW - HOUR])).toMatchObject({ kind: 'send' });
});

test('a complaint and a STOP are signals, others against an address are none, and the lowest level decides', () => {
  const levels = [
    { from: 2, times: 0.5 },
    { from: 6, times: 0 },
  ];
  const of = (reason: Suppression['reason']): number[] =>
    maxima(known({ suppressions: [{ channel: 'sms', address: '+1', reason, at: NOW - HOUR }] }), law(levels));
  expect(of('stop')).toEqual([2, 4]);
  expect(of('complaint')).toEqual([0, 0]);
  expect(of('hard-bounce')).toEqual([4, 9]);
});

test('what is said in one word counts once, as what weighs most in it; not to be measured is no such word', () => {
  const said = (when: number) =>
    known({
      suppressions: [{ channel: 'sms', address: '+1', reason: 'complaint', at: NOW }],
      consents: [
        consent(),
        consent({ purpose: 'offers', state: 'withdrawn', at: when }),
        consent({ purpose: 'tips', state: 'withdrawn', at: when }),
        consent({ purpose: 'open-tracking', state: 'withdrawn', at: NOW - 2 }),
      ],
    });
  const nine = law([{ from: 9, times: 0.5 }]);
  expect(maxima(said(NOW), nine)).toEqual([4, 9]);
  expect(maxima(said(NOW - 1), nine)).toEqual([2, 4]);
  expect(maxima(said(NOW - 1), law([{ from: 13, times: 0.5 }]))).toEqual([4, 9]);
});

test('D6: a judgement says from what a maximum was lowered, and because of what; the mails of a run are told together', () => {
  const version = law([{ from: 2, times: 0.5, rules: ['weekly'] }], { stop: 4, unclicked: { after: 2, adds: 1 } });
  const run = sends([3, 2, 1].map((hours) => NOW - hours * DAY));
  const suppressions: JudgeFacts['suppressions'] = [{ channel: 'sms', address: '+1', reason: 'stop', at: NOW - DAY }];
  const { gates } = judge(message(), known({ sends: run, suppressions }), version, NOW);
  expect(gates.at(-1)!.counters).toEqual([
    {
      rule: 'weekly',
      used: 3,
      max: 2,
      lowered: {
        from: 4,
        by: [
          { kind: 'stop', at: NOW - DAY, felt: 2 },
          { kind: 'unclicked', at: NOW - DAY, felt: 0.75, count: 2 },
        ],
      },
    },
    { rule: 'other', used: 3, max: 9 },
  ]);
});

test('what a run of mails weighs is kept for as long as it weighs anything: retention asks what judging needs', () => {
  const days = (version: ReturnType<typeof law>): number => (NOW - sendsSince(version, NOW)) / DAY;
  expect(days(law([{ from: 1, times: 0.5 }]))).toBe(7);
  expect(days(law([{ from: 1, times: 0.5 }], { unclicked: { after: 3, adds: 1 } }))).toBe(20);
});

test('mails without a click add up from the one named on, and a click ends the run', () => {
  const law_ = law([{ from: 1.5, times: 0.5 }], { unclicked: { after: 3, adds: 1 } });
  const run = sends([1, 2, 3, 4].map((hours) => NOW - hours * HOUR));
  expect(maxima(known({ sends: run }), law_)).toEqual([2, 4]);
  const clicked = run.map((send, index) => ({ ...send, clicked: index === 1 }));
  expect(maxima(known({ sends: clicked }), law_)).toEqual([4, 9]);
});
