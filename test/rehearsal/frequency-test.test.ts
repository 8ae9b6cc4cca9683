import { rm } from 'node:fs/promises';
import path from 'node:path';
import { judgeAll, sideOf, type Decision, type Side } from '../../src/gate/index.ts';
import type { PolicyForecast } from '../../src/rehearsal/forecast/forecast.ts';
import { Reader } from '../../src/rehearsal/forecast/reader.ts';
import { countSides, sidesOf, sidesSection } from '../../src/rehearsal/forecast/sides.ts';
import { addContact, ContactCounts, emptyTally } from '../../src/rehearsal/forecast/tally.ts';
import { rehearsalPage, rehearsalText, rehearseRequest, runTests } from '../../src/rehearsal/index.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { at, contact, facts, message, policy } from '../gate/factories.ts';
import { ADA, POLICY, scenarioOf, writeFolder } from './people.ts';

const users = (side: Side, count: number): string[] =>
  Array.from({ length: 40 }, (_, index) => `user-${index}`)
    .filter((user) => sideOf({ id: 'one-mail', share: 0.5 }, contactIdOf(user)) === side)
    .slice(0, count);
const [BASE] = users('base', 1) as [string];
const [VARIANT] = users('variant', 1) as [string];

const TESTED = `${POLICY}frequencyTest:
  id: one-mail
  from: 2026-03-01
  until: 2026-04-01
  share: 50%
  pressure:
    - { rule: weekly, scope: { categories: [marketing] }, window: { rolling: 7d }, max: 1, onBlocked: drop }
`;
const person = (user: string): string =>
  `{ userId: ${user}, email: ${user}@example.com, timezone: Europe/Paris, consents: [{ channel: email, purpose: newsletter, action: granted }] }`;
const STEPS = `  hello: { send: { channel: email, template: hello } }
  pause: { wait: 2d }
  again: { send: { channel: email, template: hello } }`;

let folder: string;
beforeAll(async () => {
  folder = await writeFolder({
    'ada.yaml': ADA().replace('userId: ada', `userId: ${VARIANT}`),
    'scenarios/policy.yaml': TESTED,
    'scenarios/trial.yaml': scenarioOf('trial', STEPS),
    'scenarios/trial.test.yaml': `scenario: trial
contacts:
  base: ${person(BASE)}
  variant: ${person(VARIANT)}
tests:
  - name: one gets two mails, the other one
    contacts: [base, variant]
    timeline:
      - { at: 2026-03-02T09:00:00+01:00, contact: base, track: Begun }
      - { at: 2026-03-02T09:00:01+01:00, contact: variant, track: Begun }
    expect:
      messages:
        - { contact: base, at: 2026-03-02T09:00:00+01:00, outcome: sent }
        - { contact: variant, at: 2026-03-02T09:00:01+01:00, outcome: sent }
        - { contact: base, at: 2026-03-04T09:00:00+01:00, outcome: sent }
        - { contact: variant, at: 2026-03-04T09:00:01+01:00, outcome: blocked, gate: pressure, rule: weekly }
  - name: before it begins, both get two
    contacts: [base, variant]
    timeline:
      - { at: 2026-02-02T09:00:00+01:00, contact: base, track: Begun }
      - { at: 2026-02-02T09:00:01+01:00, contact: variant, track: Begun }
    expect:
      messages: [{ outcome: sent }, { outcome: sent }, { outcome: sent }, { outcome: sent }]
`,
    'templates/hello/email.html.hbs': 'Hello <a href="{{links.unsubscribe}}">Unsubscribe</a>',
    'templates/hello/meta.yaml': 'subject: Hello\n',
  });
});
afterAll(() => rm(folder, { recursive: true }));

test('D7: a scenario test plays both sides', async () => {
  const results = await runTests([path.join(folder, 'scenarios')], {
    templatesDir: path.join(folder, 'none'),
    policyFile: undefined,
  });
  expect(results.map(({ name, details }) => [name, details])).toEqual([
    ['one gets two mails, the other one', []],
    ['before it begins, both get two', []],
  ]);
});

test('a rehearsal tells the side at each judgement', async () => {
  const places = { scenariosDir: path.join(folder, 'scenarios'), templatesDir: path.join(folder, 'templates') };
  const request = { scenario: 'trial', contact: path.join(folder, 'ada.yaml'), from: '2026-03-02T09:00:00+01:00' };
  const rehearsal = await rehearseRequest(request, places, null, Date.parse('2026-01-01T00:00:00Z'));
  const text = rehearsalText(rehearsal);
  expect(rehearsalPage(rehearsal).text).toContain('frequency test one-mail: <b>variant</b>');
  expect(text).toContain('pressure: every rule had room (weekly 0 of 1, frequency test one-mail: variant)');
  expect(text).toContain('(weekly 1 of 1, frequency test one-mail: variant)');
});

test('a forecast shows both sides beside each other', () => {
  const version = policy({
    pressure: [{ rule: 'weekly', window: { rolling: '7d' }, max: 2 }],
    frequencyTest: {
      id: 'one-mail',
      from: '2026-03-01',
      until: '2026-04-01',
      share: '50%',
      pressure: [{ rule: 'weekly', window: { rolling: '7d' }, max: 1 }],
    },
  });
  const tally = emptyTally();
  for (const user of [...users('base', 2), ...users('variant', 3)]) {
    const id = contactIdOf(user);
    const now = at('2026-03-10T12:00:00Z');
    const due = [1, 2, 3].map(() => message({ contactId: id, plannedAt: now }));
    const judged = judgeAll(due, facts({ contact: contact({ id }) }), version, now);
    const counts = new ContactCounts();
    countSides(
      counts,
      judged.map((each) => ({ ...each.message, status: each.verdict.kind === 'send' ? 'sent' : each.message.status })),
      new Map(judged.map(({ decision }): [string, Decision[]] => [decision.messageId, [decision]])),
    );
    addContact(tally, counts);
  }
  const reader = new Reader(tally, { observed: 5, population: 5 });
  const frequencyTest = sidesOf(reader);
  expect(frequencyTest).toMatchObject({
    id: 'one-mail',
    base: { contacts: { value: 2, margin: 0 }, outcomes: { sent: { value: 4 }, blocked: { value: 2 } } },
    variant: { contacts: { value: 3 }, outcomes: { sent: { value: 3 }, blocked: { value: 6 } } },
  });
  expect(sidesSection({ frequencyTest } as PolicyForecast)).toEqual([
    'Frequency test one-mail  base  variant',
    'contacts                    2        3',
    'sent                        4        3',
    'blocked                     2        6',
    'sent a contact           2.00     1.00',
  ]);
  expect(sidesOf(new Reader(emptyTally(), { observed: 5, population: 5 }))).toBeNull();
});
