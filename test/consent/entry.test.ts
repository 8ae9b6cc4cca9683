import fc from 'fast-check';
import { brokenAt, chain, entryHash, type LedgerEntry } from '../../src/consent/entry.ts';
import { CONSENT_ACTIONS, LEGAL_BASES } from '../../src/consent/state.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { anyEntry, entry, NOW } from './factories.ts';

const ada = contactIdOf('ada');

/** Every field of a row, and how somebody might tamper with it. */
const TAMPERING: Record<string, (entry: LedgerEntry) => LedgerEntry> = {
  contactId: (one) => ({ ...one, contactId: contactIdOf('grace') }),
  ordinal: (one) => ({ ...one, ordinal: one.ordinal + 1 }),
  recordedAt: (one) => ({ ...one, recordedAt: one.recordedAt + 1 }),
  previousHash: (one) => ({ ...one, previousHash: `${one.previousHash}0` }),
  hash: (one) => ({ ...one, hash: one.hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }),
  channel: (one) => ({ ...one, channel: one.channel === 'sms' ? 'email' : 'sms' }),
  purpose: (one) => ({ ...one, purpose: `${one.purpose}s` }),
  action: (one) => ({ ...one, action: CONSENT_ACTIONS.find((action) => action !== one.action)! }),
  at: (one) => ({ ...one, at: one.at - 1 }),
  legalBasis: (one) => ({ ...one, legalBasis: LEGAL_BASES.find((basis) => basis !== one.legalBasis)! }),
  'source.kind': (one) => ({ ...one, source: { ...one.source, kind: `${one.source.kind}x` } }),
  'source.reference': (one) => ({ ...one, source: { ...one.source, reference: other(one.source.reference) } }),
  textVersion: (one) => ({ ...one, textVersion: other(one.textVersion) }),
  text: (one) => ({ ...one, text: other(one.text) }),
  ip: (one) => ({ ...one, ip: other(one.ip) }),
  userAgent: (one) => ({ ...one, userAgent: other(one.userAgent) }),
};

/** Nothing and an empty text are different things to have been told. */
const other = (text: string | null): string | null => (text === null ? '' : text === '' ? null : `${text} `);

const anyChain = (minLength: number) =>
  fc
    .array(anyEntry, { minLength, maxLength: 8 })
    .map((entries) => chain(ada, null, entries, NOW))
    .chain((entries) => fc.tuple(fc.constant(entries), fc.nat({ max: entries.length - 1 })));

describe('C2: entries are chained by hash', () => {
  test('a chain counts from 1 and holds each entry to the one before it', () => {
    const [first, second] = chain(ada, null, [entry(), entry({ action: 'withdrawn' })], NOW + 1);
    expect(first).toMatchObject({ contactId: ada, ordinal: 1, recordedAt: NOW + 1, previousHash: '' });
    expect(second).toMatchObject({ ordinal: 2, previousHash: first!.hash, action: 'withdrawn' });
    expect(first!.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('it goes on behind what is there: appended at once or one by one, the chain is the same', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 8 }), (entries) => {
        const oneByOne: LedgerEntry[] = [];
        for (const one of entries) oneByOne.push(...chain(ada, oneByOne.at(-1) ?? null, [one], NOW));
        expect(oneByOne).toEqual(chain(ada, null, entries, NOW));
        expect(brokenAt(oneByOne)).toBeNull();
      }),
    );
  });

  test('the hash of an entry never changes with the program: ledgers outlive it', () => {
    const [first] = chain(ada, null, [entry()], NOW);
    expect(first!.hash).toBe('d044376633e1aa9a46aea8dea22a8cf8de357250d8e4c7826596d85a641d79da');
  });

  test('the order in which a row names its fields does not matter', () => {
    const [first] = chain(ada, null, [entry()], NOW);
    const { hash, ...unsigned } = first!;
    expect(entryHash(Object.fromEntries(Object.entries(unsigned).reverse()) as typeof unsigned)).toBe(hash);
  });

  test('a contact that has said nothing has a whole chain', () => {
    expect(brokenAt([])).toBeNull();
  });
});

describe('C2: tampering is named by the first entry that is not what was written', () => {
  test('every field is covered', () => {
    const [{ source, ...rest }] = chain(ada, null, [entry()], NOW) as [LedgerEntry];
    const fields = [...Object.keys(rest), ...Object.keys(source).map((field) => `source.${field}`)];
    expect(Object.keys(TAMPERING).toSorted()).toEqual(fields.toSorted());
  });

  test.each(Object.entries(TAMPERING))('a changed %s', (_field, tamper) => {
    fc.assert(
      fc.property(anyChain(1), ([entries, at]) => {
        const tampered = entries.with(at, tamper(entries[at]!));
        expect(brokenAt(tampered)).toBe(at + 1);
      }),
      { numRuns: 30 },
    );
  });

  test('a changed entry whose hash was made anew breaks the one behind it', () => {
    fc.assert(
      fc.property(anyChain(2), ([entries, at]) => {
        fc.pre(at < entries.length - 1);
        const { hash: _, ...unsigned } = TAMPERING['at']!(entries[at]!);
        expect(brokenAt(entries.with(at, { ...unsigned, hash: entryHash(unsigned) }))).toBe(at + 2);
      }),
    );
  });

  test('a removed entry, the last one excepted: nothing stands behind it', () => {
    fc.assert(
      fc.property(anyChain(2), ([entries, at]) => {
        fc.pre(at < entries.length - 1);
        expect(brokenAt(entries.toSpliced(at, 1))).toBe(at + 1);
      }),
    );
  });

  test('two entries that changed places, also when they were given each other’s number', () => {
    fc.assert(
      fc.property(anyChain(2), fc.nat(), fc.boolean(), ([entries, one], step, renumbered) => {
        const two = (one + 1 + (step % (entries.length - 1))) % entries.length;
        const [first, second] = [entries[one]!, entries[two]!];
        const at = (moved: LedgerEntry, { ordinal }: LedgerEntry): LedgerEntry =>
          renumbered ? { ...moved, ordinal } : moved;
        const swapped = entries.with(one, at(second, first)).with(two, at(first, second));
        expect(brokenAt(swapped)).toBe(Math.min(one, two) + 1);
      }),
    );
  });

  test('an entry that was put in, and the chain of somebody else', () => {
    const entries = chain(ada, null, [entry(), entry({ action: 'withdrawn' })], NOW);
    expect(brokenAt([entries[0]!, entries[0]!, entries[1]!])).toBe(2);
    const [stranger] = chain(contactIdOf('grace'), null, [entry()], NOW);
    expect(brokenAt([stranger!, entries[1]!])).toBe(2);
  });
});
