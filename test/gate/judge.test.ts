import type { Suppression } from '../../src/consent/index.ts';
import { judge, judgeAll } from '../../src/gate/index.ts';
import type { GateRecord, JudgeFacts, Message } from '../../src/gate/index.ts';
import { at, consent, contact, DAY, facts, HOUR, message, policy, sends } from './factories.ts';

const NOW = at('2026-03-03T12:00:00Z');
const weekly = { rule: 'weekly', window: { rolling: '7d' }, max: 2, onBlocked: { hold: '3d' } };
const refusedBy = (gates: readonly GateRecord[]): string[] =>
  gates.filter(({ passed }) => !passed).map(({ gate }) => gate);

describe('gate order', () => {
  const closedAtNoon = { quietHours: [{ channels: ['email', 'sms'], allow: 'Mon-Sun 20:00-22:00' }] };
  const full = { pressure: [{ ...weekly, max: 0, onBlocked: 'drop' }] };
  const suppression: Suppression = { channel: 'email', address: null, reason: 'complaint', at: 0 };
  const everything: [string, Partial<Message>, Partial<JudgeFacts>, Record<string, unknown>, string[], string][] = [
    [
      'address first',
      { window: 'Mon-Sun 01:00-02:00' },
      { contact: contact({ email: null }), suppressions: [suppression], consents: [] },
      { ...closedAtNoon, ...full },
      ['address', 'suppression', 'consent', 'quiet-hours', 'window', 'pressure'],
      'block address no-address',
    ],
    [
      'suppression before consent',
      {},
      { suppressions: [suppression], consents: [] },
      { ...closedAtNoon, ...full },
      ['suppression', 'consent', 'quiet-hours', 'pressure'],
      'block suppression complaint',
    ],
    [
      'consent before quiet hours',
      {},
      { consents: [] },
      closedAtNoon,
      ['consent', 'quiet-hours'],
      'block consent unknown',
    ],
    [
      'quiet hours before pressure, even when pressure drops',
      {},
      {},
      { ...closedAtNoon, ...full },
      ['quiet-hours', 'pressure'],
      'hold quiet-hours closed',
    ],
    [
      'the send window before pressure',
      { window: 'Mon-Fri 15:00-16:00' },
      {},
      full,
      ['window', 'pressure'],
      'hold window closed',
    ],
    ['pressure last', {}, {}, full, ['pressure'], 'block pressure no-room'],
  ];
  test.each(everything)(
    '%s: the first refusal decides and all are recorded',
    (_name, of, known, written, refusing, verdict) => {
      const judged = judge(message(of), facts(known), policy(written), NOW);
      expect(refusedBy(judged.gates)).toEqual(refusing);
      expect(judged.gates.map(({ gate }) => gate)).toEqual([
        'address',
        'suppression',
        'consent',
        'quiet-hours',
        'window',
        'pressure',
      ]);
      const { kind, gate, reason } = judged.verdict as { kind: string; gate: string; reason: string };
      expect(`${kind} ${gate} ${reason}`).toBe(verdict);
    },
  );

  test('with nothing against it, it is sent', () => {
    const judged = judge(message(), facts(), policy({ pressure: [weekly] }), NOW);
    expect(judged.verdict).toMatchObject({ kind: 'send' });
    expect(refusedBy(judged.gates)).toEqual([]);
    expect(judged.gates.at(-1)).toEqual({
      gate: 'pressure',
      passed: true,
      counters: [{ rule: 'weekly', used: 0, max: 2 }],
    });
  });
});

describe('address', () => {
  test.each([
    ['mail without an address', { channel: 'email' }, { email: null }, 'no-address'],
    ['mail to an empty address', { channel: 'email' }, { email: '' }, 'no-address'],
    ['a text without a number', { channel: 'sms' }, { phone: null }, 'no-address'],
    ['a sender the policy lacks', { sender: 'gone' }, {}, 'no-sender'],
    ['a sender without this channel', { channel: 'sms', sender: 'mail-only' }, {}, 'no-sender'],
  ] as [string, Partial<Message>, Partial<ReturnType<typeof contact>>, string][])(
    '%s is blocked',
    (_name, of, who, reason) => {
      expect(judge(message(of), facts({ contact: contact(who) }), policy(), NOW).verdict).toEqual({
        kind: 'block',
        gate: 'address',
        reason,
      });
    },
  );
});

