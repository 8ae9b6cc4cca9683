import { createHmac } from 'node:crypto';
import { loadSuppressions } from '../../../src/engine/index.ts';
import { contactIdOf, laneOf } from '../../../src/shared/ids.ts';
import { addMessages, addPeople, person, readyFor } from '../../dispatch/setting.ts';
import { startWithProgramme, type ConsentTestService } from '../../consent/programme.ts';
import { ADMIN, basic, startService, type TestService } from '../../support/service.ts';
import { HARD, mailgunCall } from './mailgun-call.ts';
import { effects, markSent } from './setting.ts';

const TOPIC = 'arn:aws:sns:eu-west-3:123456789012:returns';
const PUBLIC = 'https://relance.example.com';

let service: ConsentTestService;
beforeAll(async () => {
  service = await startWithProgramme(['api', 'engine'], {
    publicUrl: PUBLIC,
    sms: { url: 'http://127.0.0.1:1/', token: 'sms-token', timeoutMs: 1_000 },
    webhooks: {
      sesTopics: [TOPIC],
      mailgunKey: 'mailgun-key',
      postmark: { user: 'postmark', password: 'secret' },
      twilioToken: 'twilio-token',
    },
  });
}, 120_000);
afterAll(() => service?.close());

/** Each has a number of its own: what stands against one holds for whoever has it. */
const phones = new Map<string, string>();
async function sentTo(userId: string, fields = {}) {
  const phone = `+3361234${5000 + phones.size}`;
  phones.set(userId, phone);
  await addPeople(service.db.database, [person(userId, { phone })]);
  const mail = readyFor(userId, fields);
  await addMessages(service.db.database, [mail]);
  await markSent(service.db.database, mail);
  return mail;
}
const suppressionsOf = async (userId: string): Promise<{ reason: string }[]> => {
  const contactId = contactIdOf(userId);
  const rows = await service.db.database.run(loadSuppressions, [[laneOf(contactId)], [contactId]]);
  return rows.map(({ reason }) => ({ reason }));
};
const call = (route: string, body: unknown, headers = {}): Promise<Response> =>
  service.post(`/webhooks/${route}`, body, { authorization: undefined, ...headers });

describe('Mailgun', () => {
  test('L21: a permanent failure suppresses once; again, and late, it changes nothing', async () => {
    const mail = await sentTo('gun');
    const body = mailgunCall(mail.id, { ...HARD, recipient: 'gun@example.com' });
    expect((await call('email/mailgun', body)).status).toBe(200);
    const again = mailgunCall(mail.id, { ...HARD, recipient: 'gun@example.com' });
    expect((await call('email/mailgun', again)).status).toBe(200);
    expect(await suppressionsOf('gun')).toEqual([{ reason: 'hard-bounce' }]);
  });

  test('a token is taken once, whatever is written under it, and by whichever process', async () => {
    const [mail, other] = [await sentTo('gun-once'), await sentTo('gun-copied')];
    const signed = mailgunCall(mail.id, { event: 'opened' });
    const forged = { ...mailgunCall(other.id, HARD), signature: signed.signature };
    const statuses = async (bodies: object[]): Promise<number[]> =>
      (await Promise.all(bodies.map((body) => call('email/mailgun', body)))).map(({ status }) => status).sort();
    expect(await statuses([signed])).toEqual([200]);
    expect(await statuses([forged, signed])).toEqual([406, 406]);
    expect(await suppressionsOf('gun-copied')).toEqual([]);
    const hard = mailgunCall(mail.id, { ...HARD, recipient: 'gun-once@example.com' });
    // At the same instant too: no two of them get past each other.
    expect(await statuses([hard, hard, hard, hard])).toEqual([200, 406, 406, 406]);
    expect(await suppressionsOf('gun-once')).toEqual([{ reason: 'hard-bounce' }]);
  });

  test('a call that could not be settled may come again under its token', async () => {
    const mail = await sentTo('gun-later');
    const body = mailgunCall(mail.id, { ...HARD, recipient: 'gun-later@example.com' });
    const { database } = service.db;
    const rename = (from: string, to: string): Promise<unknown> =>
      database.run({ name: `test-rename-${to}`, text: `ALTER TABLE ${from} RENAME TO ${to}` });
    await rename('message_return', 'message_return_away');
    expect((await call('email/mailgun', body)).status).toBeGreaterThanOrEqual(500);
    await rename('message_return_away', 'message_return');
    expect((await call('email/mailgun', body)).status).toBe(200);
    expect(await suppressionsOf('gun-later')).toEqual([{ reason: 'hard-bounce' }]);
  });

  test.each<[string, (id: string) => object]>([
    ['another key', (id) => mailgunCall(id, HARD, { key: 'another' })],
    ['a signature of yesterday', (id) => mailgunCall(id, HARD, { at: Date.now() - 86_400_000 })],
    ['a signature of tomorrow', (id) => mailgunCall(id, HARD, { at: Date.now() + 86_400_000 })],
  ])('%s is refused, and nothing is changed', async (_name, make) => {
    const mail = await sentTo('gun-forged');
    const response = await call('email/mailgun', make(mail.id));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ type: 'urn:relance:problem:wrong-signature' });
    expect(await suppressionsOf('gun-forged')).toEqual([]);
  });
});

