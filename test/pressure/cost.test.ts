import { judge } from '../../src/gate/index.ts';
import type { CountedSend, Verdict } from '../../src/gate/index.ts';
import { at, consent, DAY, facts, message, policy, sends } from '../gate/factories.ts';

const NOW = at('2026-10-15T11:00:00+02:00');
const ONE = [{ rule: 'quarterly', scope: { categories: ['marketing'] }, window: { rolling: '90d' }, max: 1_000 }];
/** Nine more that all concern the message, by every window and unit. */
const TEN = [
  ...ONE,
  { rule: 'gap', scope: { scenarios: ['s-1'] }, window: { gap: '16h' } },
  { rule: 'mails', scope: { channels: ['email'] }, window: { rolling: '30d' }, max: 1_000 },
  { rule: 'programme', scope: { programmes: ['p-1', 'p-2'] }, window: { rolling: '14d' }, max: 1_000 },
  { rule: 'score', unit: { score: { weights: { email: 1, sms: 3 }, halfLife: '4d' } }, max: 1_000 },
  { rule: 'quarter', scope: { purposes: ['newsletter'] }, window: { calendar: 'quarter' }, max: 1_000 },
  { rule: 'weekly', window: { calendar: 'week' }, max: 1_000 },
  { rule: 'daily', window: { calendar: 'day' }, max: 1_000 },
  { rule: 'platform', platform: true, window: { rolling: '1d' }, max: 1_000 },
  { rule: 'ever', scope: { senders: ['brand'] }, window: { lifetime: true }, max: 1_000 },
];

/** One a day, of six scenarios in three programmes, by two channels. */
const NINETY = Array.from({ length: 90 }, (_, index) => index).flatMap((index) =>
  sends([NOW - (90 - index) * DAY + 1], {
    channel: index % 6 === 0 ? 'sms' : 'email',
    programme: `p-${index % 3}`,
    scenarioId: `s-${index % 6}`,
  }),
);

/** How often anything was read of what was sent, when a message is judged. */
function reads(pressure: object[], kind: Verdict['kind'] = 'send'): number {
  let count = 0;
  const counting = NINETY.map((send) => {
    const get = (target: CountedSend, field: keyof CountedSend): unknown => {
      count += 1;
      return target[field];
    };
    return new Proxy(send, { get: get as (target: CountedSend, field: string | symbol) => unknown });
  });
  const known = facts({ consents: [consent()], sends: counting });
  const one = message({ scenarioId: 's-1', programme: 'p-1', plannedAt: NOW });
  expect(judge(one, known, policy({ pressure }), NOW).verdict.kind).toBe(kind);
  return count;
}

test('ten rules read what a contact was sent hardly more often than one', () => {
  expect(reads(TEN)).toBeLessThan(reads(ONE) * 1.5);
});

test('when a held message leaves is computed from what was read once', () => {
  const full = [...ONE, { rule: 'weekly', window: { rolling: '7d' }, max: 2, onBlocked: { hold: '30d' } }];
  expect(reads(full, 'hold')).toBeLessThan(reads(ONE) * 1.5);
});
