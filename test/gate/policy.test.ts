import { parsePolicy, policyVersion, sendsSince } from '../../src/gate/index.ts';
import { DAY, policy } from './factories.ts';

/** The policy of docs: language, "Policy". */
const WRITTEN = `timezone: Europe/Paris
country: FR
lateEvents: 24h
senders:
  brand: { email: "Relance <hello@example.com>", replyTo: care@example.com, sms: RELANCE, address: "1 rue de la Paix, 75002 Paris" }
purposes:
  newsletter: { label: Newsletter, legalBasis: consent }
  offers:     { label: Offers on similar products, legalBasis: soft-opt-in, saleEvents: [Order Completed] }
  account:    { label: Your account, legalBasis: contract }
categories:
  marketing:     { subjectTo: true,  countsToward: true,  needsConsent: true }
  service:       { subjectTo: false, countsToward: true,  needsConsent: false }
  transactional: { subjectTo: false, countsToward: false, needsConsent: false }
pressure:
  - rule: weekly-ceiling
    scope: { categories: [marketing] }
    window: { rolling: 7d }
    max: 4
    onBlocked: { hold: 3d }
  - rule: by-status
    scope: { channels: [email] }
    window: { rolling: 7d }
    max:
      - when: { attribute: status, equals: prospect }
        max: 2
      - otherwise: 4
    reserve: 1d
    onBlocked: drop
  - rule: sms-month
    scope: { channels: [sms] }
    window: { calendar: month }
    max: 2
    onBlocked: drop
quietHours:
  - { channels: [sms], countries: [FR], allow: "Mon-Sat 08:00-20:00", holidays: closed }
  - { channels: [email], allow: "Mon-Sun 07:00-22:00" }
naming:
  scenario: "^[a-z]+-[a-z0-9-]+$"
utm: { source: relance, medium: "{{channel}}", campaign: "{{scenario}}" }
`;

test('the policy of the language page is read and compiled', () => {
  const { value, faults } = parsePolicy(WRITTEN, 'scenarios/policy.yaml');
  expect(faults).toEqual([]);
  const { compiled } = policyVersion(7, value!);
  expect(compiled.ruleBook.sides.map(({ rules }) => rules.map(({ name }) => name))).toEqual([
    ['weekly-ceiling', 'by-status', 'sms-month'],
  ]);
  expect(compiled.lateAfter).toBe(DAY);
});

test('what is left out has its default', () => {
  const { policy: read } = policy();
  expect(read).toMatchObject({ lateEvents: '24h', pressure: [], quietHours: [], naming: {}, utm: {} });
  expect(read.categories).toEqual({
    marketing: { subjectTo: true, countsToward: true, needsConsent: true },
    service: { subjectTo: false, countsToward: true, needsConsent: false },
    transactional: { subjectTo: false, countsToward: false, needsConsent: false },
  });
  const strict = { subjectTo: true, countsToward: true, needsConsent: true };
  expect(policy({ categories: { service: strict } }).policy.categories).toMatchObject({
    marketing: strict,
    service: strict,
    transactional: { subjectTo: false },
  });
});

test('sends are needed as far back as the longest window, and a week for the contact’s own limit', () => {
  const now = 1000 * DAY;
  const back = (...windows: object[]): number =>
    (now -
      sendsSince(policy({ pressure: windows.map((window, index) => ({ rule: `r${index}`, window, max: 1 })) }), now)) /
    DAY;
  expect(back()).toBe(7);
  expect(back({ rolling: '1d' })).toBe(7);
  expect(back({ rolling: '1d' }, { rolling: '90d' })).toBe(90);
  expect(back({ calendar: 'month' })).toBe(32);
  expect(back({ lifetime: true })).toBe(1000);
});

const CIRCLE = 'audiences:\n  here: { not: { audience: there } }\n  there: { all: [{ audience: here }] }\n';