describe('Postmark', () => {
  const authorization = `Basic ${Buffer.from('postmark:secret').toString('base64')}`;
  const spam = (id: string) => ({
    RecordType: 'SpamComplaint',
    Email: 'mark@example.com',
    Metadata: { 'relance-message': id },
  });

  test('L21: a complaint suppresses and withdraws', async () => {
    const mail = await sentTo('mark');
    expect((await call('email/postmark', spam(mail.id), { authorization })).status).toBe(200);
    expect(await suppressionsOf('mark')).toEqual([{ reason: 'complaint' }]);
    expect((await service.ledger('mark')).at(-1)).toMatchObject({ action: 'withdrawn', source: { kind: 'complaint' } });
  });

  test('wrong or missing credentials are refused', async () => {
    const mail = await sentTo('mark-forged');
    for (const wrong of [undefined, 'Basic x', `Basic ${Buffer.from('postmark:wrong').toString('base64')}`])
      expect((await call('email/postmark', spam(mail.id), { authorization: wrong })).status).toBe(401);
    expect(await suppressionsOf('mark-forged')).toEqual([]);
  });

  test.each([
    ['HardBounce', 'hard-bounce'],
    ['SpamNotification', undefined],
    ['AutoResponder', undefined],
    ['Transient', undefined],
  ])('a bounce of the type %s: %s', async (Type, reason) => {
    const userId = `mark-${Type}`;
    const mail = await sentTo(userId);
    const body = {
      RecordType: 'Bounce',
      Type,
      Email: `${userId}@example.com`,
      Metadata: { 'relance-message': mail.id },
    };
    await call('email/postmark', body, { authorization });
    expect((await suppressionsOf(userId)).map((row) => row.reason)).toEqual(reason === undefined ? [] : [reason]);
  });
});

