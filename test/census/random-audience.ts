import fc from 'fast-check';
import type { Condition, PastEvent, PastMessage } from '../../src/audience/index.ts';
import { contactZone, parseDuration, subtractDuration } from '../../src/calendar/index.ts';
import type { ConsentState } from '../../src/consent/index.ts';
import type { Contact } from '../../src/contacts/index.ts';
import { NOTHING_CAME_BACK } from '../../src/engine/index.ts';
import { formatInstant, type Instant } from '../../src/shared/clock.ts';

/** A contact with all its past, as both sides are told of it. */
export interface Person {
  contact: Contact;
  events: PastEvent[];
  messages: PastMessage[];
  consents: ConsentState[];
}

export const POLICY_ZONE = 'Europe/Paris';
const DAY = 86_400_000;

/** Clocks that change by an hour, by half of one, at midnight, by a whole day, and never. */
const timezone = fc.constantFrom(
  null,
  null,
  'Europe/Paris',
  'America/New_York',
  'America/Havana',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'UTC',
  'Nowhere/Land',
);
const country = fc.constantFrom(null, 'FR', 'US', 'WS', '');

/** Around month ends, leap days, clock changes, and the day that Samoa left out. */
export const instant: fc.Arbitrary<Instant> = fc
  .tuple(
    fc.constantFrom(
      '2018-02-18T02:00:00Z',
      '2018-03-11T06:59:59Z',
      '2018-03-25T01:00:00Z',
      '2018-11-04T04:59:59Z',
      '2018-03-31T12:00:00Z',
      '2024-02-29T12:00:00Z',
      '2024-03-01T00:00:00Z',
      '2011-12-30T10:00:00Z',
      '2012-01-31T22:59:59.999Z',
    ),
    fc.constantFrom(-1, 0, 1, 500, -3_600_000, 7_200_000, DAY / 2, -DAY),
  )
  .map(([text, off]) => Date.parse(text) + off);

const TEXTS = [
  '',
  'a',
  'ab',
  'b',
  'A',
  'é',
  'e\u0301',
  '5',
  '10',
  '9',
  'true',
  'null',
  '😀',
  '😀a',
  'a😀',
  '\ue000',
  '\uffff',
  '\ud7ff',
  '\\',
  "'",
  '%',
  '_',
  '"',
  '$1',
];
const BROKEN = ['\0', 'a\0', '\ud83d', 'a\ud83d', '\ude00a'];
const NUMBERS = [
  1_521_940_000, 1_521_940_000_000, 1_521_939_600.5, 20_180_325, 1990, -1_521_940_000, 99_999_999, 4_000_000_001, 0, -0,
  1, 5, 5.5, -3, 0.1, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 9007199254740992,
];
const MOMENTS = [
  '2018-02-18',
  '2018-03-11',
  '2018-03-31',
  '2011-12-29',
  '2011-12-30',
  '2011-12-31',
  '2024-02-29',
  '2024-03-01',
  '2023-02-29',
  '2024-02-30',
  '2024-13-01',
  '0000-01-01',
  '9999-12-31',
  '--02-29',
  '2018-03-25T01:00:00Z',
  '2018-03-25T03:00:00+02:00',
  '2018-03-25T03:00+02:00',
  '2018-03-25T03:00:00+0200',
  '2018-03-25t01:00:00z',
  '2018-03-25T01:00:00.5Z',
  '2018-03-25T01:00:00.0009Z',
  '2018-02-30T00:00:00Z',
  '2018-03-25T24:00:00Z',
  '2018-03-25T23:59:60Z',
  '2024-02-29T12:00:00Z',
  '0000-06-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-12:00',
  '2018-03-25T01:00:00+23:00',
  ' 2018-03-25',
  '2018-03-25 ',
  '2018-03-25\n',
  '2018-03-25T01:00',
  '2018-03-25 02:30:00',
  '2018-03-25 00:00:00+00',
  '2018-02-30 00:00:00',
  '2018-03-25T24:00',
  '1521940000',
  '1521940000000',
  '20180325',
  '1990',
];

