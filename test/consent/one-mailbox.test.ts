import fc from 'fast-check';
import { erasedAmong, rememberErasedTraces, suppressDead, suppressionsOfArriving } from '../../src/consent/index.ts';
import { normaliseTraits } from '../../src/contacts/index.ts';
import { CanonicalAddresses1793491226000 } from '../../src/database/migrations/0026-canonical-addresses.ts';
import { addressesOf } from '../../src/engine/address.ts';
import { contactIdOf, laneOf, type Id } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const NOW = Date.parse('2026-03-02T08:00:00Z');
const MAILBOX = 'gone@example.net';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** How a mailbox can be written so that it is taken; full-width letters, capitals, dots and quotes. */
const spellings = fc
  .tuple(
    fc.array(fc.constantFrom('plain', 'upper', 'wide'), { minLength: 16, maxLength: 16 }),
    fc.constantFrom('', '.'),
    fc.constantFrom('.', '．', '。'),
    fc.boolean(),
    fc.constantFrom('', ' ', '\u200b', '\ufeff'),
  )
  .map(([styles, end, dot, quoted, around]) => {
    const spell = (text: string): string =>
      Array.from(text)
        .map((letter, index) => {
          if (styles[index] === 'upper') return letter.toUpperCase();
          return styles[index] === 'wide' ? String.fromCodePoint(letter.codePointAt(0)! + 0xfee0) : letter;
        })
        .join('');
    const local = quoted ? `"${spell('gone')}"` : spell('gone');
    return `${around}${local}@${spell('example')}${dot}${spell('net')}${end}${around}`;
  });

test('C5a: no spelling of a mailbox that is taken escapes its suppression, its erasure or its shared pressure', async () => {
  const someone = contactIdOf('somebody');
  await db.database.transaction(async (sql) => {
    await suppressDead(sql, [{ channel: 'email', address: MAILBOX, reason: 'hard-bounce' }], NOW);
    await rememberErasedTraces(sql, [{ kind: 'email', value: MAILBOX }], NOW);
  });
  const [shared] = addressesOf({ email: MAILBOX, phone: null });
  await fc.assert(
    fc.asyncProperty(spellings, async (written) => {
      const email = normaliseTraits({ email: written }).traits['email'] as string;
      const arriving = [{ contactId: someone, channel: 'email' as const, address: email }];
      const found = await suppressionsOfArriving(db.database, arriving);
      expect(found.get(someone)).toMatchObject([{ reason: 'hard-bounce' }]);
      const erased = await erasedAmong(db.database, [{ contactId: someone, kind: 'email', value: email }]);
      expect([...erased]).toEqual([someone]);
      expect(addressesOf({ email, phone: null })).toEqual([shared]);
    }),
    { numRuns: 60 },
  );
});

test('C5a: what the migration finds in another spelling is brought to its own, with what stands against it', async () => {
  const OLD = {
    soft: ['soft@exam\u00adple.net', 'soft@example.net'],
    dot: ['dot@example.net.', 'dot@example.net'],
    wide: ['ｗｉｄｅ@example.net', 'wide@example.net'],
    idn: ['idn@münchen.de', 'idn@xn--mnchen-3ya.de'],
    plain: ['Plain@example.net', 'Plain@example.net'],
    lost: ['lo st@example.net'.replace(' ', '\u3000'), null],
  } as const;
  const ids = Object.fromEntries(Object.keys(OLD).map((user) => [user, contactIdOf(user)])) as Record<
    keyof typeof OLD,
    Id
  >;
  const { dataSource } = db;
  for (const [user, [email]] of Object.entries(OLD)) {
    const id = contactIdOf(user);
    await dataSource.query(
      'INSERT INTO contact (lane, id, user_id, email, created_at) VALUES ($1, $2, $3, $4, now())',
      [laneOf(id), id, user, email],
    );
  }
  await dataSource.query(
    `INSERT INTO suppressed_address (channel, hash, reason, at)
     SELECT 'email', encode(sha256(convert_to(salt || ':email:' || lower($1), 'UTF8')), 'hex'), 'complaint', now() FROM erasure_salt`,
    [OLD.idn[0]],
  );
  await db.database.transaction((sql) => rememberErasedTraces(sql, [{ kind: 'email', value: OLD.soft[1] }], NOW));

  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  await new CanonicalAddresses1793491226000().up(runner);
  await runner.commitTransaction();
  await runner.release();

  for (const [user, [, email]] of Object.entries(OLD)) {
    const id = contactIdOf(user);
    expect(await dataSource.query('SELECT email FROM contact WHERE lane = $1 AND id = $2', [laneOf(id), id])).toEqual([
      { email },
    ]);
  }
  const stands = await suppressionsOfArriving(db.database, [
    { contactId: ids.idn, channel: 'email', address: OLD.idn[1] },
  ]);
  expect(stands.get(ids.idn)).toMatchObject([{ reason: 'complaint' }]);
  expect(await dataSource.query('SELECT contact_id AS id, reason FROM suppression')).toEqual([
    { id: ids.soft, reason: 'erased' },
  ]);
  const [address] = addressesOf({ email: OLD.dot[1], phone: null });
  expect(await dataSource.query('SELECT lane, holders FROM address WHERE id = $1', [address!.id])).toEqual([
    { lane: laneOf(address!.id), holders: [ids.dot] },
  ]);
});
