import { explainMessage } from '../../src/explain/explanation.ts';
import { explanationText } from '../../src/explain/explanation-text.ts';
import { outlookJson } from '../../src/explain/outlook/outlook-json.ts';
import { outlookText } from '../../src/explain/outlook/outlook-text.ts';
import { outlook } from '../../src/explain/outlook/outlook.ts';
import type { Language } from '../../src/explain/language.ts';
import { sideSentence } from '../../src/explain/side.ts';
import { judgeAll, sideOf, type PolicyVersion, type Side } from '../../src/gate/index.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { at, contact, DAY, facts, message, policy, sends } from '../gate/factories.ts';

const mails = (max: unknown): object => ({
  rule: 'weekly',
  scope: { channels: ['email'], categories: ['marketing'] },
  window: { rolling: '7d' },
  max,
  onBlocked: { hold: '9d' },
});
const CEILING = { rule: 'ceiling', platform: true, window: { calendar: 'day' }, max: 3 };
const tested = (pressure: object[], variant: object[], from = '2026-03-01'): PolicyVersion =>
  policy({
    pressure: [CEILING, ...pressure],
    frequencyTest: { id: 'fewer-mails', from, until: '2026-03-20', share: '50%', pressure: variant },
  });
const said = (version: PolicyVersion, side: Side, language: Language): string =>
  sideSentence({ id: 'fewer-mails', side }, version.policy, language).replaceAll('\u00a0', ' ');

describe('L13: the side of a frequency test is told by what it differs in, in both languages', () => {
  const byStatus = mails([{ when: { attribute: 'status', equals: 'prospect' }, max: 1 }, { otherwise: 3 }]);
  test.each<[string, object[], object[], string, string]>([
    [
      'a maximum',
      [mails(4)],
      [mails(2)],
      'at most 2 marketing emails within 7 days',
      'au plus 2 e-mails marketing sur 7 jours',
    ],
    ['none at all', [mails(4)], [mails(0)], 'no marketing emails within 7 days', 'aucun e-mail marketing sur 7 jours'],
    [
      'several maxima',
      [mails(4)],
      [byStatus],
      'at most 1 or 3 marketing emails within 7 days',
      'au plus 1 ou 3 e-mails marketing sur 7 jours',
    ],
    [
      'a gap beside what both have',
      [mails(4)],
      [mails(4), { rule: 'apart', window: { gap: '16h' } }],
      'at least 16 hours between two messages',
      'au moins 16 heures entre deux messages',
    ],
    [
      'parts and a score',
      [],
      [
        { rule: 'texts', unit: 'sms-parts', window: { calendar: 'month' }, max: 6 },
        { rule: 'felt', unit: { score: { weights: { email: 1 }, halfLife: '3d' } }, max: 5 },
      ],
      'at most 6 parts of messages in a calendar month and a score of at most 5, halved every 3 days',
      'au plus 6 segments de messages par mois civil et un score d’au plus 5, divisé par deux tous les 3 jours',
    ],
    ['a rule that is left out', [mails(4)], [], 'without the rule “weekly”', 'sans la règle « weekly »'],
  ])('%s', (_what, base, variant, english, french) => {
    const version = tested(base, variant);
    expect(said(version, 'variant', 'en')).toBe(
      `The contact is in the frequency test “fewer-mails”, on the side of the variant: ${english}.`,
    );
    expect(said(version, 'variant', 'fr')).toBe(
      `Le contact participe au test de fréquence « fewer-mails », du côté de la variante : ${french}.`,
    );
  });

  test('the base side, and a policy that cannot be read any more', () => {
    expect(said(tested([mails(4)], [mails(2)]), 'base', 'en')).toBe(
      'The contact is in the frequency test “fewer-mails”, on the base side: at most 4 marketing emails within 7 days.',
    );
    expect(sideSentence({ id: 'fewer-mails', side: 'base' }, null, 'en')).toBe(
      'The contact is in the frequency test “fewer-mails”, on the base side.',
    );
  });
});