describe('suppression', () => {
  const entry: Suppression = { channel: 'email', address: 'zoe@example.com', reason: 'hard-bounce', at: 0 };
  test.each([
    ['of this address', entry, true],
    ['of this address in other letters', { ...entry, address: 'Zoe@Example.com' }, true],
    ['of every channel', { ...entry, channel: '*', address: null }, true],
    ['of every address of the channel', { ...entry, address: null }, true],
    ['of another channel', { ...entry, channel: 'sms', address: null }, false],
    ['of an address the contact has no more', { ...entry, address: 'old@example.com' }, false],
  ])('%s', (_name, suppression, refused) => {
    const { verdict } = judge(message(), facts({ suppressions: [suppression] }), policy(), NOW);
    expect(verdict).toMatchObject(
      refused ? { kind: 'block', gate: 'suppression', reason: 'hard-bounce' } : { kind: 'send' },
    );
  });

  test('no category is exempt from it', () => {
    const receipt = message({ category: 'transactional', needsConsent: false, subjectTo: false, countsToward: false });
    expect(judge(receipt, facts({ suppressions: [entry] }), policy(), NOW).verdict.kind).toBe('block');
  });
});

describe('consent', () => {
  test.each(['withdrawn', 'refused', 'pending'] as const)('C1: %s refuses, and is the reason', (state) => {
    expect(judge(message(), facts({ consents: [consent({ state })] }), policy(), NOW).verdict).toEqual({
      kind: 'block',
      gate: 'consent',
      reason: state,
    });
  });

  test.each([
    ['nothing', []],
    ['consent to texts only', [consent({ channel: 'sms' })]],
    ['consent to another purpose', [consent({ purpose: 'account' })]],
  ])('C1: %s is unknown, which refuses', (_name, consents) => {
    expect(judge(message(), facts({ consents }), policy(), NOW).verdict).toMatchObject({
      gate: 'consent',
      reason: 'unknown',
    });
  });

  test('a purpose the policy lacks refuses, even when it was granted', () => {
    const known = facts({ consents: [consent({ purpose: 'gone' })] });
    expect(judge(message({ purpose: 'gone' }), known, policy(), NOW).verdict).toMatchObject({
      kind: 'block',
      gate: 'consent',
      reason: 'no-such-purpose',
    });
  });

  test('what the law asks no consent for goes without', () => {
    const judged = judge(message({ needsConsent: false }), facts({ consents: [] }), policy(), NOW);
    expect(judged.verdict).toMatchObject({ kind: 'send' });
    expect(judged.gates[2]).toEqual({ gate: 'consent', passed: true, reason: 'not-needed' });
  });
});

