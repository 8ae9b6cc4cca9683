import { lastLook, type LastLook } from '../../src/dispatch/last-look.ts';
import type { JudgeFacts, Message } from '../../src/gate/index.ts';
import * as factories from '../gate/factories.ts';

const { at, consent, contact, DAY, facts, policy, sends } = factories;
const NOW = at('2026-03-03T12:00:00Z');
/** Judged for good, unless said. */
const message = (fields: Partial<Message> = {}): Message =>
  factories.message({ holdsUntil: NOW + 30 * DAY, ...fields });
const QUIET = { quietHours: [{ channels: ['email'], allow: 'Mon-Sun 09:00-12:00' }] };

const refused = (gate: string, reason: string): object => ({ kind: 'refused', gate, reason });

test.each<[string, Partial<Message>, JudgeFacts | null, object]>([
  ['nothing changed', {}, facts(), { kind: 'pass', address: 'zoe@example.com' }],
  ['a text goes to the phone', { channel: 'sms' }, facts(), { kind: 'pass', address: '+33612345678' }],
  ['the contact is gone', {}, null, refused('address', 'no-contact')],
  ['the address is gone', {}, facts({ contact: contact({ email: null }) }), refused('address', 'no-address')],
  [
    'the address is another',
    {},
    facts({ contact: contact({ email: 'z@example.com' }) }),
    { kind: 'pass', address: 'z@example.com' },
  ],
  [
    'the sender has none for this channel',
    { sender: 'mail-only', channel: 'sms' },
    facts(),
    refused('address', 'no-sender'),
  ],
  ['the sender is gone', { sender: 'old' }, facts(), refused('address', 'no-sender')],
  [
    'the address is dead',
    {},
    facts({ suppressions: [{ channel: 'email', address: 'zoe@example.com', reason: 'hard-bounce', at: 0 }] }),
    refused('suppression', 'hard-bounce'),
  ],
  [
    'an address that is no longer theirs is dead',
    {},
    facts({ suppressions: [{ channel: 'email', address: 'old@example.com', reason: 'hard-bounce', at: 0 }] }),
    { kind: 'pass', address: 'zoe@example.com' },
  ],
  [
    'the person objected',
    {},
    facts({ suppressions: [{ channel: '*', address: null, reason: 'objection', at: 0 }] }),
    refused('suppression', 'objection'),
  ],
  ['consent is withdrawn', {}, facts({ consents: [consent({ state: 'withdrawn' })] }), refused('consent', 'withdrawn')],
  ['nothing is known of consent (C1)', {}, facts({ consents: [] }), refused('consent', 'unknown')],
  [
    'consent to another channel is none',
    {},
    facts({ consents: [consent({ channel: 'sms' })] }),
    refused('consent', 'unknown'),
  ],
  ['the person has paused (D4)', {}, facts({ ownLimits: { maxPerWeek: null, pauseUntil: NOW + 1 } }), { kind: 'back' }],
  [
    'the pause is over',
    {},
    facts({ ownLimits: { maxPerWeek: null, pauseUntil: NOW } }),
    { kind: 'pass', address: 'zoe@example.com' },
  ],
  [
    'a pause is about what pressure can block',
    { subjectTo: false },
    facts({ ownLimits: { maxPerWeek: null, pauseUntil: NOW + 1 } }),
    { kind: 'pass', address: 'zoe@example.com' },
  ],
  [
    'the week has no room under the person’s own limit (P8)',
    {},
    facts({ ownLimits: { maxPerWeek: 1, pauseUntil: null }, sends: sends([NOW - DAY]) }),
    { kind: 'back' },
  ],
  [
    'a send of seven days ago is out of the week (P10)',
    {},
    facts({ ownLimits: { maxPerWeek: 1, pauseUntil: null }, sends: sends([NOW - 7 * DAY]) }),
    { kind: 'pass', address: 'zoe@example.com' },
  ],
  [
    'what uses no room of a person’s own limit, and is counted for a ceiling of the platform alone, takes none (P5)',
    {},
    facts({ ownLimits: { maxPerWeek: 1, pauseUntil: null }, sends: sends([NOW - DAY], { countsToward: false }) }),
    { kind: 'pass', address: 'zoe@example.com' },
  ],
  ['the purpose is no longer one of the policy', { purpose: 'old' }, facts(), refused('consent', 'no-such-purpose')],
  [
    'what needs no consent goes without',
    { needsConsent: false },
    facts({ consents: [] }),
    { kind: 'pass', address: 'zoe@example.com' },
  ],
  ['its time has run out', { expiresAt: NOW }, facts(), { kind: 'back' }],
  ['its time is about to run out', { expiresAt: NOW + 1 }, facts(), { kind: 'pass', address: 'zoe@example.com' }],
  ['its window has closed', { window: 'Mon-Fri 09:00-13:00' }, facts(), { kind: 'back' }],
  ['its window is open', { window: 'Mon-Fri 09:00-13:01' }, facts(), { kind: 'pass', address: 'zoe@example.com' }],
  [
    'withdrawn and closed: the refusal counts, not the hour',
    { window: 'Sun 09:00-10:00' },
    facts({ consents: [] }),
    refused('consent', 'unknown'),
  ],
])('the last look before hand-over (D4): %s', (_name, fields, known, expected) => {
  expect(lastLook(message(fields), known, policy(), NOW) satisfies LastLook).toEqual(expected);
});

test('quiet hours that began meanwhile send it back to the gate (T1)', () => {
  expect(lastLook(message(), facts(), policy(QUIET), NOW)).toEqual({ kind: 'back' });
  expect(lastLook(message(), facts(), policy(QUIET), at('2026-03-03T09:00:00Z'))).toMatchObject({ kind: 'pass' });
});

test('a French marketing text is stopped by the law, whatever the policy says (T3)', () => {
  const sunday = at('2026-03-08T12:00:00Z');
  expect(lastLook(message({ channel: 'sms' }), facts(), policy(), sunday)).toEqual({ kind: 'back' });
});

test('an enrollment that ended while the message was with the provider sends it back, to be cancelled (D7)', () => {
  expect(lastLook(message(), facts(), policy(), NOW, { ended: true })).toEqual({ kind: 'back' });
  const refusal = lastLook(message(), facts({ consents: [] }), policy(), NOW, { ended: true });
  expect(refusal).toEqual(refused('consent', 'unknown'));
});

test('L12: a contact that was restricted meanwhile has its message sent back, even where it would be refused', () => {
  for (const known of [facts(), facts({ consents: [] })])
    expect(lastLook(message(), known, policy(), NOW, { restricted: true })).toEqual({ kind: 'back' });
});

test('P1a: nothing is begun once its judgement holds no more, or just before', () => {
  const looked = (holdsUntil: number | null): string => lastLook(message({ holdsUntil }), facts(), policy(), NOW).kind;
  expect([NOW + 10_000, NOW + 1_000, NOW, NOW - DAY, null].map(looked)).toEqual([
    'pass',
    'back',
    'back',
    'back',
    'back',
  ]);
});
