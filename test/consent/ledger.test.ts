import fc from 'fast-check';
import { ConsentService } from '../../src/consent/consent.service.ts';
import { holdContacts, shareContacts } from '../../src/consent/contact-lock.store.ts';
import { brokenAt, type ConsentEntry } from '../../src/consent/entry.ts';
import { appendToLedger, ledgerOf } from '../../src/consent/ledger.store.ts';
import { openLedgers } from '../../src/consent/open-ledgers.store.ts';
import { statesOf } from '../../src/consent/sql/append-entries.ts';
import { withConsent, type ConsentState } from '../../src/consent/state.ts';
import { Signal, type Sql, type Statement } from '../../src/database/index.ts';
import { VirtualClock } from '../../src/shared/clock.ts';
import { contactIdOf, laneOf, type Id } from '../../src/shared/ids.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { anyEntry, entry, NOW } from './factories.ts';

let db: TestDatabase;
let consent: ConsentService;
let woken = 0;
const clock = new VirtualClock(NOW);
let people = 0;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 8 });
  const signal = new Signal(db.url);
  signal.onWake(() => (woken += 1));
  consent = new ConsentService(db.database, signal, new Sequence(clock), clock);
});
afterAll(() => db.close());

/** Nobody else's ledger. */
const somebody = (): Id => contactIdOf(`contact-${++people}`);
const say = (contactId: Id, entries: readonly ConsentEntry[], at = clock.now()) =>
  db.database.transaction((sql) => appendToLedger(sql, contactId, entries, at));
const states = async (contactId: Id): Promise<ConsentState[]> =>
  (await db.database.run(statesOf, [[laneOf(contactId)], [contactId]])).map(
    ({ channel, purpose, brand, state, at, legalBasis }) => ({
      channel,
      purpose,
      ...(typeof brand === 'string' && { brand }),
      state,
      at,
      legalBasis,
    }),
  );
const byKey = (known: readonly ConsentState[]): ConsentState[] =>
  known.toSorted((a, b) => (`${a.channel} ${a.purpose} ${a.brand}` < `${b.channel} ${b.purpose} ${b.brand}` ? -1 : 1));
const inboxOf = (contactId: Id): Promise<{ kind: string }[]> =>
  db.database.run(
    { name: 'test-inbox-of', text: 'SELECT kind FROM inbox WHERE contact_id = $1' } as Statement<{ kind: string }>,
    [contactId],
  );
const unsubscribing = {
  channel: 'email',
  purpose: 'newsletter',
  source: { kind: 'one-click', reference: null },
  textVersion: null,
  text: null,
  ip: null,
  userAgent: null,
};