describe('pressure', () => {
  test('P9: held to the very instant at which the oldest message leaves the window', () => {
    const known = facts({ sends: sends([NOW - 6 * DAY, NOW - DAY]) });
    expect(judge(message({ plannedAt: NOW }), known, policy({ pressure: [weekly] }), NOW).verdict).toEqual({
      kind: 'hold',
      until: NOW + DAY,
      gate: 'pressure',
      reason: 'no-room',
      rule: 'weekly',
    });
  });

  test.each([
    ['at the end of its hold still waits', 3 * DAY, 'hold'],
    ['a millisecond later is blocked by that rule', 3 * DAY + 1, 'block'],
  ])('P9: what finds room %s', (_name, inside, kind) => {
    const known = facts({ sends: sends([NOW - 7 * DAY + inside, NOW - HOUR]) });
    const { verdict } = judge(message({ plannedAt: NOW }), known, policy({ pressure: [weekly] }), NOW);
    expect(verdict).toMatchObject({ kind, gate: 'pressure', rule: 'weekly' });
  });

  test('P9: the hold counts from the planning, in calendar days of the contact', () => {
    const plannedAt = at('2026-03-27T09:00:00+01:00');
    // Clocks go forward on 29 March: three days later is 09:00 local, 71 hours on.
    const limit = at('2026-03-30T09:00:00+02:00');
    const judged = (earliest: number): string =>
      judge(
        message({ plannedAt }),
        facts({ sends: sends([earliest - 7 * DAY, plannedAt - 1]) }),
        policy({ pressure: [weekly] }),
        plannedAt,
      ).verdict.kind;
    expect([judged(limit), judged(limit + 1)]).toEqual(['hold', 'block']);
  });

  test('P9: the instant is one at which quiet hours, window and pressure all pass', () => {
    const version = policy({ pressure: [weekly], quietHours: [{ channels: ['email'], allow: 'Mon-Sun 07:00-22:00' }] });
    const plannedAt = at('2026-03-03T12:00:00+01:00');
    const roomAt = at('2026-03-04T23:00:00+01:00');
    const known = facts({ sends: sends([roomAt - 7 * DAY, plannedAt - 1]) });
    const open = message({ plannedAt });
    expect(judge(open, known, version, plannedAt).verdict).toMatchObject({
      gate: 'pressure',
      until: at('2026-03-05T07:00:00+01:00'),
    });
    const onFridays = message({ plannedAt, window: 'Fri 09:00-10:00' });
    expect(judge(onFridays, known, version, plannedAt).verdict).toMatchObject({
      gate: 'window',
      until: at('2026-03-06T09:00:00+01:00'),
    });
  });

  test('quiet hours wait for room too, unless it would come too late', () => {
    const night = at('2026-03-03T23:00:00+01:00');
    const version = policy({ pressure: [weekly], quietHours: [{ channels: ['email'], allow: 'Mon-Sun 07:00-22:00' }] });
    const untilWith = (roomAt: number): unknown =>
      judge(message({ plannedAt: night }), facts({ sends: sends([roomAt - 7 * DAY, night - 1]) }), version, night)
        .verdict;
    expect(untilWith(at('2026-03-05T10:00:00+01:00'))).toMatchObject({
      kind: 'hold',
      gate: 'quiet-hours',
      until: at('2026-03-05T10:00:00+01:00'),
    });
    expect(untilWith(at('2026-03-08T10:00:00+01:00'))).toMatchObject({
      kind: 'hold',
      gate: 'quiet-hours',
      until: at('2026-03-04T07:00:00+01:00'),
    });
  });

  test('P8: of several refusing rules one that drops decides, in the order of the policy', () => {
    const rules = [
      { ...weekly, max: 1 },
      { rule: 'first-drop', window: { gap: '16h' }, onBlocked: 'drop' },
      { rule: 'second-drop', window: { rolling: '30d' }, max: 1, onBlocked: 'drop' },
    ];
    const { verdict, gates } = judge(
      message(),
      facts({ sends: sends([NOW - HOUR]) }),
      policy({ pressure: rules }),
      NOW,
    );
    expect(verdict).toEqual({ kind: 'block', gate: 'pressure', reason: 'no-room', rule: 'first-drop' });
    expect(gates.at(-1)!.counters).toEqual([
      { rule: 'weekly', used: 1, max: 1 },
      { rule: 'first-drop', used: 1, max: 1 },
      { rule: 'second-drop', used: 1, max: 1 },
    ]);
  });

  test('P8: of several rules that hold, the one whose room comes last decides', () => {
    const rules = [
      { rule: 'gap', window: { gap: '16h' }, onBlocked: { hold: '3d' } },
      { rule: 'two-days', window: { rolling: '2d' }, max: 1, onBlocked: { hold: '3d' } },
    ];
    const { verdict } = judge(
      message({ plannedAt: NOW }),
      facts({ sends: sends([NOW - HOUR]) }),
      policy({ pressure: rules }),
      NOW,
    );
    expect(verdict).toMatchObject({ kind: 'hold', rule: 'two-days', until: NOW - HOUR + 2 * DAY });
  });

  test('`exit` blocks, and says that the enrollment ends', () => {
    const version = policy({ pressure: [{ ...weekly, max: 0, onBlocked: 'exit' }] });
    expect(judge(message(), facts(), version, NOW).verdict).toEqual({
      kind: 'block',
      gate: 'pressure',
      reason: 'no-room',
      rule: 'weekly',
      exit: true,
    });
  });

  test('P8: the contact’s own choice only lowers, and decides before the rules', () => {
    const known = facts({ sends: sends([NOW - DAY]), ownLimits: { maxPerWeek: 1, pauseUntil: null } });
    expect(judge(message(), known, policy({ pressure: [weekly] }), NOW).verdict).toEqual({
      kind: 'block',
      gate: 'pressure',
      reason: 'no-room',
      rule: 'own-max-per-week',
    });
    const generous = facts({ sends: sends([NOW - DAY, NOW - HOUR]), ownLimits: { maxPerWeek: 9, pauseUntil: null } });
    expect(judge(message({ plannedAt: NOW }), generous, policy({ pressure: [weekly] }), NOW).verdict).toMatchObject({
      rule: 'weekly',
    });
  });

  test('a pause refuses until it is over, and no service message', () => {
    const known = facts({ ownLimits: { maxPerWeek: null, pauseUntil: NOW + DAY } });
    expect(judge(message(), known, policy(), NOW).verdict).toEqual({
      kind: 'block',
      gate: 'pressure',
      reason: 'paused',
      rule: 'own-pause',
    });
    expect(judge(message(), known, policy(), NOW + DAY).verdict.kind).toBe('send');
    expect(judge(message({ category: 'service', subjectTo: false }), known, policy(), NOW).verdict.kind).toBe('send');
  });

  test('maxima by condition: the first that holds, else the last', () => {
    const byStatus = {
      rule: 'by-status',
      scope: { channels: ['email'] },
      window: { rolling: '7d' },
      max: [{ when: { attribute: 'status', equals: 'prospect' }, max: 1 }, { otherwise: 3 }],
    };
    const maxFor = (status: string): number | undefined =>
      judge(
        message(),
        facts({ contact: contact({ attributes: { status } }) }),
        policy({ pressure: [byStatus] }),
        NOW,
      ).gates.at(-1)!.counters![0]!.max;
    expect([maxFor('prospect'), maxFor('customer')]).toEqual([1, 3]);
  });

  test('P7: what was frozen on the message and on the sends decides, whatever the policy says of the category now', () => {
    const lenient = { marketing: { subjectTo: false, countsToward: false, needsConsent: false } };
    const rule = { ...weekly, scope: { categories: ['marketing'] }, max: 1 };
    const frozen = message();
    const known = facts({ sends: sends([NOW - HOUR]), consents: [] });
    const before = judge(frozen, known, policy({ pressure: [rule] }), NOW);
    expect(judge(frozen, known, policy({ pressure: [rule], categories: lenient }), NOW)).toEqual(before);
    expect(before.verdict).toMatchObject({ kind: 'block', gate: 'consent' });
    expect(before.gates.at(-1)!.passed).toBe(false);
  });
});

