import { smtpOutcome } from '../../src/channels/smtp-outcome.ts';

const outcome = (response: string, command: string) =>
  smtpOutcome({ responseCode: Number(response.slice(0, 3)), response, command, message: response, begun: false });

test.each<[string, string, string | null]>([
  ['552 5.2.2 Mailbox full', 'RCPT TO', '5.2.2'],
  ['552 5.2.2 Over quota', 'DATA', '5.2.2'],
  ['452 4.2.2 The recipient’s inbox is out of storage space', 'RCPT TO', '4.2.2'],
  ['452 4.2.2 Mailbox full', 'DATA', '4.2.2'],
  ['450 4.2.0 Mailbox full', 'RCPT TO', '4.2.0'],
  ['452 Mailbox is full', 'RCPT TO', null],
  ['552 Mailbox is full', 'DATA', null],
])('L21: %j to %s is a full mailbox', (response, command, status) => {
  expect(outcome(response, command)).toMatchObject({
    ...(response.startsWith('4') ? { kind: 'retry' } : { kind: 'failed', suppress: false }),
    soft: { meaning: 'soft', status },
  });
});

test.each([
  ['421 4.2.2 Mailbox full, closing', 'RCPT TO'],
  ['452 4.3.1 Insufficient system storage, quota exceeded', 'DATA'],
  ['451 4.7.1 Greylisted', 'RCPT TO'],
  ['450 4.2.1 Receiving mail too fast', 'RCPT TO'],
  ['452 4.5.3 Too many recipients', 'RCPT TO'],
  ['452 4.2.2 Over quota', 'MAIL FROM'],
  ['552 5.2.2 Over quota', 'MAIL FROM'],
  ['552 5.3.4 Message too big', 'DATA'],
  ['550 5.1.1 User unknown, mailbox full', 'RCPT TO'],
  ['550 5.7.1 Rejected', 'DATA'],
])('D10: %j to %s says nothing of a full mailbox', (response, command) => {
  expect(outcome(response, command)).not.toHaveProperty('soft');
});

test('D10: a lost connection is not the mailbox’s', () => {
  expect(smtpOutcome({ code: 'ECONNECTION', command: 'RCPT TO', message: 'mailbox full', begun: false })).toEqual({
    kind: 'retry',
    reason: 'ECONNECTION mailbox full',
  });
});

test.each([
  ['550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).', 'RCPT TO'],
  ["554 delivery error: dd This user doesn't have a yahoo.com account", 'DATA'],
  ['550 Utilisateur inconnu', 'RCPT TO'],
])('%j to %s is a dead mailbox', (response, command) => {
  expect(outcome(response, command)).toMatchObject({ kind: 'failed', suppress: true });
});

test.each(['RCPT TO', 'DATA'])(
  'what nobody understands to %s counts as a soft bounce, and suppresses nobody',
  (command) => {
    expect(outcome('550 5.5.0 Computer says no', command)).toMatchObject({
      kind: 'failed',
      suppress: false,
      soft: { meaning: 'unknown', status: '5.5.0' },
    });
  },
);
