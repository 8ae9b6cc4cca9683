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
  ['rejected', '5.7.1', 'Message rejected by the policy of this mailbox'],
  ['rejected', '5.6.0', 'Message malformed, user unknown'],
  ['rejected', '5.3.4', 'Message too big for system'],
  ['unknown', '5.0.0', 'Requested action not taken'],
  ['unknown', null, ''],
])('%s: %s %s', (meaning, status, said) => {
  expect(classifyRefusal(status, said)).toBe(meaning);
});

// As mail systems write it, with and without enhanced codes, and in their languages.
test.each<[RefusalClass, string | null, string]>([
  ['hard', '5.5.0', '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).'],
  ['hard', '5.0.0', '550 "Unknown User"'],
  ['hard', null, '550 5.1.1-The email account that you tried to reach does not\n550 5.1.1 exist. Please try again'],
  ['hard', null, '550-The email account that you tried to reach does\n550-not exist. Please try double-checking'],
  ['hard', '5.1.1', 'RESOLVER.ADR.RecipNotFound; not found'],
  ['hard', null, '554 30 Sorry, your message to x cannot be delivered. This mailbox is disabled (554.30)'],
  ['hard', null, '552 1 Requested mail action aborted, mailbox not found'],
  ['hard', null, '550 Requested action not taken: mailbox unavailable'],
  ['hard', '5.0.0', '550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550'],
  ['hard', '5.1.0', '550 5.1.0 Address rejected. User Unknown (Proofpoint)'],
  ['hard', '5.1.1', '550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416'],
  ['hard', '5.5.0', '550 5.5.0 Boite du destinataire archivee. Archived recipient. LPN007_420'],
  ['hard', null, '550 5.2.1 This mailbox has been blocked due to inactivity'],
  ['hard', '5.7.1', '550 5.7.1 <ada@sfr.example>: Recipient address rejected: User unknown'],
  ['hard', null, 'User ada (ada@example.com) not listed in Domino Directory'],
  ['hard', null, 'Sorry, no mailbox here by that name. (#5.1.1)'],
  ['hard', null, '550 Utilisateur inconnu !'],
  ['hard', null, "550 Cette boîte aux lettres n'existe pas"],
  ['hard', null, '550 Empfänger unbekannt'],
  ['hard', null, '550 Das Postfach ada existiert nicht'],
  ['hard', null, '550 El usuario ada no existe'],
  ['hard', null, '550 Casella di posta inesistente'],
  ['hard', null, '550 Caixa postal inexistente'],
  ['hard', null, '550 Gebruiker onbekend'],
  ['soft', '5.1.1', '552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417'],
  ['soft', '5.1.1', '511 sorry, user over quota. (#5.1.1)'],
  ['soft', '5.2.1', 'The user you are trying to contact is receiving mail at a rate that prevents additional messages'],
  ['soft', '5.4.4', 'Name service error for name=example.org type=MX: Host not found, try again'],
  ['soft', null, '550 La boîte de ce destinataire est pleine'],
  ['soft', null, '552 Das Postfach des Empfängers ist voll'],
  ['soft', null, '552 El buzón está lleno'],
  ['soft', '5.0.0', '450 Requested mail action not taken: mailbox unavailable'],
  ['soft', null, '554 relay access denied'],
  [
    'sender-fault',
    '5.5.0',
    '550 5.5.0 Les emails envoyes vers la messagerie Laposte.net ont ete bloques par nos services. LPN007_102',
  ],
  ['sender-fault', null, '550 spam detected'],
  ['sender-fault', '5.0.0', '550 Requested action not taken: mailbox unavailable. Sender address has null MX'],
  ['sender-fault', '5.1.1', '550 5.1.1 203.0.113.9 has sent to too many recipients this hour'],
  [
    'sender-fault',
    '4.7.0',
    '421 4.7.0 [TSS04] Messages from 203.0.113.9 temporarily deferred due to unexpected volume or user complaints',
  ],
  [
    'sender-fault',
    '4.4.7',
    'delivery expired: 451 4.7.650 The mail server [203.0.113.9] has been temporarily rate limited due to IP reputation',
  ],
  ['sender-fault', null, '553 Domain of sender address x does not exist'],
  ['rejected', '5.7.1', '550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized'],
  ['rejected', '5.1.1', '550 5.1.1 RCP-P2 Refused due to recipient preferences'],
  ['rejected', '5.2.3', '552 5.2.3 Message size exceeds fixed maximum message size'],
  ['rejected', null, '554 Transaction failed. Reject due to policy restrictions.'],
  ['rejected', null, '554 Your message was infected with a virus'],
  ['unknown', null, '550 No.'],
  ['unknown', '5.5.0', '550 5.5.0 Computer says no'],
])('%s: %s %s', (meaning, status, said) => {
  expect(classifyRefusal(status, said)).toBe(meaning);
});

test('every answer comes at once, whatever is said', () => {
  const begun = performance.now();
  for (const said of ['a'.repeat(100_000), 'user '.repeat(20_000), '550 '.repeat(20_000), '<'.repeat(50_000)])
    classifyRefusal(null, said);
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test('S5: what is kept of a reply names nobody, and is of one line', () => {
  expect(withoutAddresses('550 5.1.1\r\n <ada@example.com>: (to ada@example.com) unknown')).toBe(
    '550 5.1.1 <address>: (to <address>) unknown',
  );
  expect(withoutAddresses('x'.repeat(1000))).toHaveLength(300);
});
