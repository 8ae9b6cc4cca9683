import { classifyRefusal, withoutAddresses, type RefusalClass } from '../../src/channels/index.ts';

// What servers are known to write, by what it says of the address (rule D10, law L20 and L21).
test.each<[RefusalClass, string | null, string]>([
  ['hard', '5.1.1', 'The email account that you tried to reach does not exist'],
  ['hard', '5.1.2', 'Host unknown'],
  ['hard', '5.1.3', 'Bad destination mailbox address syntax'],
  ['hard', '5.1.6', 'Mailbox has moved'],
  ['hard', '5.1.10', 'RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'],
  ['hard', '5.2.1', 'The email account that you tried to reach is disabled'],
  ['hard', '5.4.4', 'Host or domain name not found. Name service error for name=gone.example.com type=AAAA'],
  ['hard', '5.4.310', 'DNS domain gone.example.com does not exist'],
  ['hard', '5.4.1', 'Recipient address rejected: Access denied. AS(201806281)'],
  ['hard', '5.0.0', '550 No such user here'],
  ['hard', '5.5.0', 'Requested action not taken: mailbox unavailable, user unknown'],
  ['hard', '5.1.0', 'Address rejected: unknown user'],
  ['hard', null, '550 Unrouteable address'],
  ['hard', null, "554 delivery error: dd This user doesn't have a yahoo.com account (ada@yahoo.com) [0]"],
  ['soft', '5.2.2', 'The email account that you tried to reach is over quota'],
  ['soft', '4.4.1', 'Connection timed out'],
  ['soft', '4.4.7', 'Delivery time expired'],
  ['soft', '4.2.2', 'Mailbox full'],
  ['soft', '4.7.1', 'Greylisted'],
  ['soft', '5.4.7', 'Delivery expired'],
  ['soft', '5.4.14', 'Hop count exceeded - possible mail loop'],
  ['soft', null, '552 Mailbox is full'],
  ['sender-fault', '5.7.515', 'Access denied, sending domain does not meet the required authentication level'],
  ['sender-fault', '5.7.26', 'This mail has been blocked because the sender is unauthenticated'],
  ['sender-fault', '4.7.26', 'This mail has been rate limited because it is unauthenticated'],
  ['sender-fault', '5.7.23', 'SPF validation failed'],
  ['sender-fault', '5.7.606', 'Access denied, banned sending IP'],
  ['sender-fault', '5.7.25', 'The IP address sending this message does not have a PTR record'],
  ['sender-fault', '5.7.8', 'Authentication credentials invalid'],
  ['sender-fault', '5.1.8', 'Sender domain does not exist'],
  ['sender-fault', '5.7.1', 'Service unavailable; Client host [192.0.2.1] blocked using Spamhaus'],
  ['sender-fault', '5.7.1', 'Our system has detected that this message is likely unsolicited mail'],
  ['sender-fault', null, '550 Mail rejected as spam'],
  ['unknown', '5.7.1', 'Message rejected by the policy of this mailbox'],
  ['unknown', '5.6.0', 'Message malformed, user unknown'],
  ['unknown', '5.3.4', 'Message too big for system'],
  ['unknown', '5.0.0', 'Requested action not taken'],
  ['unknown', null, ''],
])('%s: %s %s', (meaning, status, said) => {
  expect(classifyRefusal(status, said)).toBe(meaning);
});

test('S5: what is kept of a reply names nobody, and is of one line', () => {
  expect(withoutAddresses('550 5.1.1\r\n <ada@example.com>: (to ada@example.com) unknown')).toBe(
    '550 5.1.1 <address>: (to <address>) unknown',
  );
  expect(withoutAddresses('x'.repeat(1000))).toHaveLength(300);
});