describe('Twilio', () => {
  const signed = (
    path: string,
    fields: Record<string, string>,
    token = 'twilio-token',
    base = PUBLIC,
  ): Promise<Response> => {
    const text = Object.keys(fields)
      .sort()
      .reduce((all, name) => all + name + fields[name], `${base}/webhooks/${path}`);
    return call(path, new URLSearchParams(fields).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': createHmac('sha1', token).update(text).digest('base64'),
    });
  };

  test('a status callback is signed over address and form; delivered, then undelivered', async () => {
    const text = await sentTo('twilio', { channel: 'sms', template: 'text-a' });
    const path = `sms/twilio?message=${text.id}`;
    expect((await signed(path, { MessageSid: 'SM1', MessageStatus: 'delivered' })).status).toBe(200);
    expect(
      (
        await signed(path, {
          MessageSid: 'SM1',
          MessageStatus: 'undelivered',
          ErrorCode: '30005',
          To: phones.get('twilio')!,
        })
      ).status,
    ).toBe(200);
    expect(await suppressionsOf('twilio')).toEqual([{ reason: 'hard-bounce' }]);
    expect((await signed(path, { MessageSid: 'SM1', MessageStatus: 'sent' })).status).toBe(200);
  });

  test('signed over the address with its port or without, as Twilio does both; over another address it is refused', async () => {
    const { protocol, hostname, port } = new URL(PUBLIC);
    const usual = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
    const told = (base: string): Promise<Response> =>
      signed('sms/twilio', { MessageSid: 'SM3', MessageStatus: 'sent' }, undefined, base);
    expect((await told(`${protocol}//${hostname}:${usual}`)).status).toBe(200);
    expect((await told(`${protocol}//${hostname}`)).status).toBe(200);
    expect((await told(`${protocol}//${hostname}:8443`)).status).toBe(403);
    expect((await told('https://other.example.com')).status).toBe(403);
  });

  test('another token is refused', async () => {
    const response = await signed('sms/twilio', { MessageSid: 'SM2', MessageStatus: 'failed' }, 'another');
    expect(response.status).toBe(403);
    expect(((await response.json()) as { detail: string }).detail).toContain('PUBLIC_URL');
  });
});

describe('texts of people', () => {
  const twilio = async (
    fields: Record<string, string>,
    token = 'twilio-token',
  ): Promise<{ status: number; type: string | null; body: string }> => {
    const path = 'sms/twilio';
    const text = Object.keys(fields)
      .sort()
      .reduce((all, name) => all + name + fields[name], `${PUBLIC}/webhooks/${path}`);
    const response = await call(path, new URLSearchParams(fields).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': createHmac('sha1', token).update(text).digest('base64'),
    });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };
  const texted = (From: string, Body: string, more = {}) => ({
    MessageSid: `SM-${From}-${Body}`,
    SmsStatus: 'received',
    From,
    To: '+33700000000',
    Body,
    ...more,
  });
  const NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';

  test('C6: a STOP that Twilio passes on, signed, is answered with TwiML; the same again changes nothing', async () => {
    await sentTo('texter');
    const stop = texted(phones.get('texter')!, 'Stop SVP');
    for (let time = 0; time < 2; time++) {
      const { status, type, body } = await twilio(stop);
      expect([status, type, body]).toEqual([200, 'text/xml; charset=utf-8', NOTHING]);
      expect(await suppressionsOf('texter')).toEqual([{ reason: 'stop' }]);
    }
    expect((await service.ledger('texter')).at(-1)).toMatchObject({ action: 'withdrawn', text: 'Stop SVP' });
  });

  test('C6: with a wrong signature it is refused, and changes nothing', async () => {
    await sentTo('forged-texter');
    const { status } = await twilio(texted(phones.get('forged-texter')!, 'STOP'), 'another');
    expect(status).toBe(403);
    expect(await suppressionsOf('forged-texter')).toEqual([]);
  });

  test('C6: what Advanced Opt-Out took it for counts', async () => {
    await sentTo('opted');
    const from = phones.get('opted')!;
    await twilio(texted(from, 'BASTA', { OptOutType: 'STOP' }));
    expect(await suppressionsOf('opted')).toEqual([{ reason: 'stop' }]);
    await twilio(texted(from, 'YES', { OptOutType: 'START' }));
    expect(await suppressionsOf('opted')).toEqual([]);
    expect((await twilio(texted(from, 'x', { OptOutType: 'MAYBE' }))).status).toBe(400);
  });

  test('C6: through any gateway, with its token; an unknown number is no error', async () => {
    await sentTo('gated');
    const authorization = 'Bearer sms-token';
    const from = phones.get('gated')!;
    const calls = [
      { id: 'g1', from, to: '36111', text: 'arrêt' },
      { id: 'g2', from: '+33699999999', to: '36111', text: 'STOP' },
    ];
    expect((await call('sms/gateway', calls)).status).toBe(401);
    expect(await suppressionsOf('gated')).toEqual([]);
    const response = await call('sms/gateway', calls, { authorization });
    expect([response.status, await response.json()]).toEqual([200, { taken: 2 }]);
    expect(await suppressionsOf('gated')).toEqual([{ reason: 'stop' }]);
    const wrong = await call('sms/gateway', [{ id: 'g3', text: 'STOP' }], { authorization });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ errors: [{ path: '0.from' }] });
  });

  test('what came is counted for Prometheus, by provider and outcome, and without personal data', async () => {
    const headers = { authorization: basic(ADMIN.email, ADMIN.password) };
    const figures = (await (await fetch(`${service.url}/metrics`, { headers })).text())
      .split('\n')
      .filter((line) => line.startsWith('relance_returns'));
    expect(figures).toEqual(
      expect.arrayContaining([
        'relance_returns_total{provider="twilio",kind="stop",outcome="known"} 1',
        'relance_returns_total{provider="mailgun",kind="bounced-hard",outcome="settled"} 3',
        'relance_returns_total{provider="postmark",kind="complained",outcome="settled"} 1',
        'relance_returns_total{provider="gateway",kind="stop",outcome="settled"} 2',
      ]),
    );
    expect(figures.join()).not.toMatch(/\+?336|@/);
  });
});