describe('a fault names its line, what is wrong and what to write', () => {
  const replaced = (from: string, to: string): string => {
    if (!WRITTEN.includes(from)) throw new Error(`not in the policy: ${from}`);
    return WRITTEN.replace(from, to);
  };

  test.each([
    ['an unknown key', 'lateEvents: 24h', 'lateEvent: 24h', 'lateEvent', 'lateEvents'],
    ['a zone that does not exist', 'timezone: Europe/Paris', 'timezone: Europe/Pariss', 'timezone', 'time zone'],
    ['a country by its name', 'country: FR', 'country: France', 'country: France', 'two-letter'],
    [
      'a duration without a unit',
      'rolling: 7d }\n    max: 4',
      'rolling: 7 days }\n    max: 4',
      'rolling: 7 days',
      '7d',
    ],
    [
      'a duration of nothing',
      'rolling: 7d }\n    max: 4',
      'rolling: 0d }\n    max: 4',
      'rolling: 0d',
      'longer than nothing',
    ],
    ['a half message', 'max: 4\n', 'max: 4.5\n', 'max: 4.5', 'whole number'],
    ['a maximum below nothing', 'max: 4\n', 'max: -1\n', 'max: -1', '0 or more'],
    ['a missing maximum', '    max: 4\n', '', 'weekly-ceiling', '"max" is missing'],
    [
      'a gap with a maximum',
      'window: { calendar: month }',
      'window: { gap: 16h }',
      'max: 2',
      'a gap always allows one',
    ],
    ['conditions without an otherwise', '      - otherwise: 4\n', '', 'when: { attribute', '`otherwise: number`'],
    [
      'a maximum by history',
      'attribute: status, equals: prospect',
      'event: Order Completed',
      'event: Order Completed }',
      'attribute',
    ],
    [
      'a week start of a month',
      'calendar: month }',
      'calendar: month, weekStart: sunday }',
      'weekStart',
      'calendar: week',
    ],
    ['two rules of one name', 'rule: sms-month', 'rule: by-status', 'rule: by-status', 'already a rule'],
    ['a name kept for the contact', 'rule: sms-month', 'rule: own-pause', 'rule: own-pause', "contact's own"],
    ['a category that is none', 'categories: [marketing] }', 'categories: [marketting] }', 'marketting', 'marketing'],
    ['a channel that is none', 'channels: [email] }\n    window', 'channels: [mail] }\n    window', '[mail]', 'email'],
    ['an unknown way to block', 'onBlocked: drop\n  - rule: sms', 'onBlocked: dropp\n  - rule: sms', 'dropp', 'drop'],
    ['hours that are none', 'Mon-Sun 07:00-22:00', 'Mon-Sun 7-22', 'Mon-Sun 7-22', 'Mon-Fri 09:00-19:00'],
    ['a soft opt-in without a sale', ', saleEvents: [Order Completed]', '', 'offers:', 'Order Completed'],
    [
      'a sale without a soft opt-in',
      'legalBasis: contract',
      'legalBasis: contract, saleEvents: [A]',
      'account:',
      'soft-opt-in',
    ],
    [
      'a sender without an identity',
      'email: "Relance <hello@example.com>", ',
      'email: hello, ',
      'brand:',
      'hello@example.com',
    ],
    ['an audience that refers to itself', 'utm:', `${CIRCLE}utm:`, '  here: { not', 'here → there → here'],
    [
      'an audience that names none',
      'utm:',
      'audiences:\n  loyal: { audience: frends }\n  friends: { attribute: x, exists: true }\nutm:',
      '  loyal:',
      'did you mean friends?',
    ],
    [
      'an audience of an event at hand',
      'utm:',
      'audiences:\n  rich: { any: [{ property: total, gte: 100 }] }\nutm:',
      '  rich:',
      'has no event at hand',
    ],
    [
      'an audience with an odd name',
      'utm:',
      'audiences:\n  Rich: { attribute: x, exists: true }\nutm:',
      'Rich',
      'lower-case letters',
    ],
    [
      'a colour that is none',
      'utm:',
      'pages: { brand: Maison, colour: green }\nutm:',
      'pages:',
      'must be a colour, such as `"#23543f"`',
    ],
    [
      'a logo that would be fetched in the open',
      'utm:',
      'pages: { logo: "http://example.com/logo.png" }\nutm:',
      'pages:',
      'over https',
    ],
    ['a page’s key that is none', 'utm:', 'pages: { color: "#23543f" }\nutm:', 'pages:', 'colour'],
    ['a pattern that is none', '"^[a-z]+-[a-z0-9-]+$"', '"^[a-z"', 'scenario: "^[a-z"', 'regular expression'],
  ])('%s', (_name, from, to, onLine, says) => {
    const source = replaced(from, to);
    const { value, faults } = parsePolicy(source, 'policy.yaml');
    expect(value).toBeUndefined();
    expect(faults.every(({ file, severity }) => file === 'policy.yaml' && severity === 'error')).toBe(true);
    expect(faults.map(({ message, hint = '' }) => `${message} ${hint}`).join('\n')).toContain(says);
    const lines = source.split('\n').flatMap((line, index) => (line.includes(onLine) ? [index + 1] : []));
    expect(lines).toContain(faults[0]!.line);
  });

  test('nothing of Object’s own is a sender, purpose or category', () => {
    const { faults } = parsePolicy(replaced('categories: [marketing] }', 'categories: [constructor] }'), 'policy.yaml');
    expect(faults).toHaveLength(1);
  });
});
