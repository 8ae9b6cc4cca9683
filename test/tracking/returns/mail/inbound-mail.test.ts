import fc from 'fast-check';
import { returnAddress, returnToken, unsubscribeAddress } from '../../../../src/channels/index.ts';
import { signToken } from '../../../../src/consent/index.ts';
import { arrivedAt } from '../../../../src/tracking/returns/mail/arrived-at.ts';
import { readInboundMail } from '../../../../src/tracking/returns/mail/inbound-mail.ts';
import { mailReaders } from '../../../../src/tracking/returns/mail/readers.ts';
import { readMail } from '../../../../src/tracking/returns/read-mail.ts';

const secret = 'a-secret-of-the-tests-only';
const SETTINGS = { domain: 'bounces.example.com', secret };
const ID = '07c1d1c4-0000-8000-8000-000000000001';
const NOW = Date.parse('2026-03-02T12:00:00Z');
const ANSWER = `From: Ada <ada@example.com>\r\nTo: care@example.com\r\nMessage-ID: <a1@example.com>\r\nIn-Reply-To: <${ID}@example.com>\r\nSubject: Re: News\r\n`;

const read = async (source: string | Uint8Array, settings: typeof SETTINGS | null = SETTINGS) => {
  const mail = await readMail(typeof source === 'string' ? Buffer.from(source) : source);
  const where = arrivedAt(mail.headers, settings);
  return readInboundMail(mail, where, mailReaders(secret, settings), { now: NOW, at: NOW, key: 'k' });
};

test('an answer is known by the message it names', async () => {
  const answer = { kind: 'reply', messageId: ID, stops: false, key: '<a1@example.com>', at: NOW };
  expect(await read(`${ANSWER}\r\nThank you!`)).toEqual(answer);
  const byReferences = ANSWER.replace('In-Reply-To: ', `References: <x@example.org> `);
  expect(await read(`${byReferences}\r\nThank you!`)).toEqual(answer);
  expect(await read(`${ANSWER.replace(ID, 'another')}\r\nThank you!`)).toEqual({ kind: 'unrecognised' });
});

test('C5b: words that ask for no more are heard, in the subject too, and not those of the mail that is answered', async () => {
  const stops = async (body: string, head = ANSWER) => {
    const mail = await read(`${head}\r\n${body}`);
    return mail.kind === 'reply' && mail.stops;
  };
  expect(await stops('Please unsubscribe me\r\n')).toBe(true);
  expect(await stops('Stop')).toBe(true);
  expect(await stops('', ANSWER.replace('Re: News', 'unsubscribe'))).toBe(true);
  expect(await stops('Thanks\r\n\r\nOn Monday, 2 March, Relance wrote:\r\n> To stop, unsubscribe')).toBe(false);
  expect(await stops('Thanks', ANSWER.replace('Re: News', 'Re: How to unsubscribe'))).toBe(false);
});

test.each<readonly [string, string]>([
  ['Auto-Submitted', 'Auto-Submitted: auto-replied\r\n'],
  ['Precedence: bulk', 'Precedence: bulk\r\n'],
  ['Precedence: auto_reply', 'Precedence: auto_reply\r\n'],
  ['X-Auto-Response-Suppress', 'X-Auto-Response-Suppress: All\r\n'],
  ['a mailing list', 'List-Id: <list.example.com>\r\n'],
  ['nobody to answer to', 'Return-Path: <>\r\n'],
  ...[
    'Automatic reply: News',
    'Out of office',
    'Réponse automatique : News',
    'Abwesenheitsnotiz',
    'Respuesta automática',
    'Risposta automatica: x',
    'Automatisch antwoord',
  ].map((subject) => [subject, `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=\r\n`] as const),
])('L15: an automatic answer is no sign of life: %s', async (_by, header) => {
  expect(await read(`${header}${ANSWER}\r\nI am away. Stop by next week.`)).toEqual({ kind: 'automatic' });
});

test('C5b: the way out is known by the signed subject, and by the signed address, and by nothing else', async () => {
  const token = {
    contactId: '07c1d1c4-0000-5000-8000-000000000000',
    channel: 'email',
    purpose: 'newsletter',
    messageId: ID,
  };
  const link = signToken(token, 'unsubscribe', secret);
  const bySubject = `From: ada@example.com\r\nTo: care@example.com\r\nSubject: unsubscribe ${link}\r\n\r\n`;
  expect(await read(bySubject)).toEqual({ kind: 'unsubscribe', link: token, messageId: ID });
  expect(await read(bySubject, null)).toEqual({ kind: 'unsubscribe', link: token, messageId: ID });
  expect(await read(bySubject.replace(link, signToken(token, 'preferences', secret)))).toEqual({
    kind: 'unrecognised',
  });
  expect(await read(bySubject.replace(link, `${link.slice(0, -2)}AA`))).toEqual({ kind: 'unrecognised' });
  const address = unsubscribeAddress(ID, 'ada@example.com', SETTINGS);
  const byAddress = `From: ada@example.com\r\nTo: <${address}>\r\nSubject: x\r\n\r\n`;
  expect(await read(byAddress)).toEqual({ kind: 'unsubscribe', link: null, messageId: ID });
  expect(await read(byAddress, { ...SETTINGS, secret: 'another secret' })).toEqual({ kind: 'unrecognised' });
  expect(await read(`Auto-Submitted: auto-replied\r\n${byAddress}`)).toEqual({ kind: 'automatic' });
});

test('a bounce in a mailbox is known by its signed address, or by the signed header of the mail it returns', async () => {
  const dsn = (to: string, header = '') =>
    `From: MAILER-DAEMON@example.org\r\nTo: ${to}\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; ada@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <${ID}@example.com>\r\n${header}\r\n--b--\r\n`;
  const hard = { kind: 'reports', reports: [{ kind: 'bounced', meaning: 'hard', messageId: ID }] };
  expect(await read(dsn(returnAddress(ID, 'ada@example.com', SETTINGS)))).toMatchObject(hard);
  expect(
    await read(dsn('care@example.com', `X-Relance-Return: ${returnToken(ID, 'ada@example.com', secret)}\r\n`), null),
  ).toMatchObject(hard);
  // The id alone is known to whoever got the mail, or a copy of it.
  expect(await read(dsn('care@example.com'), null)).toEqual({ kind: 'unrecognised' });
});

test('hostile mails are read or refused, and change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 2_000 }),
        fc.string({ maxLength: 2_000 }).map((text) => Buffer.from(text)),
      ),
      async (bytes) => {
        const mail = await read(bytes).catch(() => ({ kind: 'unrecognised' }));
        expect(['unrecognised', 'automatic']).toContain(mail.kind);
      },
    ),
    { numRuns: 200 },
  );
  const nested = `${'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(5_000)}x`;
  await read(nested).catch(() => undefined);
  await read(`References: ${'<x@y> '.repeat(20_000)}\r\n\r\n${'> '.repeat(100_000)}`).catch(() => undefined);
});
