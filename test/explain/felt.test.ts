import { outlook, type Outlook } from '../../src/explain/outlook/outlook.ts';
import { outlookJson } from '../../src/explain/outlook/outlook-json.ts';
import { outlookText } from '../../src/explain/outlook/outlook-text.ts';
import type { JudgeFacts } from '../../src/gate/index.ts';
import { at, consent, DAY, facts, HOUR, policy, sends } from '../gate/factories.ts';

/** Monday 2 March 2026, 10:00 in Paris. */
const NOW = at('2026-03-02T09:00:00Z');
const weekly = { rule: 'weekly', scope: { categories: ['marketing'] }, window: { rolling: '7d' }, max: 4 };
const version = policy({
  pressure: [weekly, { rule: 'texts', scope: { channels: ['sms'] }, window: { rolling: '7d' }, max: 2 }],
  fatigue: {
    halfLife: '1d',
    signals: { complaint: 8, unsubscribe: 4, unclicked: { after: 2, adds: 1 } },
    levels: [
      { from: 2, times: 0.5, rules: ['weekly'] },
      { from: 6, times: 0, rules: ['weekly'] },
    ],
  },
});
const tired: Partial<JudgeFacts> = {
  suppressions: [{ channel: 'sms', address: '+1', reason: 'complaint', at: NOW }],
  consents: [consent(), consent({ purpose: 'offers', state: 'withdrawn', at: NOW - 40 * DAY })],
};
const look = (given: Partial<JudgeFacts>, law = version, more?: Pick<Outlook, 'sent' | 'shared'>): Outlook =>
  outlook(facts(given), [], law, {}, NOW, more);

describe('felt pressure, beside what was sent', () => {
  test('what each reaction weighs now, until when each level is reached, and what that takes from which rule', () => {
    const { felt } = look(tired);
    expect(felt.level).toBe(8);
    expect(felt.signals).toEqual([
      { kind: 'unsubscribe', at: NOW - 40 * DAY, points: 0, felt: 0 },
      { kind: 'complaint', at: NOW, points: 8, felt: 8 },
    ]);
    // Eight are six after 0.415 half-lives, and two after two.
    const six = NOW + Math.log2(8 / 6) * DAY;
    expect(felt.levels.map(({ until }) => until)).toEqual([NOW + 2 * DAY + 1, Math.floor(six) + 1]);
    expect(felt.lowered).toEqual([
      {
        rule: 'weekly',
        from: 4,
        max: 0,
        rises: [
          { at: Math.floor(six) + 1, max: 2 },
          { at: NOW + 2 * DAY + 1, max: 4 },
        ],
      },
    ]);
    expect(felt.recovers).toBe(NOW + 2 * DAY + 1);
  });

  test('the room of the days to come recovers with it', () => {
    const { rules } = look(tired);
    const [days] = rules.map((rule) => rule.days);
    expect(days!.map(({ max }) => max).slice(0, 4)).toEqual([0, 2, 2, 4]);
    expect(days!.map(({ loweredFrom }) => loweredFrom).slice(0, 4)).toEqual([4, 4, 4, null]);
  });

  test('mails in a row without a click are told one by one, with the mail', () => {
    const run = sends([3, 2, 1].map((hours) => NOW - hours * HOUR));
    const { felt } = look({ sends: run });
    expect(felt.signals.map(({ kind, at: when, messageId }) => [kind, when, messageId])).toEqual([
      ['unclicked', NOW - 2 * HOUR, run[1]!.messageId],
      ['unclicked', NOW - HOUR, run[2]!.messageId],
    ]);
    expect(felt).toMatchObject({ lowered: [], recovers: null });
  });

  test('a policy without fatigue gives reactions no weight, and they are known all the same', () => {
    const { felt } = look(tired, policy({ pressure: [weekly] }));
    expect(felt).toMatchObject({ level: 0, levels: [], lowered: [], recovers: null });
    expect(felt.signals.map(({ kind, felt: weight }) => [kind, weight])).toEqual([
      ['unsubscribe', 0],
      ['complaint', 0],
    ]);
  });
});

