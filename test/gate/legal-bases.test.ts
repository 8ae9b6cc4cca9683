import fc from 'fast-check';
import { isGenericAddress, isPrivateMailbox } from '../../src/contacts/index.ts';
import {
  judge,
  judgeAll,
  openAt,
  parsePolicy,
  permissionRefusal,
  type GateRecord,
  type JudgeFacts,
  type Message,
} from '../../src/gate/index.ts';
import { at, consent, contact, facts, message, policy, POLICY } from './factories.ts';

const SENDERS = { brand: { email: 'a@example.com', sms: 'RELANCE' }, other: { email: 'b@example.com' } };
const PURPOSES = {
  ...POLICY.purposes,
  offers: { label: 'Offers', legalBasis: 'soft-opt-in', saleEvents: ['Order Completed'] },
  tools: { label: 'Tools of the trade', legalBasis: 'legitimate-interest' },
  shops: { label: 'Shops', legalBasis: 'legitimate-interest', appliesTo: { attribute: 'shop', equals: true } },
  referral: { label: 'From a friend', legalBasis: 'legitimate-interest', once: true },
};
const RULES = policy({
  purposes: PURPOSES,
  categories: { loyalty: { subjectTo: true, countsToward: true, needsConsent: true } },
});
const BRANDS = policy({
  senders: SENDERS,
  purposes: PURPOSES,
  brands: { acme: { label: 'Acme', senders: ['brand'] }, maison: { label: 'Maison', senders: ['other'] } },
});
const NOW = at('2026-03-03T12:00:00Z');
const YES = { gate: 'consent', passed: true };
const yes = (reason: string): GateRecord => ({ ...YES, gate: 'consent', passed: true, reason });
const no = (reason: string): GateRecord => ({ gate: 'consent', passed: false, reason });

/** What the consent gate says when judging, which must be what the last look says. */
function ask(given: Partial<Message>, known: Partial<JudgeFacts>, rules = RULES): GateRecord {
  const [one, all] = [message(given), facts({ consents: [], ...known })];
  const record = judge(one, all, rules, NOW).gates.find(({ gate }) => gate === 'consent')!;
  const last = permissionRefusal(one, all, rules);
  expect(last?.gate === 'consent' ? last : null).toEqual(record.passed ? null : record);
  return record;
}
const said = (purpose: string, given: Parameters<typeof consent>[0] = {}) => ({
  consents: [consent({ purpose, ...given })],
});
const told = said('offers', { legalBasis: 'soft-opt-in' });
const sale = (purpose = 'offers', brand = '') => ({ past: { sales: [{ purpose, brand }], spent: [] } });

describe('C1: a no refuses and a consent passes whatever the legal basis', () => {
  const purposes = ['newsletter', 'offers', 'account', 'tools', 'referral'];
  test.each(purposes)('%s', (purpose) => {
    const best = { contact: contact({ email: 'info@shop.example' }), ...sale(purpose) };
    for (const state of ['withdrawn', 'refused', 'pending'] as const)
      expect(ask({ purpose, category: 'loyalty' }, { ...best, ...said(purpose, { state }) })).toEqual(no(state));
    for (const legalBasis of ['consent', null] as const)
      expect(ask({ purpose }, said(purpose, { legalBasis }))).toEqual(YES);
    expect(
      ask(
        { purpose },
        { suppressions: [{ channel: '*', address: null, reason: 'objection', at: 0 }], ...said(purpose) },
      ),
    ).toEqual(YES);
  });

  test('what has expired is unknown', () => {
    expect(ask({}, said('newsletter', { state: 'expired' }))).toEqual(no('unknown'));
  });

  test('C3: an objection outranks everything', () => {
    const objected = facts({
      ...said('offers'),
      suppressions: [{ channel: '*', address: null, reason: 'objection', at: 0 }],
    });
    expect(judge(message({ purpose: 'offers' }), objected, RULES, NOW).verdict).toMatchObject({
      kind: 'block',
      gate: 'suppression',
    });
  });
});

describe('L1: consent is consent', () => {
  test('a notice of another legal basis opens no purpose that asks for consent', () => {
    expect(ask({}, said('newsletter', { legalBasis: 'soft-opt-in' }))).toEqual(no('not-consent'));
    expect(ask({}, said('newsletter', { legalBasis: 'legitimate-interest' }))).toEqual(no('not-consent'));
  });

  test('that to mail opens no text', () => {
    expect(ask({ channel: 'sms' }, said('newsletter'))).toEqual(no('unknown'));
  });
});

