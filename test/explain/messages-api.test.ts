import { relance } from '../support/relance.ts';
import { START, startExplaining, type Explaining } from './setting.ts';

interface Listed {
  id: string;
  template: string;
  status: string;
  sentence: string;
}

let setting: Explaining;
let messages: Listed[];
beforeAll(async () => {
  setting = await startExplaining();
  const { run } = setting;
  await run.identify('ada', {
    email: 'ada@example.com',
    phone: '+33612345678',
    timezone: 'Europe/Paris',
    country: 'FR',
  });
  for (const channel of ['email', 'sms']) await run.consent('ada', 'granted', channel);
  await run.track('ada', 'News');
  await run.settleInstant();
  await run.runUntil(START + 3_600_000);
  await run.track('ada', 'News');
  await run.settleInstant();
  // Saturday 4 April, 20:30: Monday is Easter Monday.
  await run.runUntil(Date.parse('2026-04-04T18:30:00Z'));
  await run.track('ada', 'Text');
  await run.settleInstant();
  messages = (await setting.get('/api/messages?userId=ada')).body['messages'] as Listed[];
}, 120_000);
afterAll(() => setting?.close());

const of = (status: string): Listed => messages.find((message) => message.status === status)!;
const decision = async (status: string, query = '', headers?: Record<string, string>) =>
  (await setting.get(`/api/messages/${of(status).id}/decision${query}`, headers)).body['explanation'] as Record<
    string,
    unknown
  >;

test('D6: the list of a contact’s messages says of each, in a sentence, where it stands and why', () => {
  expect(messages.map(({ sentence }) => sentence)).toEqual([
    'Waits until Tue 7 Apr 2026 08:00: text messages leave only Monday to Saturday between 08:00 and 20:00 (clock of Europe/Paris); Mon 6 Apr 2026 is a public holiday (Easter Monday). Then it is judged again.',
    'Not sent on Mon 2 Mar 2026 10:00: the rule “mail-gap” leaves 16 hours between two emails, and one was sent already (hello on Mon 2 Mar 2026 09:00). What finds no room under this rule is dropped.',
    'Sent on Mon 2 Mar 2026 09:00.',
  ]);
});

test('D6: one decision, in full: gates in order, rule and policy version, counters, who used the room, the earliest next instant', async () => {
  expect(await decision('blocked')).toMatchObject({
    language: 'en',
    zone: 'Europe/Paris',
    verdict: 'blocked',
    decidedBy: {
      gate: 'pressure',
      reason: 'no-room',
      rule: 'mail-gap',
      policyVersion: 1,
      at: '2026-03-02T09:00:00.000Z',
    },
    gates: ['address', 'suppression', 'consent', 'quiet-hours', 'window', 'pressure'].map((gate) => ({
      gate,
      passed: gate !== 'pressure',
      sentence: expect.any(String),
    })),
    competing: [
      { messageId: of('sent').id, at: '2026-03-02T08:00:00.000Z', channel: 'email', name: 'hello', rule: 'mail-gap' },
    ],
    held: null,
    earliest: '2026-03-03T00:00:00.000Z',
    judgements: [{ verdict: 'block', policyVersion: 1 }],
  });
  expect(await decision('held')).toMatchObject({
    held: { until: '2026-04-07T06:00:00.000Z', since: '2026-04-04T18:30:00.000Z' },
    earliest: '2026-04-07T06:00:00.000Z',
  });
});

test('in French by `lang`, or by what the browser prefers; `lang` is stronger', async () => {
  const french = /^Non envoyé le lun\. 2 mars 2026 à 10:00/;
  expect((await decision('blocked', '?lang=fr'))['sentence']).toMatch(french);
  expect((await decision('blocked', '', { 'accept-language': 'fr-CH, en;q=0.5' }))['sentence']).toMatch(french);
  expect((await decision('blocked', '?lang=en', { 'accept-language': 'fr' }))['sentence']).toMatch(/^Not sent/);
});

test('how a message came back stands with it, also what nobody understands', async () => {
  const { id } = of('sent');
  await setting.service.db.dataSource.query(
    `INSERT INTO message_return (lane, month, message_id, kind, contact_id, mark, at, source, status, reason)
     SELECT lane, month, id, 'unknown', contact_id, '', to_timestamp(${START / 1000}), 'dsn', '5.5.0', 'Computer says no'
     FROM message WHERE id = $1`,
    [id],
  );
  const said = { kind: 'unknown', source: 'dsn', status: '5.5.0', reason: 'Computer says no' };
  const listed = (await setting.get('/api/messages?userId=ada')).body['messages'] as {
    id: string;
    returns: object[];
  }[];
  expect(listed.map(({ returns }) => returns.length)).toEqual([0, 0, 1]);
  expect((await setting.get(`/api/messages/${id}/decision`)).body['returns']).toEqual([
    { ...said, at: '2026-03-02T08:00:00.000Z' },
  ]);
});

test('P7: what used the room is frozen: a decision says the same when the message it names is gone', async () => {
  await setting.service.db.dataSource.query(`DELETE FROM message WHERE id = $1`, [of('sent').id]);
  const { sentence, competing } = await decision('blocked');
  expect(sentence).toContain('one was sent already (email of daily-news on Mon 2 Mar 2026 09:00)');
  expect(competing).toMatchObject([{ messageId: of('sent').id, name: null, scenario: 'daily-news' }]);
});

test('what is not there is a 404, a language nobody speaks a 400 that names it, and nobody asks without an account (S1)', async () => {
  expect(await setting.get('/api/messages/00000000-0000-8000-8000-000000000000/decision')).toMatchObject({
    status: 404,
  });
  expect(await setting.get('/api/messages/nonsense/decision')).toMatchObject({ status: 404 });
  const unknown = await setting.get(`/api/messages/${of('held').id}/decision?lang=de`);
  expect(unknown.status).toBe(400);
  expect(JSON.stringify(unknown.body)).toContain('must be one of en, fr');
  expect(await setting.get('/api/messages?userId=ada', { authorization: '' })).toMatchObject({ status: 401 });
});

test('relance why prints the same', async () => {
  const { db } = setting.service;
  const env = { DATABASE_URL: db.url, SECRET: 'a-secret-of-the-tests-only' };
  const { code, out, error } = await relance(setting.folder, ['why', of('held').id, '--lang', 'fr'], env);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(out.replaceAll('\u00a0', ' ')).toMatch(
    /^sms short, short-text tell, ada, Europe\/Paris\nEn attente jusqu’au mar\. 7 avr\. 2026 à 08:00 : les SMS ne partent que du lundi au samedi/,
  );
}, 60_000);