describe('as it is printed', () => {
  const sent: Outlook['sent'] = [
    {
      channel: 'email',
      days1: 1,
      days7: 3,
      days30: 9,
      days90: 20,
      days365: 41,
      all: 57,
      first: NOW - 400 * DAY,
      last: NOW,
    },
  ];
  const seen = look({ ...tired, sends: sends([NOW - 5 * HOUR, NOW - 4 * HOUR, NOW - 3 * HOUR]) }, version, {
    sent,
    shared: 1,
  });
  const lines = (language: 'en' | 'fr'): string =>
    outlookText('zoe', seen, version, language).replaceAll('\u00a0', ' ');

  test('for people, in English and French', () => {
    expect(lines('en')).toContain(
      [
        'Counted with what others with the same address were sent: 1.',
        '',
        'what each rule counts now:',
        '  weekly: 3 of 0 within 7 days, lowered from 4',
        '  texts: 0 of 2 within 7 days',
      ].join('\n'),
    );
    expect(lines('en')).toContain(
      [
        'felt pressure, by what reactions weigh now: 9.81',
        '  Wed 21 Jan 2026 10:00  withdrew a consent, weighs nothing now',
        '  Mon 2 Mar 2026 10:00  reported a message as spam: 8 of 8',
        '  Mon 2 Mar 2026 07:00  2 emails too many without a click: 1.81 of 2',
        '  weekly allows 0 instead of 4, 2 from Tue 3 Mar 2026 03:00:56 on, 4 from Wed 4 Mar 2026 17:03:16 on',
      ].join('\n'),
    );
    expect(lines('en')).toContain(
      [
        'objective pressure, what was sent:',
        '             24h      7d     30d     90d    365d  in all',
        '  email        1       3       9      20      41      57  since Sun 26 Jan 2025 10:00',
      ].join('\n'),
    );
    for (const words of [
      'ce que chaque règle compte à présent :',
      '  weekly : 3 sur 0 (sur 7 jours), au lieu de 4',
      'pression ressentie, d’après ce que pèsent les réactions à présent : 9,81',
      '  lun. 2 mars 2026 à 10:00  a signalé un message comme indésirable : 8 sur 8',
      '2 e-mails de trop sans clic : 1,81 sur 2',
      'weekly autorise 0 au lieu de 4, 2 à partir du mar. 3 mars 2026',
      'Compté avec ce que d’autres ont reçu à la même adresse : 1.',
    ])
      expect(lines('fr')).toContain(words);
  });

  test('for machines, instants in RFC 3339', () => {
    expect(outlookJson('zoe', seen, version, 'en')).toMatchObject({
      sharedSends: 1,
      sent: [
        {
          channel: 'email',
          '24h': 1,
          '7d': 3,
          '30d': 9,
          '90d': 20,
          '365d': 41,
          all: 57,
          last: '2026-03-02T09:00:00.000Z',
        },
      ],
      felt: {
        level: 9.81,
        signals: [
          { kind: 'unsubscribe', felt: 0 },
          { kind: 'unclicked', points: 1, messageId: expect.any(String) },
          { kind: 'unclicked' },
          { kind: 'complaint', at: '2026-03-02T09:00:00.000Z', felt: 8, sentence: 'reported a message as spam' },
        ],
        levels: [{ from: 2, times: 0.5, rules: ['weekly'] }, { from: 6 }],
        lowered: [{ rule: 'weekly', from: 4, max: 0, rises: [{ max: 2 }, { max: 4 }] }],
      },
    });
  });
});

describe('what is planned, and where the contact is', () => {
  test('P11: room that is kept is not free, and for whom is told', () => {
    const reserving = policy({
      pressure: [{ ...weekly, max: 1, reserve: '1d', onBlocked: { hold: '3d' } }],
    });
    const [big] = sends([NOW + HOUR], { scenarioId: 'big' });
    const planned = [{ ...big!, messageId: null, step: 'mail', priority: 90 }];
    const seen = look({ planned }, reserving);
    expect(seen.rules[0]!.days[0]).toMatchObject({ used: 0, max: 1, kept: 1, free: 0 });
    expect(seen.rules[0]!.keptFor).toMatchObject([{ scenarioId: 'big', step: 'mail', messageId: null }]);
    expect(outlookJson('zoe', seen, reserving, 'en')).toMatchObject({
      rules: [{ rule: 'weekly', keptFor: [{ scenario: 'big', at: '2026-03-02T10:00:00.000Z', priority: 90 }] }],
    });
    expect(outlookText('zoe', seen, reserving, 'en')).toContain(
      '    room is kept for email big mail, due on Mon 2 Mar 2026 11:00',
    );
  });

  test('an exclusive programme keeps advertising away for as long as the contact is in it, and nobody knows how long', () => {
    const exclusive = policy({
      pressure: [weekly],
      exclusive: [{ rule: 'welcome-first', while: { programme: 'welcome' }, onBlocked: { hold: '2d' } }],
    });
    const seen = look({ inside: [{ programme: 'welcome', scenarioId: 'hello' }] }, exclusive);
    expect(seen.channels.map(({ earliest, exclusive: away }) => [earliest, away])).toEqual([
      [null, true],
      [null, true],
    ]);
    const text = outlookText('zoe', seen, exclusive, 'en');
    expect(text).toContain(
      'An advertising email could leave once the contact has left the programme that keeps others away.',
    );
    expect(text).toContain('  welcome-first: keeps messages away as long as the contact is in its programme');
    expect(look({}, exclusive).channels.map(({ earliest }) => earliest)).toEqual([NOW, NOW]);
  });
});