const moment = fc.oneof(
  fc.constantFrom(...MOMENTS),
  instant.map(formatInstant),
  instant.map((at) => formatInstant(at).slice(0, 10)),
);
/** So often that what is asked and what is known are mostly equal, or begin or end alike. */
const hot = fc.constantFrom<(string | number | boolean)[]>(
  'a',
  'ab',
  'a😀',
  '5',
  5,
  5.5,
  true,
  '2018-03-25',
  '2018-03-25T01:00:00Z',
);
const plain = fc.oneof(
  { weight: 4, arbitrary: hot },
  { weight: 1, arbitrary: fc.constantFrom<(string | number | boolean)[]>(...TEXTS) },
  { weight: 1, arbitrary: fc.constantFrom<(string | number | boolean)[]>(...NUMBERS) },
  { weight: 2, arbitrary: moment },
);
const atom = fc.oneof({ weight: 8, arbitrary: plain }, { weight: 1, arbitrary: fc.constant(null) });
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: atom },
  { weight: 1, arbitrary: fc.array(fc.oneof(atom, fc.array(atom, { maxLength: 2 })), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('a', '0', '-1', 'length'), atom, { maxKeys: 3 }) },
  { weight: 1, arbitrary: fc.record({ a: fc.record({ b: atom, '1': fc.array(atom, { maxLength: 2 }) }) }) },
  // Lists of things, and of lists of things, some of which lack what is asked for.
  {
    weight: 2,
    arbitrary: fc.array(fc.oneof(fc.record({ a: atom }), fc.record({ a: fc.record({ b: atom }) }), atom), {
      maxLength: 3,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.array(fc.record({ a: fc.array(fc.oneof(atom, fc.record({ b: atom })), { maxLength: 2 }) }), {
      maxLength: 2,
    }),
  },
);
/** As it is once stored: what JSON does not know is gone. */
const values = fc
  .tuple(
    value,
    fc.dictionary(fc.constantFrom('q', '0', 'constructor', '__proto__', 'é', 'createdAt'), value, { maxKeys: 4 }),
  )
  .map(([p, others]) => JSON.parse(JSON.stringify(Object.assign(others, { p }))) as Record<string, unknown>);

const path = fc.constantFrom(
  'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'q', '0', 'é', 'p.a', 'p.0', 'p.00', 'p.1', 'p.-1', 'p.length', 'p.a.b', 'p.a.1.0', 'q.0.0', 'p. 0', 'p.+0',
  'p[]', 'p[]', 'p[]', 'q[]', 'p[][]', 'p[].a', 'p[].a.b', 'p[].1', 'p.a[]', 'p.a[].b', 'p.0[]', 'p[].a[].b', 'p[].a[][]', 'é[].a', 'p\0[]', '__proto__[]',
  'p.99999999999', 'constructor', '__proto__', '__proto__.a', 'toString', 'p.constructor', 'p\0', 'p\ud83d',
); // prettier-ignore
const field = fc.constantFrom(
  'email',
  'firstName',
  'birthday',
  'locale',
  'timezone',
  'country',
  'createdAt',
  'createdAt',
  'createdAt.a',
  'id',
);
const attribute = fc.oneof({ weight: 4, arbitrary: path }, { weight: 1, arbitrary: field });

const scalar = fc.oneof({ weight: 8, arbitrary: plain }, { weight: 1, arbitrary: fc.constantFrom(...BROKEN) });
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS, '2018', 'Z', '-') },
  { weight: 1, arbitrary: fc.constantFrom(...BROKEN) },
);
const order = fc.oneof(
  { weight: 4, arbitrary: hot.filter((of) => typeof of !== 'boolean') },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: moment },
  { weight: 1, arbitrary: fc.constantFrom(...NUMBERS, 4.9) },
);
const list = fc.array(scalar, { minLength: 1, maxLength: 4 });
const pattern = fc.constantFrom('^a', 'b$', '^\\p{L}+$', '.', '^.$', '😀', '\\d', '^$');

