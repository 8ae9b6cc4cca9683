import { rm } from 'node:fs/promises';
import path from 'node:path';
import { rehearsalText, rehearseRequest, runTests, type TestResult } from '../../src/rehearsal/index.ts';
import { ADA, PLACES, POLICY, scenarioOf, writeFolder } from './people.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const STEPS = `  hello: { send: { channel: email, template: hello } }
  reads:
    waitFor: { event: Email Link Clicked, where: { all: [{ property: template, equals: hello }, { property: machine, equals: false }] } }
    timeout: 3d
    onEvent: opened
    onTimeout: opened
  opened:
    choose:
      - { when: { message: { template: hello }, is: opened }, next: reader }
      - { when: { message: { template: hello }, is: clicked }, next: clicker }
      - otherwise: end
  reader: { set: { told: "opened {{event.url}}" }, next: end }
  clicker: { set: { told: clicked } }`;
const FILES = {
  'scenarios/policy.yaml': POLICY,
  'scenarios/trial.yaml': scenarioOf('trial', STEPS),
  'templates/hello/email.html.hbs': 'Hello <a href="{{links.unsubscribe}}">Unsubscribe</a>',
  'templates/hello/meta.yaml': 'subject: Hello\n',
};
const ALLOWS = '{ channel: email, purpose: open-tracking, action: granted }';
const HEAD = `scenario: trial
contacts:
  ada: { userId: ada, email: ada@example.com, timezone: Europe/Paris, consents: [{ channel: email, purpose: newsletter, action: granted }] }
  bob: { userId: bob, email: bob@example.com, timezone: Europe/Paris, consents: [{ channel: email, purpose: newsletter, action: granted }, ${ALLOWS}] }
tests:
`;

const test1 = (contact: string, lines: string[], attributes: string): string => `  - name: it goes as written
    contact: ${contact}
    timeline:
      - { at: 2026-03-02T09:00:00+01:00, track: Begun }
${lines.map((line) => `      - ${line}\n`).join('')}    expect: { messages: [{ outcome: sent }], attributes: ${attributes} }
`;

async function run(tests: string, more: Record<string, string> = {}): Promise<TestResult[]> {
  const folder = await writeFolder({ ...FILES, 'scenarios/trial.test.yaml': HEAD + tests, ...more });
  folders.push(folder);
  return runTests([path.join(folder, 'scenarios')], { templatesDir: path.join(folder, 'none') });
}

const CLICK = '{ at: 2026-03-02T10:00:00+01:00, click: hello }';
const OPEN = '{ at: 2026-03-02T09:30:00+01:00, open: hello }';

describe('clicks and opens in a timeline', () => {
  test.each([
    ['a click ends a wait and answers conditions', 'ada', [CLICK], '{ told: clicked }'],
    ['C7: an opening without consent is nothing', 'ada', [OPEN, CLICK], '{ told: clicked }'],
    ['C7: with consent it is known', 'bob', [OPEN], '{ told: "opened " }'],
    [
      'a click has the url that is written',
      'bob',
      [OPEN, '{ at: 2026-03-03T10:00:00+01:00, click: hello, url: https://example.com/shop }'],
      '{ told: "opened https://example.com/shop" }',
    ],
    [
      'C7: a mail that left before the consent has no pixel',
      'ada',
      [`{ at: 2026-03-02T09:10:00+01:00, consent: ${ALLOWS} }`, OPEN, CLICK],
      '{ told: clicked }',
    ],
    [
      'C7: what is known of openings is unknown after the withdrawal',
      'bob',
      [OPEN, `{ at: 2026-03-02T09:40:00+01:00, consent: ${ALLOWS.replace('granted', 'withdrawn')} }`, CLICK],
      '{ told: clicked }',
    ],
    [
      'a mail of the same instant has been sent by then',
      'ada',
      ['{ at: 2026-03-02T09:00:00+01:00, click: hello }'],
      '{ told: clicked }',
    ],
  ])('%s', async (_rule, contact, lines, attributes) => {
    expect(await run(test1(contact, lines, attributes))).toMatchObject([{ passed: true, details: [] }]);
  });

  test.each([
    [
      'a template of which nothing was sent',
      CLICK.replace('hello', 'helo'),
      /:10:\d+ {2}error no-such-mail {2}no mail of the template `helo`.*by then.*write one of hello/,
    ],
    ['a mail that comes later', '{ at: 2026-03-02T08:00:00+01:00, open: hello }', /:10:\d+ .*nothing was/],
    ['a url of an opening', OPEN.replace('hello', 'hello, url: https://example.com'), /is for a `click` line/],
    ['a url that is none', CLICK.replace('hello', 'hello, url: shop'), /url/],
  ])('%s is told with its line', async (_what, line, fault) => {
    const [result] = await run(test1('ada', [line], '{}'));
    expect(result).toMatchObject({ passed: false });
    expect(result!.details.join('\n')).toMatch(fault);
  });

  test('a rehearsal plays them from its timeline, and says what may not be known', async () => {
    const folder = await writeFolder({
      ...FILES,
      'ada.yaml': ADA(`timeline:\n  - ${OPEN}\n  - ${CLICK}\n`),
      'late.yaml': ADA(`timeline:\n  - ${CLICK.replace('hello', 'other')}\n`),
    });
    folders.push(folder);
    const play = (contact: string): Promise<string> =>
      rehearseRequest(
        {
          scenario: path.join(folder, 'scenarios/trial.yaml'),
          contact: path.join(folder, contact),
          from: '2026-03-02T09:00',
        },
        PLACES,
        null,
        0,
      ).then(rehearsalText);
    const text = await play('ada.yaml');
    expect(text).toMatch(/open +hello: not known, without consent to open-tracking/);
    expect(text).toMatch(/event +Email Link Clicked .*template/);
    expect(text).toContain('told: clicked');
    await expect(play('late.yaml')).rejects.toMatchObject({ faults: [{ code: 'no-such-mail' }] });
  });
});
