import fc from 'fast-check';
import {
  closedBreaker,
  decide,
  lifted,
  type Breaker,
  type Deliveries,
} from '../../../src/dispatch/breakers/breaker.ts';
import { sendersOf, sendingDomain } from '../../../src/dispatch/breakers/sending-domain.ts';
import { policy } from '../../gate/factories.ts';
import { HOUR, MINUTE } from '../../gate/factories.ts';

const NOW = Date.parse('2026-03-02T09:20:00Z');
const { breakers: BY } = policy().compiled;
const counted = (fields: Partial<Deliveries>): Deliveries => ({
  handed: 10_000,
  failed: 0,
  bounced: 0,
  complained: 0,
  ...fields,
});
const closed = closedBreaker('example.com', NOW - HOUR);
const stopped: Breaker = { ...closed, state: 'stopped', cause: 'complaints', rate: 0.003 };

test.each<[string, Partial<Deliveries>, Breaker['state'], Breaker['cause']]>([
  ['0.09 % complaints', { complained: 9 }, 'closed', null],
  ['0.1 % complaints', { complained: 10 }, 'warned', 'complaints'],
  ['0.29 % complaints', { complained: 29 }, 'warned', 'complaints'],
  ['0.3 % complaints', { complained: 30 }, 'stopped', 'complaints'],
  ['0.4 % of too few mails', { handed: 999, complained: 4 }, 'closed', null],
  ['0.3 % of just enough mails', { handed: 1_000, complained: 3 }, 'stopped', 'complaints'],
  ['2 % bounces', { bounced: 200 }, 'warned', 'bounces'],
  ['5 % bounces', { bounced: 500 }, 'stopped', 'bounces'],
  ['5 % failures', { failed: 500 }, 'warned', 'failures'],
  ['20 % failures', { failed: 2_000 }, 'stopped', 'failures'],
  ['a warning of one and a stop of another', { complained: 10, failed: 2_000 }, 'stopped', 'failures'],
  ['nothing sent', { handed: 0 }, 'closed', null],
])('L19: %s: %j is %s', (_name, fields, state, cause) => {
  expect(decide(closed, counted(fields), BY, NOW)).toMatchObject({ state, cause });
});

test('L19: what is stopped stays so, whatever is counted, until a person or the cool-down lifts it', () => {
  expect(decide(stopped, counted({}), BY, NOW + 1_000 * HOUR)).toBe(stopped);
  const cooling = { ...BY, coolDown: 2 * HOUR };
  expect(decide(stopped, counted({}), cooling, stopped.since + 2 * HOUR - 1)).toBe(stopped);
  expect(decide(stopped, counted({}), cooling, stopped.since + 2 * HOUR)).toMatchObject({
    state: 'closed',
    cause: null,
  });
});

test('lifted, counting begins anew with the next hour', () => {
  expect(lifted(stopped, NOW)).toEqual({ ...closedBreaker('example.com', NOW), countedFrom: NOW + 40 * MINUTE });
});

test('what has not changed is the same, and a warning ends when its cause does', () => {
  const warned = decide(closed, counted({ complained: 10 }), BY, NOW);
  expect(decide(warned, counted({ complained: 11 }), BY, NOW + 1)).toBe(warned);
  expect(decide(warned, counted({}), BY, NOW + 1)).toMatchObject({ state: 'closed', cause: null, since: NOW + 1 });
  expect(decide(closed, counted({}), BY, NOW)).toBe(closed);
});

test('more complaints never let more leave', () => {
  const rank = { closed: 0, warned: 1, stopped: 2 };
  const count = fc.nat(500);
  fc.assert(
    fc.property(fc.nat(20_000), count, count, (handed, few, more) => {
      const state = (complained: number) => rank[decide(closed, counted({ handed, complained }), BY, NOW).state];
      expect(state(few + more)).toBeGreaterThanOrEqual(state(few));
    }),
  );
});

test('mails are watched by the domain of the sender’s address, texts by their sender', () => {
  const { policy: law } = policy({
    senders: { a: { email: 'A <a@News.example.com>' }, b: { email: 'b@example.com' }, c: { sms: 'SHOP' } },
  });
  expect(sendingDomain({ channel: 'email', sender: 'a' }, law)).toBe('news.example.com');
  expect(sendingDomain({ channel: 'sms', sender: 'a' }, law)).toBeNull();
  expect(sendingDomain({ channel: 'sms', sender: 'c' }, law)).toBe('sms:c');
  expect(sendingDomain({ channel: 'email', sender: 'c' }, law)).toBeNull();
  expect(sendingDomain({ channel: 'email', sender: 'gone' }, law)).toBeNull();
  expect(sendersOf(['example.com'], law)).toEqual(['email:b']);
  expect(sendersOf(['sms:c', 'news.example.com'], law)).toEqual(['email:a', 'sms:c']);
});
