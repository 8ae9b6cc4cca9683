import { changedTest, PublishService } from '../../src/scenarios/index.ts';
import { formatFault } from '../../src/shared/errors.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { POLICY, publishable } from './sources.ts';

/** In the middle of the test, and the first instant after it, in Paris. */
const NOW = Date.parse('2026-12-15T12:00:00Z');
const OVER = Date.parse('2026-12-31T23:00:00Z');

const TWO = '{ rule: weekly, window: { rolling: 7d }, max: 2 }';
const FOUR = '{ rule: weekly, window: { rolling: 7d }, max: 4 }';
const TEST = { id: 'fewer-mails', from: '2026-12-01', until: '2027-01-01', share: '50%', rules: TWO };
const written = ({ id, from, until, share, rules }: typeof TEST): string =>
  `frequencyTest:\n  id: ${id}\n  from: ${from}\n  until: ${until}\n  share: ${share}\n  pressure: [${rules}]\n`;
const policy = (test: Partial<typeof TEST> | null, own = FOUR): { policy: { source: string } } => ({
  policy: { source: `${POLICY}pressure: [${own}]\n${test === null ? '' : written({ ...TEST, ...test })}` },
});

let db: TestDatabase;
let publisher: PublishService;
beforeAll(async () => {
  db = await createTestDatabase();
  publisher = new PublishService(db.database);
  await publisher.apply(publishable({}, policy({})), Date.parse('2026-11-20T12:00:00Z'));
});
afterAll(() => db.close());

const warnings = async (files: object, now = NOW): Promise<string[]> =>
  (await changedTest(db.database, await publisher.plan(publishable({}, files)), now)).map(formatFault);

const INSTEAD = 'let it run until 2027-01-01, or end it with `until` and begin one with another id';
test.each<[string, object, string[]]>([
  ['nothing', policy({}), []],
  ['its end alone', policy({ until: '2027-02-01' }), []],
  [
    'its share',
    policy({ share: '20%' }),
    [
      "policy.yaml:11:10  warning test-changed  the frequency test fewer-mails, which runs since 2026-12-01, moves from 50% to 20% on the variant's side: whoever changes sides is left out of the results (frequencyTest.share) — leave the share at 50%, or end the test with `until` and begin one with another id",
    ],
  ],
  [
    'the rules of the variant',
    policy({ rules: FOUR.replace('4', '3') }),
    [
      `policy.yaml:12:3  warning test-changed  the frequency test fewer-mails, which runs since 2026-12-01, has other rules on the variant side (the variant's rules): its results mix what came of both (frequencyTest.pressure) — ${INSTEAD}`,
    ],
  ],
  [
    'the rules of the policy',
    policy({}, FOUR.replace('4', '5')),
    [
      `policy.yaml:7:1  warning test-changed  the frequency test fewer-mails, which runs since 2026-12-01, has other rules on the base side (the policy's own rules): its results mix what came of both (frequencyTest) — ${INSTEAD}`,
    ],
  ],
  [
    'its beginning',
    policy({ from: '2026-12-10' }),
    [
      'policy.yaml:9:9  warning test-changed  the frequency test fewer-mails, which runs since 2026-12-01, is said to begin on 2026-12-10 now: what was sent before and after it is compared as if the test had run then (frequencyTest.from) — leave `from` at 2026-12-01',
    ],
  ],
  [
    'all of it',
    policy(null),
    [
      "policy.yaml:2:1  warning test-changed  the frequency test fewer-mails, which runs since 2026-12-01, ends with this policy: everybody is judged by the policy's own rules from now on (frequencyTest) — its results stay (relance frequency-test fewer-mails), of the time until now; to keep it, leave it in until 2027-01-01",
    ],
  ],
  [
    'which test it is',
    policy({ id: 'more-mails' }),
    [
      'policy.yaml:8:7  warning test-changed  the frequency test fewer-mails, which runs since 2026-12-01, ends with this policy: everybody is judged by the sides of more-mails from now on (frequencyTest.id) — its results stay (relance frequency-test fewer-mails), of the time until now; to keep it, leave it in until 2027-01-01',
    ],
  ],
])('test-changed: a policy that changes %s of a frequency test that runs', async (_what, files, said) => {
  expect(await warnings(files)).toEqual(said);
});

test('nothing is said of a test that has not begun or is over, and of a plan without a policy', async () => {
  expect(await warnings(policy({ share: '20%' }), Date.parse('2026-11-30T22:59:59.999Z'))).toEqual([]);
  expect(await warnings(policy({ share: '20%' }), OVER)).toEqual([]);
  expect(await warnings({ policy: null })).toEqual([]);
});
