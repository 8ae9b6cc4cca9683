import fc from 'fast-check';
import { applyTraits, newContact, normaliseTraits, sameContact, type Contact } from '../../src/contacts/index.ts';

const one = (trait: string, value: unknown, beside: Record<string, unknown> = {}): unknown => {
  const { traits, faults } = normaliseTraits({ ...beside, [trait]: value });
  return faults.length > 0 ? faults[0]!.code : traits[trait];
};
const FAULT = 'invalid-trait';

test.each<[string, unknown, unknown]>([
  ['email', ' Ada.Lovelace@Example.COM ', 'Ada.Lovelace@example.com'],
  ['email', 'ada@münchen.example', 'ada@xn--mnchen-3ya.example'],
  ['email', 'ada+tag@mail.example.com', 'ada+tag@mail.example.com'],
  ['email', 'ada', FAULT],
  ['email', 'ada@localhost', FAULT],
  ['email', 'ada@@example.com', FAULT],
  ['email', 'Ada <ada@example.com>', FAULT],
  ['email', 'ada@example.com, bob@example.com', FAULT],
  ['email', 'ada@example.com\r\nBcc: bob@example.com', FAULT],
  ['email', '', FAULT],
  ['email', `${'a'.repeat(250)}@example.com`, FAULT],
  ['email', 7, FAULT],
  ['phone', '+33 6 12 34 56 78', '+33612345678'],
  ['phone', '0612345678', FAULT],
  ['phone', '12', FAULT],
  ['phone', '+999 123', FAULT],
  ['phone', 33612345678, FAULT],
  ['firstName', '  Ada ', 'Ada'],
  ['firstName', 'Ada\r\nBcc: x', FAULT],
  ['lastName', 'x'.repeat(201), FAULT],
  ['birthday', '1990-02-28', '1990-02-28'],
  ['birthday', '1992-02-29', '1992-02-29'],
  ['birthday', '1990-02-29', FAULT],
  ['birthday', '1900-02-29', FAULT],
  ['birthday', '--02-29', '--02-29'],
  ['birthday', '--02-30', FAULT],
  ['birthday', '--13-01', FAULT],
  ['birthday', '1990-05-06T23:30', '1990-05-06'],
  ['birthday', '1990-05-06 00:00:00', '1990-05-06'],
  ['birthday', '1990-05-06T00:00:00.000Z', '1990-05-06'],
  ['birthday', 641_952_000, '1990-05-06'],
  // Another instant is the day of the contact's clock, which only the contact knows.
  ['birthday', '1990-05-06T22:00:00+00:00', '1990-05-06T22:00:00.000Z'],
  ['birthday', 1990, FAULT],
  ['birthday', 19_900_506, FAULT],
  ['birthday', '1990-02-31T00:00:00.000Z', FAULT],
  ['birthday', '1990-05-06Tmorning', FAULT],
  ['birthday', '--05-06T00:00:00Z', FAULT],
  ['birthday', '06/05/1990', FAULT],
  ['birthday', '1990-00-10', FAULT],
  ['locale', 'fr_fr', 'fr-FR'],
  ['locale', 'zh-hant-tw', 'zh-Hant-TW'],
  ['locale', 'français', FAULT],
  ['timezone', 'europe/paris', 'Europe/Paris'],
  ['timezone', 'Asia/Kolkata', 'Asia/Kolkata'],
  ['timezone', 'asia/kolkata', 'Asia/Kolkata'],
  ['timezone', 'utc', 'UTC'],
  ['timezone', '+02:00', FAULT],
  ['timezone', 'Europe/Atlantis', FAULT],
  ['country', 'fr', 'FR'],
  ['country', 'UK', FAULT],
  ['country', 'France', FAULT],
  ['country', 'EU', FAULT],
  ['country', 'ZZ', FAULT],
  ['createdAt', '2026-03-01T09:00:00+01:00', '2026-03-01T08:00:00.000Z'],
  ['createdAt', '2026-03-01', '2026-03-01'],
  ['createdAt', '2026-02-31', FAULT],
  ['createdAt', '2026-02-31T08:00:00Z', FAULT],
  ['createdAt', '--03-01', FAULT],
  ['createdAt', 1_772_352_000, '2026-03-01T08:00:00.000Z'],
  ['createdAt', 1_772_352_000_000, '2026-03-01T08:00:00.000Z'],
  ['createdAt', '1772352000', '2026-03-01T08:00:00.000Z'],
  ['createdAt', 'last week', FAULT],
  ['createdAt', 1e300, FAULT],
])('%s %j is stored as %j', (trait, value, expected) => {
  expect(one(trait, value)).toBe(expected);
});

