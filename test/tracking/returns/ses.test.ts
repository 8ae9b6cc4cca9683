import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Problem } from '../../../src/http/index.ts';
import type { ProviderCall } from '../../../src/tracking/returns/providers/adapter.ts';
import { ses } from '../../../src/tracking/returns/providers/ses.service.ts';
import { signedText, type SnsMessage } from '../../../src/tracking/returns/providers/sns.service.ts';

const TOPIC = 'arn:aws:sns:eu-west-3:123456789012:returns';

describe('Amazon SES through SNS', () => {
  // A certificate as Amazon's own: X.509, made for these tests, valid for a hundred years.
  const privateKey = readFileSync(`${import.meta.dirname}/sns-key.pem`, 'utf8');
  const certificate = readFileSync(`${import.meta.dirname}/sns-certificate.pem`, 'utf8');
  const bounce = (id: string) => ({
    notificationType: 'Bounce',
    mail: { headers: [{ name: 'X-Relance-Message', value: id }] },
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: 'ada@example.com', status: '5.1.1' }],
    },
  });
  const notification = (content: object, fields: Partial<SnsMessage> = {}, version = '2'): SnsMessage => {
    const message: SnsMessage = {
      Type: 'Notification',
      MessageId: '1',
      TopicArn: TOPIC,
      Message: JSON.stringify(content),
      Timestamp: '2026-03-02T09:00:00.000Z',
      SignatureVersion: version,
      Signature: '',
      SigningCertURL: 'https://sns.eu-west-3.amazonaws.com/SimpleNotificationService-1.pem',
      ...fields,
    };
    const algorithm = version === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
    return { ...message, Signature: createSign(algorithm).update(signedText(message)).sign(privateKey, 'base64') };
  };
  const ID = '07c1d1c4-0000-8000-8000-000000000001';
  const asked: string[] = [];
  const read = async (body: unknown) => {
    asked.length = 0;
    const tools = {
      settings: { sesTopics: [TOPIC] },
      now: Date.parse('2026-03-02T10:00:00Z'),
      fetchText: (url: string) => (asked.push(url), Promise.resolve(certificate)),
    };
    return ses.read({ body, headers: {}, url: '', query: {} } as ProviderCall, tools);
  };

  test.each(['1', '2'])('L21: a bounce with a signature of version %s', async (version) => {
    expect(await read(notification(bounce(ID), {}, version))).toMatchObject([
      { kind: 'bounced', meaning: 'hard', status: '5.1.1', messageId: ID, recipient: 'ada@example.com' },
    ]);
  });

  test.each<[string, SnsMessage]>([
    ['a changed message', { ...notification(bounce(ID)), Message: JSON.stringify(bounce(ID.replace('1', '2'))) }],
    ['another topic', notification(bounce(ID), { TopicArn: 'arn:aws:sns:eu-west-3:123456789012:theirs' })],
    ['a certificate from elsewhere', notification(bounce(ID), { SigningCertURL: 'https://example.com/a.pem' })],
    [
      'a certificate from a host that looks alike',
      notification(bounce(ID), { SigningCertURL: 'https://sns.eu-west-3.amazonaws.com.example.com/a.pem' }),
    ],
    [
      'a certificate without HTTPS',
      notification(bounce(ID), { SigningCertURL: 'http://sns.eu-west-3.amazonaws.com/a.pem' }),
    ],
    ['an unknown version', notification(bounce(ID), {}, '3')],
    ...[
      'https://sns.s3.amazonaws.com/SimpleNotificationService-1.pem',
      'https://sns.s3-eu-west-3.amazonaws.com/SimpleNotificationService-1.pem',
      'https://sns.s3-website.eu-west-3.amazonaws.com/SimpleNotificationService-1.pem',
      'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem',
      'https://sns.eu-west-3.amazonaws.com.cn/SimpleNotificationService-1.pem',
      'https://x@sns.eu-west-3.amazonaws.com/SimpleNotificationService-1.pem',
      'https://sns.eu-west-3.amazonaws.com:8443/SimpleNotificationService-1.pem',
      'https://sns.eu-west-3.amazonaws.com/other/SimpleNotificationService-1.pem',
      'https://sns.eu-west-3.amazonaws.com/?Action=GetTopic&x=.pem',
    ].map((SigningCertURL): [string, SnsMessage] => [
      `a certificate of ${SigningCertURL}`,
      notification(bounce(ID), { SigningCertURL }),
    ]),
    ['a message signed days ago', notification(bounce(ID), { Timestamp: '2026-02-27T09:00:00.000Z' })],
    ['a message without a time', notification(bounce(ID), { Timestamp: 'x' })],
  ])('%s is refused', async (_name, message) => {
    await expect(read(message)).rejects.toThrow(Problem);
    await expect(read(message)).rejects.toMatchObject({ status: 403 });
  });

  test('a subscription is confirmed at Amazon only, and for an allowed topic only', async () => {
    const SubscribeURL = `https://sns.eu-west-3.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=t`;
    const fields = { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL } as const;
    expect(await read(notification({}, fields))).toEqual([]);
    expect(asked).toContain(SubscribeURL);
    for (const other of [
      'https://example.com/',
      SubscribeURL.replace('ConfirmSubscription', 'Publish'),
      SubscribeURL.replace(':returns', ':theirs'),
      SubscribeURL.replace('eu-west-3', 'us-east-1'),
    ]) {
      await expect(read(notification({}, { ...fields, SubscribeURL: other }))).rejects.toMatchObject({ status: 403 });
      expect(asked).not.toContain(other);
    }
  });

  test.each<[string, object, unknown[]]>([
    ['full', { bounceType: 'Transient', bounceSubType: 'MailboxFull' }, ['soft']],
    ['too large', { bounceType: 'Transient', bounceSubType: 'MessageTooLarge' }, ['rejected']],
    ['of its suppression list', { bounceType: 'Permanent', bounceSubType: 'OnAccountSuppressionList' }, ['hard']],
  ])('a bounce that is %s', async (_name, fields, expected) => {
    const content = { ...bounce(ID), bounce: { bouncedRecipients: [{ emailAddress: 'ada@example.com' }], ...fields } };
    expect((await read(notification(content))).map((report) => report.kind === 'bounced' && report.meaning)).toEqual(
      expected,
    );
  });
});
