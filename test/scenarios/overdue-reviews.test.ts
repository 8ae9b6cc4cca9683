import { overdueReviews, PublishService } from '../../src/scenarios/index.ts';
import { formatFault } from '../../src/shared/errors.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { faultsOf, file } from './files.ts';
import { publishable } from './sources.ts';

const PUBLISHED = Date.parse('2026-01-31T12:00:00Z');
/** Three calendar months later, on the last day of April; noon in Paris is an hour earlier by then. */
const DUE = Date.parse('2026-04-30T11:00:00Z');
const STEPS = 'steps: { pause: { wait: 1d } }';
const REVIEWED = `review: 3mo\n${STEPS}`;

let db: TestDatabase;
let publisher: PublishService;
beforeAll(async () => {
  db = await createTestDatabase();
  publisher = new PublishService(db.database);
  await publisher.apply(publishable({ old: REVIEWED, plain: STEPS, day: `review: 2026-02-01\n${STEPS}` }), PUBLISHED);
});
afterAll(() => db.close());

const warnings = async (files: Record<string, string>, now: number, complete = true): Promise<string[]> => {
  const plan = await publisher.plan(publishable(files, { complete }));
  return (await overdueReviews(db.database, plan, now)).map(formatFault);
};
const FILES = { old: REVIEWED, plain: STEPS, day: `review: 2026-02-01\n${STEPS}` };
const WARNING =
  'scenarios/old.yaml:8:9  warning review-overdue  the review of old was due on 2026-04-30, 3mo after it was published on 2026-01-31 (review) — see whom it reaches and whether its aim still holds, then write when to look again, and publish it';

test('a span is counted from the publication, in calendar months of the company’s zone, to the instant', async () => {
  expect(await warnings(FILES, DUE - 1)).toEqual([]);
  expect(await warnings(FILES, DUE)).toEqual([WARNING]);
});

test('whether its file is changed, or not among the files at all, it is told; retired by them, it is not', async () => {
  expect(await warnings({ ...FILES, old: `${REVIEWED}\nholdout: 5%` }, DUE)).toEqual([WARNING]);
  expect(await warnings({ plain: STEPS }, DUE, false)).toEqual([WARNING]);
  expect(await warnings({ plain: STEPS }, DUE)).toEqual([]);
});

test('a publication begins the span anew; a template or the policy does not', async () => {
  const later = { ...FILES, plain: `${STEPS}\nholdout: 5%` };
  await publisher.apply(publishable(later), DUE);
  expect(await warnings(later, DUE)).toEqual([WARNING]);
  const looked = { ...later, old: `${REVIEWED}\nholdout: 5%` };
  await publisher.apply(publishable(looked), DUE);
  expect(await warnings(looked, DUE + 89 * 86_400_000)).toEqual([]);
  expect(await warnings(looked, DUE + 92 * 86_400_000)).toHaveLength(1);
});

test.each([
  [
    'soon',
    'wrong-duration "soon": not a duration — write one unit, such as 10m, 4h, 3d, 2w, 6mo or 1y, or ISO 8601, such as P1DT2H',
  ],
  ['2026-02-30', 'wrong-value "2026-02-30": not a date: write year, month and day, such as 2026-03-01'],
])('a review that is neither a span nor a day is a fault: %s', (review, said) => {
  expect(faultsOf(file('  a: { wait: 1d }', `trigger: { event: X }\nreview: ${review}\n`))).toEqual([`8:9 ${said}`]);
});
