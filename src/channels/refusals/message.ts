import { phrases } from './phrases.ts';

// The first part is of Sisimai's tables of bounce reasons (see LICENSE.sisimai.txt), put in classes of our own; the second
// part was added here.

/** It is this one message that is refused: its size, its form, its content, or a rule of the recipient. */
export const MESSAGE_WORDS: readonly string[] = phrases(`
  administrative prohibition
  an illegal attachment on your message
  backscatter protection detected an invalid or expired email address
  batv failed to verify
  batv validation failure
  because the recipient is not accepting mail with
  because the recipient is only accepting mail from specific email addresses
  because the sender isn't on the recipient's list of senders to accept mail from
  by non-member to a members-only list
  closed mailing list
  content filter rejection
  delivery not authorized, message refused
  denied by policy
  denied by secumail valid-address-filter
  duplicate header
  email address is on senderfilterconfig list
  email not accepted for policy reasons
  email rejected due to security policies
  envelope blocked -
  exceeded maximum inbound message size
  exceeded the maximum incoming message size
  executable files are not allowed in compressed files
  has restricted sms e-mail
  header are not accepted
  header error
  header size exceeds maximum permitted
  https://support.google.com/mail/?p=rfcmessagenoncompliant
  improper use of 8-bit data in message header
  it has a potentially executable attachment
  line limit exceeded
  local policy violation
  mail content denied
  max message size exceeded
  message bounced due to organizational settings
  message content rejected
  message file too big
  message filtered
  message given low priority
  message header size, or recipient list, exceeds policy limit
  message length exceeds administrative limit
  message mime complexity exceeds the policy maximum
  message not accepted for policy reasons
  message rejected because of unacceptable content
  message rejected due to local policy
  message rejected due to user rules
  message size exceeds fixed limit
  message size exceeds fixed maximum message size
  message size exceeds maximum value
  message too big
  message too large for this
  messages with multiple addresses
  protocol violation
  recipient not accepted. (batv: no tag
  recipient refuses to accept your mail
  refused due to recipient preferences
  rejected for policy reasons
  rejecting banned content
  rejecting mail content
  rule imposed mailbox access for
  sender address has been blacklisted
  sender is in my black list
  sender not pre-approved
  size limit
  taille limite du message atteinte
  the email address used to send your message is not subscribed to this group
  the message has been rejected by batv defense
  the message was rejected because it contains prohibited virus or spam content
  the message was rejected by organization policy
  this account is protected by
  this form of attachment has been used by recent viruses or other malware
  this message contain improperly-formatted binary content
  this message contain invalid mime headers
  this message contain text that uses unnecessary base64 encoding
  this message is not rfc 5322 compliant
  this message was blocked because its content presents a potential
  tls required but not supported
  user refuses to receive this mail
  user reject
  virus detected
  virus phishing/malicious_url detected
  we do not accept messages containing images or other attachments
  we failed to deliver mail because the following address recipient id refuse to receive mail
  you are not allowed to post to this mailing list
  you have been blocked by the recipient
  you have exceeded the * allowable number of posts without solving a captcha
  you're using a mass mailer
  your email address has been blacklisted
  your message was infected with a virus

  anti-spoofing policy
  content-related
  custom keyword rejection
  due to a policy rule
  exceeded maximum message size
  header based anti-spoofing
  maximum email size exceeded
  message rejected by the policy
  policy-related
  reject due to policy restrictions
  rejected by header based
  resolver.rst.
`);