describe('any gateway', () => {
  const authorization = 'Bearer sms-token';

  test('reports with the token of the gateway', async () => {
    const text = await sentTo('gate', { channel: 'sms', template: 'text-a' });
    const reports = [
      { id: text.id, status: 'delivered' },
      { id: text.id, status: 'undelivered', permanent: true, reason: 'unknown subscriber' },
    ];
    expect(await (await call('sms/gateway', reports, { authorization })).json()).toEqual({ taken: 2 });
    expect(await suppressionsOf('gate')).toEqual([{ reason: 'hard-bounce' }]);
  });

  test('wrong token 401, malformed 400 with the path', async () => {
    expect((await call('sms/gateway', { id: 'x', status: 'delivered' })).status).toBe(401);
    const response = await call('sms/gateway', [{ id: 'x', status: 'lost' }], { authorization });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ path: '0.status', message: expect.stringContaining('delivered') }],
    });
  });
});

describe('Amazon SES through SNS', () => {
  test('SNS posts JSON as text/plain; what is not signed by Amazon is refused before anything is fetched', async () => {
    const message = {
      Type: 'Notification',
      MessageId: '1',
      TopicArn: 'arn:aws:sns:eu-west-3:1:x',
      Message: '{}',
      Timestamp: new Date().toISOString(),
      SignatureVersion: '2',
      Signature: '',
      SigningCertURL: 'https://sns.eu-west-3.amazonaws.com/SimpleNotificationService-1.pem',
    };
    const response = await call('email/ses', JSON.stringify(message), { 'content-type': 'text/plain; charset=UTF-8' });
    expect(response.status).toBe(403);
    expect((await call('email/ses', '{}', { 'content-type': 'text/plain' })).status).toBe(400);
  });
});

test('an unknown provider, and one without its setting, are 404 with what to do', async () => {
  expect((await call('email/nobody', {})).status).toBe(404);
  expect((await call('sms/mailgun', {})).status).toBe(404);
  const bare: TestService = await startService();
  try {
    for (const [route, setting] of [
      ['email/ses', 'SES_TOPIC_ARN'],
      ['email/mailgun', 'MAILGUN_SIGNING_KEY'],
      ['email/postmark', 'POSTMARK_WEBHOOK_USER'],
      ['sms/twilio', 'TWILIO_AUTH_TOKEN'],
      ['sms/gateway', 'SMS_TOKEN'],
    ]) {
      const response = await bare.post(`/webhooks/${route}`, {});
      expect(response.status).toBe(404);
      expect(((await response.json()) as { detail: string }).detail).toContain(setting);
    }
  } finally {
    await bare.close();
  }
});

test('reports about nothing that is known are taken and change nothing', async () => {
  const before = await effects(service.db.database);
  const response = await call('email/mailgun', mailgunCall('07c1d1c4-0000-8000-8000-00000000ffff', HARD));
  expect(response.status).toBe(200);
  expect(await effects(service.db.database)).toEqual(before);
});