describe('expiry', () => {
  test('at its expiry a message expires, whatever the gates say', () => {
    expect(judge(message({ expiresAt: NOW }), facts(), policy(), NOW).verdict).toEqual({ kind: 'expire' });
    expect(judge(message({ expiresAt: NOW }), facts({ consents: [] }), policy(), NOW).verdict).toEqual({
      kind: 'expire',
    });
    expect(judge(message({ expiresAt: NOW + 1 }), facts(), policy(), NOW).verdict).toMatchObject({ kind: 'send' });
  });

  test('it is held no longer than to its expiry, and expires then', () => {
    const known = facts({ sends: sends([NOW - 6 * DAY, NOW - DAY]) });
    const version = policy({ pressure: [weekly] });
    const brief = message({ plannedAt: NOW, expiresAt: NOW + HOUR });
    const [held] = judgeAll([brief], known, version, NOW);
    expect(held!.verdict).toMatchObject({ kind: 'hold', until: NOW + HOUR, gate: 'pressure' });
    const [expired] = judgeAll([held!.message], known, version, NOW + HOUR);
    expect(expired!.message).toMatchObject({ status: 'expired', settledAt: NOW + HOUR, rule: 'weekly', judged: 2 });
    expect(expired!.decision).toMatchObject({ verdict: 'expire', ordinal: 2, rule: 'weekly' });
  });
});

describe('D6, P7: who used the room is written down with the decision', () => {
  const written = policy({ pressure: [weekly, { ...weekly, rule: 'wide', max: 9 }] });
  const taken = (known: Partial<JudgeFacts>): unknown =>
    judgeAll([message()], facts(known), written, NOW)[0]!
      .decision.gates.at(-1)!
      .counters!.map(({ rule, taken: by }) => [rule, by?.map(({ at: when }) => when)]);

  test('of a rule without room the messages in its window, of one with room none', () => {
    const history = sends([NOW - 8 * DAY, NOW - 2 * DAY, NOW - HOUR]);
    expect(taken({ sends: history })).toEqual([
      ['weekly', [NOW - 2 * DAY, NOW - HOUR]],
      ['wide', undefined],
    ]);
    expect(taken({ sends: history.slice(0, 2) })).toEqual([
      ['weekly', undefined],
      ['wide', undefined],
    ]);
  });

  test('of the contact’s own limit too', () => {
    expect(taken({ sends: sends([NOW - DAY]), ownLimits: { maxPerWeek: 1, pauseUntil: null } })).toEqual([
      ['own-max-per-week', [NOW - DAY]],
      ['weekly', undefined],
      ['wide', undefined],
    ]);
  });
});
