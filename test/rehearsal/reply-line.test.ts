import { rm } from 'node:fs/promises';
import path from 'node:path';
import { runTests, type TestResult } from '../../src/rehearsal/index.ts';
import { writeFolder } from './people.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const POLICY = `timezone: Europe/Paris
country: FR
senders: { brand: { sms: BRAND, stop: "36111" }, club: { sms: CLUB, stop: "36222" } }
purposes:
  newsletter: { label: Newsletter, legalBasis: consent }
  account: { label: Account, legalBasis: contract }
`;
const scenario = (id: string, sender: string, more = ''): string => `scenario: ${id}
programme: trial
name: Trial
category: marketing
purpose: newsletter
sender: ${sender}
trigger: { event: Begun }
reentry: always
priority: ${{ alert: 90, club: 80 }[id] ?? 70}
steps:
  hello: { send: { channel: sms, template: hello${more} } }
`;
const FILES = {
  'scenarios/policy.yaml': POLICY,
  'scenarios/trial.yaml': scenario('trial', 'brand'),
  'scenarios/club.yaml': scenario('club', 'club'),
  'scenarios/alert.yaml': scenario('alert', 'brand', ', category: service, purpose: account'),
  'scenarios/heard.yaml': `scenario: heard
programme: trial
name: Heard
category: marketing
purpose: newsletter
sender: brand
trigger: { event: SMS Unsubscribed, where: { property: sender, equals: brand } }
steps:
  note: { set: { said: "{{event.text}}" } }
`,
  'templates/hello/sms.txt.hbs': 'Hello. STOP {{sender.stop}}',
  'templates/hello/meta.yaml': '',
};
const YES = '{ channel: sms, purpose: newsletter, action: granted }';
const HEAD = `scenario: trial
with: [club, alert, heard]
contacts:
  ada: { userId: ada, phone: "+33639980001", timezone: Europe/Paris, consents: [${YES}] }
  bob: { userId: bob, phone: "+33639980001", timezone: Europe/Paris, consents: [${YES}] }
  eve: { userId: eve, timezone: Europe/Paris }
tests:
`;

async function run(tests: string): Promise<TestResult[]> {
  const folder = await writeFolder({ ...FILES, 'scenarios/trial.test.yaml': HEAD + tests });
  folders.push(folder);
  return runTests([path.join(folder, 'scenarios')], { templatesDir: path.join(folder, 'none') });
}
const begun = (time: string, contact = 'ada'): string =>
  `{ at: 2026-03-02T${time}:00+01:00, contact: ${contact}, track: Begun }`;
const reply = (time: string, text: string, more = ', to: brand'): string =>
  `{ at: 2026-03-02T${time}:00+01:00, contact: ada, reply: "${text}"${more} }`;
const sent = (scenarioId: string, more = ''): string => `{ scenario: ${scenarioId}, outcome: sent${more} }`;
const stopped = (id: string, more = ''): string =>
  `{ scenario: ${id}, outcome: blocked, gate: suppression, reason: stop${more} }`;
const said = (time: string, action: string, more = ''): string =>
  `{ at: 2026-03-02T${time}:00+01:00, contact: ada, consent: { channel: sms, purpose: newsletter, action: ${action}${more} } }`;
const closed = (id: string): string =>
  `{ scenario: ${id}, outcome: blocked, gate: consent, reason: withdrawn-at-address }`;
const test1 = (lines: string[], messages: string[], more = ''): string => `  - name: it goes as written
    contacts: [ada, bob]
    timeline:
${lines.map((line) => `      - ${line}\n`).join('')}    expect:
      messages:
${messages.map((line) => `        - ${line}\n`).join('')}${more}`;

test.each([
  [
    'C6, L5: a STOP holds back the sender written to, and no alert, nor another sender',
    [reply('09:00', 'Stop SVP'), begun('10:00')],
    [sent('alert'), sent('club'), stopped('trial')],
  ],
  [
    'C6: it holds for everybody with the number, and for whoever gets it later (D7)',
    [reply('09:00', 'arrêt'), begun('10:00', 'bob')],
    [sent('alert'), sent('club'), stopped('trial')],
  ],
  [
    'C6: a START takes it back',
    [reply('09:00', 'STOP'), reply('09:30', 'START'), begun('10:00')],
    [sent('alert'), sent('club'), sent('trial')],
  ],
  [
    'C5a: a withdrawal by a message closes the number to whoever has it, until somebody with it consents again',
    [said('09:00', 'withdrawn', ', source: { kind: one-click }'), begun('10:00', 'bob')],
    [sent('alert'), closed('club'), closed('trial')],
  ],
  [
    'C5a: one with the number consents again, and it is open to who had consented',
    [said('09:00', 'withdrawn', ', source: { kind: one-click }'), said('09:30', 'granted'), begun('10:00', 'bob')],
    [sent('alert'), sent('club'), sent('trial')],
  ],
  [
    'C5a: what a backend tells of a contact is about that contact',
    [said('09:00', 'withdrawn'), begun('10:00', 'bob')],
    [sent('alert'), sent('club'), sent('trial')],
  ],
  [
    'without `to` it is to the sender of the latest text; what is no STOP changes nothing',
    [reply('09:00', "Please don't stop"), begun('10:00')],
    [sent('alert'), sent('club'), sent('trial')],
  ],
])('%s', async (_name, lines, messages) => {
  const [result] = await run(test1(lines, messages));
  expect(result).toMatchObject({ details: [], passed: true });
});

test('scenarios hear of it', async () => {
  const [result] = await run(
    test1([reply('09:00', 'stop')], [], '      attributes: { ada: { said: stop }, bob: { said: stop } }\n').replace(
      'messages:\n',
      'messages: []\n',
    ),
  );
  expect(result).toMatchObject({ details: [], passed: true });
});

test('who has no number, and a sender that does not text, are faults', async () => {
  const at = '{ at: 2026-03-02T09:00:00+01:00,';
  const one = (line: string, contact: string): string => `  - name: it goes as written
    contact: ${contact}
    timeline: [${line}]
    expect: {}
`;
  const faultsOf = async (tests: string): Promise<string> =>
    run(tests).then(
      ([result]) => JSON.stringify(result),
      (error: unknown) => JSON.stringify(error),
    );
  expect(await faultsOf(one(`${at} reply: STOP, to: brand }`, 'eve'))).toMatch(/no-number|no phone/);
  expect(await faultsOf(one(`${at} reply: STOP, to: nobody }`, 'ada'))).toMatch(/unknown-sender|no sender called/);
});
