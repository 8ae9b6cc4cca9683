import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readMail } from '../../../src/tracking/returns/read-mail.ts';
import { readReturnedMail } from '../../../src/tracking/returns/returned-mail.ts';
import { reportsOfMail } from '../../../src/tracking/returns/reports-of-mail.ts';

const FOLDER = path.join(import.meta.dirname, 'mails');
const MESSAGE = '07c1d1c4-0000-8000-8000-000000000001';
const NOW = Date.parse('2026-03-02T12:00:00Z');
const AT_LOOP = { messageId: null, mark: '' };
/** The return address that the samples carry. */
const OURS = { messageId: MESSAGE, mark: 'abcd1234' };
const readAddress = (address: string) => (address === 'return-address@bounces.example.com' ? OURS : null);

const read = async (name: string, source = readFileSync(path.join(FOLDER, `${name}.eml`))) =>
  readReturnedMail(await readMail(source));
const told = async (name: string) =>
  reportsOfMail(await read(name), AT_LOOP, NOW, readAddress).map((report) => [
    report.kind,
    ...(report.kind === 'bounced' ? [report.meaning, report.status] : []),
    report.recipient,
    report.messageId,
  ]);

// What servers write, as they write it (RFC 3464, RFC 5965, and forms of their own).
test.each<[string, unknown[][]]>([
  ['postfix-unknown-user', [['bounced', 'hard', '5.1.1', 'ada@example.com', MESSAGE]]],
  ['postfix-delayed', []],
  ['gmail-over-quota', [['bounced', 'soft', '5.2.2', 'ada@example.com', MESSAGE]]],
  ['exchange-not-found', [['bounced', 'hard', '5.1.10', 'ada@example.com', MESSAGE]]],
  ['outlook-sender-refused', [['bounced', 'sender-fault', '5.7.515', 'ada@example.com', MESSAGE]]],
  ['yahoo-vague-status', [['bounced', 'hard', '5.0.0', 'ada@example.com', MESSAGE]]],
  ['orange-blocked', [['bounced', 'sender-fault', '5.7.1', 'ada@example.com', MESSAGE]]],
  ['free-expired', [['bounced', 'soft', '4.4.7', 'ada@example.com', MESSAGE]]],
  ['outlook-mailbox-unavailable', [['bounced', 'hard', '5.5.0', 'ada@example.com', MESSAGE]]],
  ['cisco-supplementary-info', [['bounced', 'hard', '5.0.0', 'ada@example.com', MESSAGE]]],
  ['reason-in-text', [['bounced', 'hard', '5.1.1', 'ada@example.com', MESSAGE]]],
  ['not-understood', [['bounced', 'unknown', '5.5.0', 'ada@example.com', MESSAGE]]],
  ['daemon-in-french', [['bounced', 'hard', null, null, null]]],
  ['daemon-delay-in-german', []],
  ['delivered', [['delivered', 'ada@example.com', MESSAGE]]],
  ['exim', [['bounced', 'hard', '5.1.1', 'ada@example.com', null]]],
  ['exim-with-copy', [['bounced', 'hard', '5.1.1', 'ada@example.com', null]]],
  ['exim-delayed', []],
  ['qmail', [['bounced', 'hard', '5.1.1', 'ada@example.com', null]]],
  ['complaint', [['complained', 'ada@example.com', MESSAGE]]],
  ['complaint-without-recipient', [['complained', null, MESSAGE]]],
  ['complaint-redacted', [['complained', null, MESSAGE]]],
  ['not-spam', []],
  ['out-of-office', []],
  ['out-of-office-old', []],
  ['a-person', []],
])('L21: %s', async (name, expected) => {
  expect(await told(name)).toEqual(expected);
});

test('every sample is looked at', () => {
  expect(readdirSync(FOLDER)).toHaveLength(26);
});

test.each(['out-of-office', 'out-of-office-old'])('L21: %s is known as automatic (RFC 3834)', async (name) => {
  expect(await read(name)).toEqual({ kind: 'auto-reply' });
});

test('a mail at a return address is about its message, whatever the mail itself names', async () => {
  const token = { messageId: '00000000-0000-8000-8000-00000000000f', mark: 'abcd1234' };
  expect(reportsOfMail(await read('postfix-unknown-user'), token, NOW, readAddress)).toMatchObject([token]);
});

test('L21: a complaint is known by the return address it quotes, which is signed, before the id it carries', async () => {
  const source = (field: string) =>
    `Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x\nVersion: 1\n${field}\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <07c1d1c4-0000-8000-8000-0000000000ff@example.com>\n\nx\n--b--\n`;
  const about = async (field: string) =>
    reportsOfMail(await read('', Buffer.from(source(field))), AT_LOOP, NOW, readAddress)[0];
  expect(await about('Original-Mail-From: <return-address@bounces.example.com>\n')).toMatchObject(OURS);
  // A return address that was not made here says nothing.
  expect(await about('Original-Mail-From: <bounce+forged@bounces.example.com>\n')).toMatchObject({
    messageId: '07c1d1c4-0000-8000-8000-0000000000ff',
    mark: null,
  });
});

test('S5: a reason names nobody', async () => {
  for (const file of readdirSync(FOLDER)) {
    const reports = reportsOfMail(await read(file.replace('.eml', '')), AT_LOOP, NOW, readAddress);
    for (const report of reports) if (report.kind === 'bounced') expect(report.reason).not.toContain('ada@');
  }
});

test.each(['', '\0'.repeat(1000), 'x'.repeat(100_000), 'Content-Type: multipart/report; boundary=\n\n--'])(
  'what is no mail is nothing (%#)',
  async (text) => {
    expect(await read('', Buffer.from(text))).toEqual({ kind: 'nothing' });
  },
);

test('a report that another mail carries inside is not taken for one', async () => {
  const report = readFileSync(path.join(FOLDER, 'postfix-unknown-user.eml'), 'utf8');
  const source = `Subject: look at this\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: text/plain\n\nsee below\n--outer\nContent-Type: message/rfc822\n\n${report}\n--outer--\n`;
  expect(await read('', Buffer.from(source))).toEqual({ kind: 'nothing' });
});