test('a phone number without country code is read with the country beside it', () => {
  expect(one('phone', '06 12 34 56 78', { country: 'fr' })).toBe('+33612345678');
  expect(one('phone', '(415) 555-2671', { country: 'US' })).toBe('+14155552671');
});

test('every fault is told, with its trait as path; null and other traits pass', () => {
  const { traits, faults } = normaliseTraits({ email: 'x', country: 'x', phone: null, plan: 'pro', age: 7 });
  expect(faults.map((fault) => fault.path)).toEqual(['email', 'country']);
  expect(traits).toEqual({ phone: null, plan: 'pro', age: 7 });
});

test('normalising twice changes nothing more', () => {
  const raw = fc.record({
    email: fc.emailAddress(),
    birthday: fc
      .date({ min: new Date('1900-01-01'), max: new Date('2020-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    createdAt: fc.integer({ min: 10 ** 8, max: 4 * 10 ** 12 }),
    locale: fc.constantFrom('fr_FR', 'EN-us', 'pt'),
    timezone: fc.constantFrom(...Intl.supportedValuesOf('timeZone').map((zone) => zone.toUpperCase())),
    other: fc.jsonValue(),
  });
  fc.assert(
    fc.property(raw, (traits) => {
      const once = normaliseTraits(traits);
      expect(once.faults.filter((fault) => fault.path !== 'email')).toEqual([]);
      expect(normaliseTraits(once.traits)).toEqual({ traits: once.traits, faults: [] });
    }),
  );
});

describe('applying traits', () => {
  const ada: Contact = {
    ...newContact('id', 'ada', 5),
    email: 'ada@example.com',
    attributes: { plan: 'pro', tags: ['a', { b: 1 }] },
  };

  test('reserved traits go to fields, others to attributes, null removes, the rest stays', () => {
    const next = applyTraits(
      ada,
      {
        email: null,
        firstName: 'Ada',
        plan: null,
        city: 'London',
        createdAt: '1970-01-01T00:00:00.007Z',
      },
      'UTC',
    );
    expect(next).toEqual({
      ...ada,
      email: null,
      firstName: 'Ada',
      createdAt: 7,
      attributes: { tags: ['a', { b: 1 }], city: 'London' },
    });
    expect(ada.attributes).toHaveProperty('plan');
  });

  test.each([
    ['birthday', '1990-05-06T22:30:00.000Z', 'Europe/Paris', null, '1990-05-07'],
    ['birthday', '1990-05-06T22:30:00.000Z', 'America/New_York', null, '1990-05-06'],
    ['birthday', '1990-05-06T22:30:00.000Z', null, 'JP', '1990-05-07'],
    ['birthday', '1990-05-06T22:30:00.000Z', null, null, '1990-05-06'],
    ['createdAt', '2026-03-01', 'America/New_York', null, Date.parse('2026-03-01T05:00:00Z')],
    ['createdAt', '2026-03-01T08:00', 'Europe/Paris', null, Date.parse('2026-03-01T07:00:00Z')],
    ['createdAt', '2026-03-01', null, null, Date.parse('2026-03-01T00:00:00Z')],
  ])('T9: %s %s is by the clock of the contact, %s or %s', (trait, value, timezone, country, expected) => {
    const next = applyTraits(newContact('id', 'ada', 5), { timezone, country, [trait]: value }, 'UTC');
    expect(next).toHaveProperty(trait, expected);
    const later = applyTraits({ ...newContact('id', 'ada', 5), timezone, country }, { [trait]: value }, 'UTC');
    expect(later).toHaveProperty(trait, expected);
  });

  test('what says nothing new gives the same contact back', () => {
    expect(
      applyTraits(
        ada,
        { email: 'ada@example.com', tags: ['a', { b: 1 }], phone: null, none: null, createdAt: null },
        'UTC',
      ),
    ).toBe(ada);
    expect(applyTraits(ada, {}, 'UTC')).toBe(ada);
  });

  test('keys that would reach prototypes are attributes like any other', () => {
    const next = applyTraits(
      ada,
      JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}') as Record<string, unknown>,
      'UTC',
    );
    expect(Object.keys(next.attributes)).toEqual(['plan', 'tags', '__proto__', 'constructor']);
    expect((next.attributes as { admin?: boolean }).admin).toBeUndefined();
  });

  test('two contacts are the same whatever the order of their attributes', () => {
    expect(sameContact(ada, { ...ada, attributes: { tags: ['a', { b: 1 }], plan: 'pro' } })).toBe(true);
    expect(sameContact(ada, { ...ada, attributes: { plan: 'pro', tags: ['a', { b: 2 }] } })).toBe(false);
    expect(sameContact(ada, { ...ada, attributes: { plan: 'pro', other: undefined } })).toBe(false);
    expect(sameContact(ada, { ...ada, email: null })).toBe(false);
  });
});