const VARIANT = Array.from({ length: 20 }, (_, index) => contactIdOf(`user-${index}`)).find(
  (id) => sideOf({ id: 'fewer-mails', share: 0.5 }, id) === 'variant',
)!;
/** Tuesday 10 March 2026, noon in Paris. */
const NOW = at('2026-03-10T12:00:00+01:00');
const known = facts({ contact: contact({ id: VARIANT }), sends: sends([NOW - 2 * DAY, NOW - DAY]) });

test('D6: the explanation of a message names its side, and tells the variant’s rule as the variant has it', () => {
  const version = tested([mails(4)], [mails(2)]);
  const [judged] = judgeAll([message({ contactId: VARIANT, plannedAt: NOW })], known, version, NOW);
  const explained = { message: judged!.message, decisions: [judged!.decision], returned: null };
  const setting = {
    language: 'en' as const,
    zone: 'Europe/Paris',
    policyOf: () => version.policy,
    nameOf: () => undefined,
  };
  const { sentence, test: side, gates } = explainMessage(explained, setting);
  expect(sentence).toContain('the rule “weekly” allows 2 marketing emails within 7 days, and 2 were sent already');
  expect(side).toEqual({ id: 'fewer-mails', side: 'variant', sentence: said(version, 'variant', 'en') });
  expect(gates.at(-1)!.counters.map((counter) => counter.sentence)).toEqual([
    'ceiling: 0 of 3 in a calendar day',
    'weekly: 2 of 2 within 7 days',
  ]);
  expect(explanationText(explained, 'ada', setting).split('\n')[3]).toBe(said(version, 'variant', 'en'));
});

describe('how much may be sent to a contact in a frequency test', () => {
  test('its side, by whose rules the room is told', () => {
    const version = tested([mails(4)], [mails(2)]);
    const seen = outlook(known, [], version, {}, NOW);
    expect(seen.test).toEqual({
      id: 'fewer-mails',
      side: 'variant',
      from: at('2026-03-01T00:00:00+01:00'),
      until: at('2026-03-20T00:00:00+01:00'),
    });
    const weekly = seen.rules.find(({ rule }) => rule === 'weekly')!;
    // Days 10 to 19 by the variant; from the 20th on by the policy.
    expect(weekly.days.map(({ max }) => max)).toEqual([...Array(10).fill(2), ...Array(4).fill(4)]);
    expect(outlookJson('ada', seen, version, 'en')).toMatchObject({
      test: {
        id: 'fewer-mails',
        side: 'variant',
        from: '2026-02-28T23:00:00.000Z',
        until: '2026-03-19T23:00:00.000Z',
        sentence: said(version, 'variant', 'en'),
      },
    });
    expect(outlookText('ada', seen, version, 'en').split('\n')[1]).toBe(
      `${said(version, 'variant', 'en')} It runs from Sun 1 Mar 2026 00:00 to Fri 20 Mar 2026 00:00.`,
    );
    const french = outlookText('ada', seen, version, 'fr').split('\n');
    expect(french[1]).toMatch(/Il court du dim\. 1er mars 2026 à 00:00 au ven\. 20 mars 2026 à 00:00\.$/);
    expect(french[3]).toMatch(/ Ouvert aujourd’hui 00:00-24:00\.$/);
  });

  test('rules that begin or end with it stand on their days only', () => {
    const version = tested([], [mails(2)], '2026-03-14');
    const seen = outlook(known, [], version, {}, NOW);
    const weekly = seen.rules.find(({ rule }) => rule === 'weekly')!;
    expect(weekly.days.map(({ date }) => date.slice(8))).toEqual(['14', '15', '16', '17', '18', '19']);
    const text = outlookText('ada', seen, version, 'fr').split('\n');
    expect(text.find((line) => line.startsWith('  weekly '))).toBe(
      '  weekly     -  -  -  -  0  0  1  2  2  2  -  -  -  -',
    );
  });

  test('of a test that is over nothing is told', () => {
    const version = tested([mails(4)], [mails(2)]);
    expect(outlook(known, [], version, {}, at('2026-03-20T00:00:00+01:00')).test).toBeNull();
  });
});