describe('C3, L2: soft opt-in needs a sale, and the notice', () => {
  test.each([
    ['told and bought', { ...told, ...sale() }, yes('soft-opt-in')],
    ['told, with an account and no sale', told, no('no-sale')],
    ['bought and never told', sale(), no('unknown')],
    ['bought of another product family', { ...told, ...sale('newsletter') }, no('no-sale')],
    ['told of another basis', { ...said('offers', { legalBasis: 'contract' }), ...sale() }, no('not-consent')],
    [
      'said no at the sale',
      { ...said('offers', { state: 'refused', legalBasis: 'soft-opt-in' }), ...sale() },
      no('refused'),
    ],
  ] satisfies [string, Partial<JudgeFacts>, GateRecord][])('%s', (_name, known, record) => {
    expect(ask({ purpose: 'offers' }, known)).toEqual(record);
  });

  test('a customer of one brand is none of another', () => {
    const known = { ...said('offers', { legalBasis: 'soft-opt-in', brand: 'acme' }), ...sale('offers', 'acme') };
    expect(ask({ purpose: 'offers' }, known, BRANDS)).toEqual(yes('soft-opt-in'));
    expect(ask({ purpose: 'offers', sender: 'other' }, known, BRANDS)).toEqual(no('unknown'));
    expect(ask({ purpose: 'offers' }, { ...known, ...sale('offers', 'maison') }, BRANDS)).toEqual(no('no-sale'));
  });
});

describe('L1: a contract carries service, and no advertising', () => {
  test.each([
    ['service of it needs nothing said', { category: 'loyalty' }, {}, yes('contract')],
    ['which may be refused', { category: 'loyalty' }, said('account', { state: 'withdrawn' }), no('withdrawn')],
    ['advertising needs consent', { category: 'marketing' }, {}, no('unknown')],
    [
      'what needs no consent is owed',
      { category: 'transactional', needsConsent: false },
      said('account', { state: 'withdrawn' }),
      yes('not-needed'),
    ],
  ] satisfies [string, Partial<Message>, Partial<JudgeFacts>, GateRecord][])('%s', (_name, given, known, record) => {
    expect(ask({ purpose: 'account', ...given }, known)).toEqual(record);
  });
});

describe('L3: legitimate interest is for who is written to by profession', () => {
  const pro = (email: string, attributes: Record<string, unknown> = { professional: true }) => ({
    contact: contact({ email, attributes }),
  });
  test.each([
    ['a professional', 'tools', pro('zoe@studio.example'), yes('legitimate-interest')],
    ['a consumer', 'tools', pro('zoe@studio.example', {}), no('not-professional')],
    ['a professional’s private mailbox', 'tools', pro('zoe@gmail.com'), no('private-mailbox')],
    ['the mailbox of a function', 'tools', pro('info@shop.example', {}), yes('generic-address')],
    ['a private mailbox that is called so', 'tools', pro('contact@gmail.com', {}), no('not-professional')],
    ['also a professional’s', 'tools', pro('contact@gmail.com'), no('private-mailbox')],
    ['who the policy says', 'shops', pro('zoe@shop.example', { shop: true }), yes('legitimate-interest')],
    ['and nobody else', 'shops', pro('zoe@shop.example'), no('not-professional')],
    [
      'who objected',
      'tools',
      { ...pro('zoe@studio.example'), ...said('tools', { state: 'withdrawn' }) },
      no('withdrawn'),
    ],
  ] satisfies [string, string, Partial<JudgeFacts>, GateRecord][])('%s', (_name, purpose, known, record) => {
    expect(ask({ purpose }, known)).toEqual(record);
  });

  test.each(['info@a.fr', 'Contact@a.fr', 'service.client@a.fr', 'no-reply@a.fr', 'postmaster@a.fr', 'compta+x@a.fr'])(
    '%s is generic',
    (email) => {
      expect(isGenericAddress(email)).toBe(true);
    },
  );
  test.each(['ada@a.fr', 'infos-ada@a.fr', 'ada.info@a.fr'])('%s is not', (email) => {
    expect(isGenericAddress(email)).toBe(false);
  });
  test.each([
    ['a@gmail.com', true],
    ['a@yahoo.co.uk', true],
    ['a@orange.fr', true],
    ['a@orange.com', false],
    ['a@web.de', true],
    ['a@web.example', false],
    ['a@gmail.example.com', true],
    ['a@acme.fr', false],
  ])('%s private: %s', (email, is) => {
    expect(isPrivateMailbox(email)).toBe(is);
  });
});