const comparison = fc.oneof<fc.Arbitrary<Record<string, unknown>>[]>(
  fc.record({ equals: scalar }),
  fc.record({ not: scalar }),
  fc.record({ in: list }),
  fc.record({ notIn: list }),
  fc.record({ contains: scalar }),
  fc.record({ startsWith: text }),
  fc.record({ endsWith: text }),
  fc.record({ matches: pattern }),
  fc.record({ gt: order }),
  fc.record({ gte: order }),
  fc.record({ lt: order }),
  fc.record({ lte: order }),
  fc.record({ gte: order, lt: order }),
  fc.record({ before: moment }),
  fc.record({ after: moment }),
  fc.record({ exists: fc.boolean() }),
  fc.record({ startsWith: text, matches: pattern, not: scalar }),
  fc.record({ equals: fc.constant({ entry: 'p' }) }),
  fc.record({ notIn: fc.constant({ entry: 'p[]' }), exists: fc.boolean() }),
);
const number = fc.oneof(
  fc.integer({ min: -40, max: 40 }),
  fc.constantFrom(0.5, -2.5, 0, 1, 4_000_000, -4_000_000, 1e300),
);
const days = fc.oneof<fc.Arbitrary<Record<string, unknown>>[]>(
  fc.record({ equals: fc.integer({ min: -3, max: 40 }) }),
  fc.record({ gt: number }),
  fc.record({ gte: number }),
  fc.record({ lt: number }),
  fc.record({ lte: number }),
  fc.record({ gt: number, lte: number }),
  fc.record({ exists: fc.boolean() }),
);
const few = fc.integer({ min: 0, max: 3 });
const count = fc.oneof<fc.Arbitrary<Record<string, number>>[]>(
  fc.record({ equals: few }),
  fc.record({ gt: few }),
  fc.record({ gte: few }),
  fc.record({ lt: few }),
  fc.record({ lte: few }),
  fc.record({ gte: few, lt: few }),
);

export const EVENTS = ['Bought', 'Säw 😀', 'Bought\0'];
const TEMPLATES = ['hello', 'bye'];
const CHANNELS = ['email', 'sms'];
const PURPOSES = ['newsletter', 'open-tracking'];
export const WITHIN = ['1h', '13h', '1d', '3d', '30d', '1mo', '2mo', '1y', 'P1M2DT3H', 'PT0S', '-1d', '900y'];
const STATES = ['granted', 'withdrawn', 'refused', 'pending', 'unknown'] as const;
/** Of the policy, and one that it has not. */
const AUDIENCES = ['buyers', 'quiet', 'spelt', 'nobody'];

const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