describe('C2: the ledger is append-only', () => {
  test.each([
    ['UPDATE', `UPDATE consent_entry SET action = 'granted'`],
    ['UPDATE that changes nothing', 'UPDATE consent_entry SET action = action'],
    ['DELETE', 'DELETE FROM consent_entry'],
    ['TRUNCATE', 'TRUNCATE consent_entry'],
    ['TRUNCATE with others', 'TRUNCATE consent_state, consent_entry CASCADE'],
    [
      'an entry in the place of another',
      `INSERT INTO consent_entry SELECT * FROM consent_entry ON CONFLICT (lane, contact_id, ordinal) DO UPDATE SET action = 'granted'`,
    ],
  ])('%s is refused', async (_name, statement) => {
    const ada = somebody();
    const appended = await say(ada, [entry({ action: 'withdrawn' })]);
    await expect(db.dataSource.query(statement)).rejects.toThrow('consent_entry is append-only');
    expect(await ledgerOf(db.database, ada)).toEqual(appended);
  });

  test('withdrawing keeps the proof of the grant, word for word', async () => {
    const ada = somebody();
    const grant = entry({ text: 'Oui, écrivez-moi « chaque semaine » \u{1F48C}\n\t"\\' });
    await say(ada, [grant]);
    await consent.withdraw(ada, unsubscribing);
    const [first, second] = await consent.ledger(ada);
    expect(first).toMatchObject(grant);
    expect(second).toMatchObject({ action: 'withdrawn', at: NOW, source: { kind: 'one-click' } });
  });

  test('what is read back is what was written, for anything that can be said and any instant that can be told', async () => {
    const anyInstant = fc.integer({
      min: Date.parse('0000-01-01T00:00:00Z'),
      max: Date.parse('9999-12-31T23:59:59.999Z'),
    });
    const anyTold = fc.array(
      fc.tuple(anyEntry, anyInstant).map(([one, at]) => ({ ...one, at })),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(anyTold, async (entries) => {
        const ada = somebody();
        const appended = await say(ada, entries);
        const ledger = await ledgerOf(db.database, ada);
        expect(ledger).toEqual(appended);
        expect(brokenAt(ledger)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  test('entries of one contact that come at once, from several connections, make one whole chain', async () => {
    const ada = somebody();
    const bundles = Array.from({ length: 24 }, (_, i) =>
      Array.from({ length: 1 + (i % 3) }, (__, j) => entry({ at: NOW - i, textVersion: `${i}.${j}` })),
    );
    await Promise.all(bundles.map((bundle) => say(ada, bundle)));
    const ledger = await ledgerOf(db.database, ada);
    expect(ledger.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 48 }, (_, i) => i + 1));
    expect(brokenAt(ledger)).toBeNull();
    expect(new Set(ledger.map(({ textVersion }) => textVersion))).toEqual(
      new Set(bundles.flat().map(({ textVersion }) => textVersion)),
    );
  });

  test('a call that fails half-way leaves nothing', async () => {
    const ada = somebody();
    const failing = db.database.transaction(async (sql) => {
      await appendToLedger(sql, ada, [entry()], NOW);
      throw new Error('away');
    });
    await expect(failing).rejects.toThrow('away');
    expect([await ledgerOf(db.database, ada), await states(ada)]).toEqual([[], []]);
  });
});

describe('C1: the state is what the ledger says', () => {
  test('after any calls, in any order of instants, it equals the ledger read from its beginning', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyEntry, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        async (calls) => {
          const ada = somebody();
          for (const call of calls) await say(ada, call);
          const told = (await ledgerOf(db.database, ada)).map(
            ({ channel, purpose, brand, action: state, at, legalBasis }) => ({
              channel,
              purpose,
              ...(typeof brand === 'string' && { brand }),
              state,
              at,
              legalBasis,
            }),
          );
          expect(byKey(await states(ada))).toEqual(byKey(told.reduce<ConsentState[]>(withConsent, [])));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a grant that is recorded late does not undo a withdrawal, and is kept as proof', async () => {
    const ada = somebody();
    await say(ada, [entry({ action: 'withdrawn', at: NOW })]);
    await say(ada, [entry({ action: 'granted', at: NOW - 1 })]);
    expect(await states(ada)).toMatchObject([{ state: 'withdrawn', at: NOW }]);
    expect(await ledgerOf(db.database, ada)).toHaveLength(2);
  });

  test('a withdrawal holds also where a clock that runs ahead recorded the grant', async () => {
    const ada = somebody();
    await say(ada, [entry({ at: NOW + 60_000 })], NOW + 60_000);
    expect(await consent.withdraw(ada, unsubscribing)).toBe(true);
    expect(await states(ada)).toMatchObject([{ state: 'withdrawn' }]);
    expect(await consent.withdraw(ada, unsubscribing)).toBe(false);
  });

  test('a word of now, told without its instant, comes after all that is known', async () => {
    const ada = somebody();
    await say(ada, [entry({ at: NOW + 60_000 })], NOW + 60_000);
    await consent.record(ada, [{ ...entry({ action: 'refused' }), at: null }]);
    expect(await states(ada)).toMatchObject([{ state: 'refused', at: NOW + 60_000 }]);
  });
});

describe('C2: ledgers that are opened in bulk', () => {
  const open = (...contactIds: Id[]): Promise<number> =>
    db.database.transaction((sql) =>
      openLedgers(
        sql,
        contactIds.map((contactId) => ({ contactId, entries: [entry({ at: NOW - 9 }), entry({ channel: 'sms' })] })),
        NOW,
      ),
    );

  test('are as if everybody had spoken alone, and can be gone on with', async () => {
    const [ada, grace, alone] = [somebody(), somebody(), somebody()];
    expect(await open(ada, grace)).toBe(4);
    await say(alone, [entry({ at: NOW - 9 }), entry({ channel: 'sms' })]);
    for (const one of [ada, grace]) {
      expect(byKey(await states(one))).toEqual(byKey(await states(alone)));
      await consent.withdraw(one, unsubscribing);
      const ledger = await ledgerOf(db.database, one);
      expect(ledger.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
      expect(brokenAt(ledger)).toBeNull();
    }
  });

  test('leave alone whoever has said something, however often and from wherever they are opened at once', async () => {
    const [ada, grace] = [somebody(), somebody()];
    await consent.withdraw(ada, unsubscribing);
    const written = await Promise.all([open(ada, grace), open(grace, ada), open(ada), open(grace)]);
    expect(written.toSorted()).toEqual([0, 0, 0, 2]);
    expect(await states(ada)).toMatchObject([{ channel: 'email', state: 'withdrawn' }]);
    expect(await ledgerOf(db.database, grace)).toHaveLength(2);
  });
});

describe('C5: withdrawing is idempotent', () => {
  test('many at once leave one entry, and one of them tells that it changed something', async () => {
    const ada = somebody();
    await say(ada, [entry({ at: NOW - 1 })]);
    const changed = await Promise.all(Array.from({ length: 12 }, () => consent.withdraw(ada, unsubscribing)));
    expect(changed.filter(Boolean)).toHaveLength(1);
    expect((await ledgerOf(db.database, ada)).map(({ action }) => action)).toEqual(['granted', 'withdrawn']);
  });

  test('somebody of whom nothing is known can withdraw', async () => {
    const ada = somebody();
    expect(await consent.withdraw(ada, unsubscribing)).toBe(true);
    expect(await states(ada)).toMatchObject([{ state: 'withdrawn', channel: 'email', purpose: 'newsletter' }]);
  });

  test('who consents again can withdraw again', async () => {
    const ada = somebody();
    await consent.withdraw(ada, unsubscribing);
    await say(ada, [entry()]);
    expect(await consent.withdraw(ada, unsubscribing)).toBe(true);
    expect((await ledgerOf(db.database, ada)).map(({ action }) => action)).toEqual([
      'withdrawn',
      'granted',
      'withdrawn',
    ]);
  });
});

describe('the engine is told', () => {
  test('of each change, in the same transaction, by one `consent` item of the inbox and a wake-up', async () => {
    const ada = somebody();
    const before = woken;
    await consent.record(ada, [entry(), entry({ channel: 'sms' })]);
    expect(await inboxOf(ada)).toEqual([{ kind: 'consent' }]);
    expect(woken).toBe(before + 1);
  });

  test('of nothing when nothing changed', async () => {
    const ada = somebody();
    await consent.withdraw(ada, unsubscribing);
    const before = woken;
    await consent.withdraw(ada, unsubscribing);
    expect(await inboxOf(ada)).toHaveLength(1);
    expect(woken).toBe(before);
  });
});

describe('D4: who changes consent and who hands over wait for each other', () => {
  /** Runs `work` in a transaction that stays open until `release` is called. */
  function open(work: (sql: Sql) => Promise<void>): { begun: Promise<void>; release(): Promise<void> } {
    let begin: () => void;
    let end: () => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const released = new Promise<void>((resolve) => (end = resolve));
    const ended = db.database.transaction(async (sql) => {
      await work(sql);
      begin();
      await released;
    });
    return { begun, release: () => (end(), ended) };
  }
  const waiting = async (count: number): Promise<void> => {
    const locks: Statement<{ n: number }> = {
      name: 'test-waiting',
      text: `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    };
    while ((await db.database.run(locks))[0]!.n !== count) await new Promise(setImmediate);
  };

  test('a withdrawal is committed only after the hand-overs to the contact under way have ended', async () => {
    const ada = somebody();
    await say(ada, [entry({ at: NOW - 1 })]);
    const handOver = open((sql) => shareContacts(sql, [somebody(), ada, somebody()]));
    await handOver.begun;
    const withdrawal = consent.withdraw(ada, unsubscribing);
    await waiting(1);
    expect(await states(ada)).toMatchObject([{ state: 'granted' }]);
    await handOver.release();
    expect(await withdrawal).toBe(true);
    expect(await states(ada)).toMatchObject([{ state: 'withdrawn' }]);
  });

  test('a hand-over begins only after a withdrawal under way is committed, and then sees it', async () => {
    const ada = somebody();
    const withdrawal = open(
      async (sql) => void (await appendToLedger(sql, ada, [entry({ action: 'withdrawn' })], NOW)),
    );
    await withdrawal.begun;
    const seen = db.database.transaction(async (sql) => {
      await shareContacts(sql, [ada]);
      return sql.run(statesOf, [[laneOf(ada)], [ada]]);
    });
    await waiting(1);
    await withdrawal.release();
    expect(await seen).toMatchObject([{ state: 'withdrawn' }]);
  });

  test('hand-overs do not wait for each other, nor for other contacts', async () => {
    const [ada, grace] = [somebody(), somebody()];
    const handOver = open((sql) => shareContacts(sql, [ada]));
    const other = open((sql) => holdContacts(sql, [grace]));
    await Promise.all([handOver.begun, other.begun]);
    await db.database.transaction((sql) => shareContacts(sql, [ada]));
    await consent.withdraw(somebody(), unsubscribing);
    await Promise.all([handOver.release(), other.release()]);
  });

  test('many of both, on the same few contacts in any order, never wait for each other in a circle', async () => {
    const few = [somebody(), somebody(), somebody(), somebody()];
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        i % 2 === 0
          ? db.database.transaction((sql) => shareContacts(sql, i % 4 === 0 ? few : few.toReversed()))
          : consent.record(few[i % few.length]!, [entry({ at: NOW - i })]),
      ),
    );
    for (const one of few) expect(brokenAt(await ledgerOf(db.database, one))).toBeNull();
  });
});