describe('L23: a friend is written to once', () => {
  const named = said('referral', { legalBasis: 'legitimate-interest' });
  test('needs the entry that names the sponsor, and one message spends it', () => {
    expect(ask({ purpose: 'referral' }, {})).toEqual(no('unknown'));
    expect(ask({ purpose: 'referral' }, named)).toEqual(yes('referral'));
    const spent = { past: { sales: [], spent: [{ purpose: 'referral', messageId: 'another' }] } };
    expect(ask({ purpose: 'referral' }, { ...named, ...spent })).toEqual(no('referral-used'));
    expect(ask({ purpose: 'referral' }, { ...said('referral'), ...spent })).toEqual(YES);
    expect(ask({ id: 'another', purpose: 'referral' }, { ...named, ...spent })).toEqual(yes('referral'));
  });

  test('of several that are due at once one leaves', () => {
    const due = [1, 2, 3].map(() => message({ purpose: 'referral' }));
    const judged = judgeAll(due, facts(named), RULES, NOW);
    expect(judged.map(({ verdict }) => verdict.kind)).toEqual(['send', 'block', 'block']);
    expect(judged[1]!.message).toMatchObject({ gate: 'consent', reason: 'referral-used' });
  });

  test('opens nothing else', () => {
    expect(ask({ purpose: 'newsletter' }, named)).toEqual(no('unknown'));
    expect(ask({ purpose: 'tools' }, named)).toEqual(no('not-professional'));
  });
});

describe('C1: brands', () => {
  test('consent to one is none to another', () => {
    const known = said('newsletter', { brand: 'acme' });
    expect(ask({}, known, BRANDS)).toEqual(YES);
    expect(ask({ sender: 'other' }, known, BRANDS)).toEqual(no('unknown'));
    expect(ask({}, said('newsletter'), BRANDS)).toEqual(no('unknown'));
  });

  test('every sender speaks for exactly one', () => {
    const yaml = `timezone: Europe/Paris
country: FR
senders: { a: { email: a@example.com }, b: { email: b@example.com } }
purposes: { news: { label: News, legalBasis: consent } }
brands:
  acme: { label: Acme, senders: [a, c] }
  maison: { label: Maison, senders: [a] }
`;
    expect(
      parsePolicy(yaml, 'policy.yaml')
        .faults.map(({ path }) => path)
        .toSorted(),
    ).toEqual(['brands.acme.senders.1', 'brands.maison.senders.0', 'senders.b']);
  });
});

describe('T3, L6: French hours of texts cannot be configured away', () => {
  const window = fc.constantFrom(
    'Mon-Sun 00:00-24:00',
    'Mon-Sun 06:00-23:30',
    'Sun 09:00-18:00',
    'Mon-Sun 20:00-08:00',
  );
  const written = fc.record({
    country: fc.constantFrom('FR', 'BE', 'US'),
    timezone: fc.constantFrom('Europe/Paris', 'Pacific/Auckland', 'America/Los_Angeles'),
    quietHours: fc.array(fc.record({ channels: fc.constant(['sms']), allow: window }), { maxLength: 2 }),
    categories: fc.constantFrom({}, { alert: { subjectTo: false, countsToward: false, needsConsent: true } }),
  });
  test('no policy lets a marketing text out on a Sunday, a holiday, or outside 08:00 to 22:00', () =>
    fc.assert(
      fc.property(written, window, fc.integer({ min: 0, max: 366 * 96 }), (rules, own, quarter) => {
        const when = at('2026-01-01T00:00:00Z') + quarter * 15 * 60_000;
        const local = new Date(
          new Date(when).toLocaleString('sv-SE', { timeZone: 'Europe/Paris' }).replace(' ', 'T') + 'Z',
        );
        const [hour, day] = [local.getUTCHours(), local.toISOString().slice(5, 10)];
        const lawful =
          local.getUTCDay() !== 0 &&
          hour >= 8 &&
          hour < 22 &&
          !['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'].includes(day);
        const category = Object.keys(rules.categories)[0] ?? 'marketing';
        const text = message({ channel: 'sms', category, window: own, needsConsent: true });
        if (!lawful) expect(openAt(text, facts(), policy(rules), when)).toBe(false);
      }),
      { numRuns: 300 },
    ));
});