/** The whole language: every leaf with every operator, and every nesting, `where` of `where` included. */
export const condition = fc.letrec<{ tree: Condition; leaf: Condition; simple: Condition }>((tie) => ({
  simple: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(attribute, comparison).map(([name, rest]) => ({ attribute: name, ...rest }) as Condition),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(path, comparison).map(([name, rest]) => ({ property: name, ...rest }) as Condition),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(attribute, days).map(([name, rest]) => ({ daysSince: name, ...rest }) as Condition),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        consent: fc.record({ channel: fc.constantFrom(...CHANNELS), purpose: fc.constantFrom(...PURPOSES, 'a\0') }),
        is: fc.constantFrom(...STATES),
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({
          message: fc.record({
            template: maybe(fc.constantFrom(...TEMPLATES)),
            scenario: maybe(fc.constantFrom('welcome', 'a\0')),
            channel: maybe(fc.constantFrom(...CHANNELS)),
          }),
          is: fc.constantFrom('sent', 'delivered', 'opened', 'clicked', 'bounced'),
          within: maybe(fc.constantFrom(...WITHIN)),
        })
        .map((leaf) => leaf as Condition),
    },
    { weight: 1, arbitrary: fc.record({ audience: fc.constantFrom(...AUDIENCES) }) },
  ),
  leaf: fc.oneof(
    { weight: 3, arbitrary: tie('simple') },
    {
      weight: 2,
      arbitrary: fc
        .record({
          event: fc.constantFrom(...EVENTS),
          within: maybe(fc.constantFrom(...WITHIN)),
          count: maybe(count),
          where: maybe(fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('simple'), tie('tree'))),
        })
        .map((leaf) => leaf as Condition),
    },
  ),
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 5, arbitrary: tie('leaf') },
    { weight: 1, arbitrary: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })) },
    { weight: 1, arbitrary: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })) },
    { weight: 1, arbitrary: tie('tree').map((not) => ({ not })) },
  ),
})).tree;

/** Somebody at `now`; much of the past lies at the very edge of some `within`. */
export const person = (
  now: Instant,
): fc.Arbitrary<Omit<Person, 'contact'> & { contact: Omit<Contact, 'id' | 'userId'> }> =>
  fc.record({ timezone, country }).chain((place) => {
    const zone = contactZone(place, POLICY_ZONE);
    const edge = fc
      .tuple(fc.constantFrom(...WITHIN), fc.constantFrom(-1, 0, 1))
      .map(([length, off]) => subtractDuration(now, parseDuration(length)!, zone) + off);
    const then = fc.oneof(edge, fc.constantFrom(now, now + 1, now - 1), instant);
    const once = fc.option(then, { nil: null });
    const trait = fc.option(fc.constantFrom(...TEXTS, 'fr', 'FR'), { nil: null });
    return fc.record({
      contact: fc.record({
        email: trait,
        phone: fc.constant(null),
        firstName: trait,
        lastName: trait,
        birthday: fc.option(fc.constantFrom('1990-02-28', '1992-02-29', '--02-29', '2018-03-11'), { nil: null }),
        locale: trait,
        timezone: fc.constant(place.timezone),
        country: fc.constant(place.country),
        createdAt: fc.oneof(
          then,
          fc.constantFrom(Date.parse('9999-12-31T23:59:59-12:00'), Date.parse('0001-06-01T00:00:00Z')),
        ),
        attributes: values,
      }),
      events: fc.array(
        fc.record({ name: fc.constantFrom('Bought', 'Säw 😀'), at: then, properties: values }).map((event) => ({
          ...event,
          receivedAt: now,
          seq: 0,
          historical: false,
          active: true,
        })),
        { maxLength: 5 },
      ),
      messages: fc.array(
        fc
          .record({
            template: fc.constantFrom(...TEMPLATES),
            scenarioId: fc.constantFrom('welcome', 'birthday'),
            channel: fc.constantFrom(...CHANNELS),
            sender: fc.constantFrom('ours', 'theirs', 'gone'),
            sentAt: then,
            deliveredAt: once,
            bouncedAt: once,
            openedAt: once,
            clickedAt: once,
          })
          .map((message) => ({ ...NOTHING_CAME_BACK, ...message })),
        { maxLength: 3 },
      ),
      consents: fc.uniqueArray(
        fc.record({
          channel: fc.constantFrom(...CHANNELS),
          purpose: fc.constantFrom(...PURPOSES),
          brand: fc.constantFrom(null, 'ours', 'theirs'),
          state: fc.constantFrom('granted', 'withdrawn', 'refused', 'pending', 'expired'),
          at: fc.constant(0),
          legalBasis: fc.constant(null),
        }),
        { selector: ({ channel, purpose, brand }) => `${channel} ${purpose} ${brand}`, maxLength: 4 },
      ),
    });
  });
