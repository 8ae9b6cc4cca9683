import fc from 'fast-check';
import { compileCondition, type Condition, type Facts } from '../../src/audience/index.ts';
import { contactZone } from '../../src/calendar/index.ts';
import { takeCensus } from '../../src/census/index.ts';
import { snapshot } from '../../src/database/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { policy } from '../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { store } from './people.ts';
import { condition, instant, person, POLICY_ZONE, type Person } from './random-audience.ts';

/** Conditions asked; more for a long run on one's own machine. */
const RUNS = Number(process.env['RUNS'] ?? 300);
/** Conditions asked of the same people. */
const TOGETHER = 20;
const PEOPLE = 20;

const POLICY = policy({
  timezone: POLICY_ZONE,
  // Mails of a sender that the policy has no more are of no brand.
  senders: { ours: { email: 'a@example.com' }, theirs: { email: 'b@example.com' } },
  brands: { ours: { label: 'Ours', senders: ['ours'] }, theirs: { label: 'Theirs', senders: ['theirs'] } },
  audiences: {
    buyers: { event: 'Bought', count: { gte: 2 }, within: '1mo' },
    quiet: { not: { any: [{ audience: 'buyers' }, { attribute: 'p', exists: true }] } },
    spelt: { attribute: 'q', matches: '^\\p{L}' },
  },
});

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());

/** In three lanes, each with a user id, by which it is listed. */
const population = instant.chain((now) =>
  fc.record({
    now: fc.constant(now),
    people: fc.array(person(now), { minLength: PEOPLE, maxLength: PEOPLE }).map((some) =>
      some.map(({ contact, ...rest }, index): Person => {
        const id = `${['00', '11', '3f'][index % 3]}000000-0000-8000-8000-${String(index).padStart(12, '0')}`;
        return { ...rest, contact: { ...contact, id, userId: `user ${index}` } };
      }),
    ),
  }),
);

test('a condition holds in SQL of just those of whom it holds in memory, whatever it asks and whatever is known', async () => {
  await fc.assert(
    fc.asyncProperty(
      population,
      fc.array(condition, { minLength: TOGETHER, maxLength: TOGETHER }),
      async ({ now, people }, conditions) => {
        await store(db.database, people);
        const facts = people.map(({ contact, events, messages, consents }): Facts => ({
          now,
          contact,
          zone: contactZone(contact, POLICY_ZONE),
          history: events,
          messages,
          consents,
          audiences: POLICY.compiled.audiences,
          brandOf: POLICY.compiled.brandOf,
        }));
        await snapshot(db.database, async (sql) => {
          for (const asked of conditions) {
            const inMemory = membersOf(asked, facts);
            const limits = { clock: systemClock, longest: 60_000, most: PEOPLE };
            const inSql = await takeCensus(sql, asked, POLICY, now, limits).catch((error: unknown) => {
              throw new Error(`${JSON.stringify(asked)}: ${String(error)}`);
            });
            expect({ asked, count: inSql.count, of: inSql.of, members: inSql.sample.toSorted() }).toEqual({
              asked,
              count: inMemory.length,
              of: PEOPLE,
              members: inMemory.toSorted(),
            });
          }
        });
      },
    ),
    { numRuns: Math.ceil(RUNS / TOGETHER) },
  );
});

function membersOf(asked: Condition, facts: readonly Facts[]): string[] {
  const holds = compileCondition(asked);
  return facts.filter(holds).map(({ contact }) => contact.userId!);
}
