import { phrases } from './phrases.ts';

// The first part is of Sisimai's tables of bounce reasons (see LICENSE.sisimai.txt), put in classes of our own; the second
// part was added here.

/** It is the sender that is refused, and would be whoever the recipient: network address, reputation, authentication, spam. */
export const SENDER_WORDS: readonly string[] = phrases(`
  ( * @ * :blocked)
  //dsbl.org/help/help_spam_16.htm
  //mail.163.com/help/help_spam_16.htm
  //spf.pobox.com
  //www.spamcop.net/bl.
  //www.spamhaus.org/help/help_spam_16.htm
  a poor email reputation score
  access denied (in reply to mail from command)
  access denied. ip name lookup failed
  access from ip address * blocked
  account not subscribed to ses
  all available ips are at maximum connection limit
  all mail servers must have a ptr record with a valid reverse dns entry
  appears to be unsolicited
  authentication credentials invalid
  authentication failed; server * said:
  authentication failure
  authentication required
  authentication turned on in your email client
  authentification invalide * 305
  authentification requise * 402
  bad dns ptr resource record
  bad sender ip address
  bad spf records for
  banned sending ip
  blacklisted by
  blacklisted url in message
  block for spam
  blocked - see http
  blocked by policy: no spam please
  blocked by spamassassin
  blocked for abuse. see http://att.net/blocks
  blocked using
  bogus mail from
  can't determine purported responsible address
  cannot be forwarded because it was detected as spam
  cannot find your hostname
  cannot resolve your address.
  client host rejected: abus detecte gu_eib_02
  client host rejected: abus detecte gu_eib_04
  client host rejected: may not be mail exchanger
  client host rejected: was not authenticated
  confirm this mail server
  connection rate limit exceeded
  connections not accepted from ip addresses on spamhaus xbl
  connections not accepted from servers without a valid sender domain
  connections will not be accepted from * because the ip is in spamhaus's list
  considered unsolicited bulk e-mail (spam) by our mail filters
  currently sending spam see:
  cyberoam anti spam engine has identified this email as a bulk email
  denied [bouncedeny]
  denied due to spam list
  dmarc policy
  dnsbl:attrbl
  dnsbl:rbl * >_is_blocked
  domain * mismatches client ip
  domain of sender address
  dynamic/zombied/spam ips blocked
  email address is not verified.
  email blocked by * .barracudacentral.org
  email blocked by * spamhaus
  emetteur invalide
  empty envelope senders not allowed
  error: no third-party dsns
  esmtp not accepting connections
  exceeds per-domain connection limit for
  extreme bad ip profile
  fix reverse dns for
  from: domain is invalid. please provide a valid from:
  has exceeded the max emails per hour
  high probability of spam
  host * refused to talk to me: * blocked
  host network not allowed
  hosts with dynamic ip
  invalid ip for sending mail of domain
  invalid sender
  ip * is blocked by earthlink
  ip/domain reputation problems
  ips with missing ptr records
  is classified as spam and is rejected
  is in an * rbl on
  is not allowed to send from < * per it's spf record
  is not allowed to send mail from
  is not allowed to send mail. * _401
  likely suspicious due to the very low reputation
  listed in work.drbl.imedia.ru
  mail from * refused, see * orbs
  mail from not owned by user
  mail rejete. mail rejected. * 506
  mail sent from your ip address has been temporarily rate limited
  mail server at * is blocked
  message considered as spam or virus
  message contains spam or virus
  message detected as spam
  message from * rejected based on blacklist
  message is being rejected as it seems to be a spam
  message looks like spam
  message refused by mailmarshal spamprofiler
  message refused by trustwave seg spamprofiler
  message rejected as spam
  message rejected due to suspected spam content
  message rejected: email address is not verified
  message was rejected for possible spam/virus content
  messages from * temporarily deferred due to user complaints
  no access from mail server
  no ptr record found.
  none/bad reputation
  not currently accepting mail from your ip
  null sender is not allowed
  our email server thinks this email is spam
  our filters rate at and above * percent probability of being spam
  our system has detected that this message is
  please get a custom reverse dns name from your isp for your host
  please inspect your spf settings
  please try again slower
  please use the smtp server of your isp
  probable spam
  ptr record setup
  refused - see http
  reject bulk.advertising
  rejected - bulk email
  rejected - multi-blacklist
  rejected because the sending mta or the sender has not passed validation
  rejected by * (spam)
  rejected due to spam * classification
  rejected due to spam * content
  rejected: spamassassin score
  rejecting open proxy
  related to content with spam-like characteristics
  reverse dns failed
  reverse dns lookup for host * failed permanently
  reverse dns required
  rfc 1035 violation: recursive cname records for
  rule imposed as * is blacklisted on
  said: 550 blocked
  sender domain is empty
  sender domain listed at
  sender email address rejected
  sender ip address rejected
  sender ip reverse lookup rejected
  sender is spammer
  sender policy framework (spf) fail
  sender policy framework violation
  sender rejected
  sender verify failed
  sender was rejected
  sending address not accepted due to spam filter
  sending this from a different address or alias using the
  server access * forbidden by invalid rdns record of your mail server
  server access forbidden by your ip
  server ip * listed as abusive
  service permits * unverifyable sending ips
  sorry! your ip address * is blocked by rbl
  sorry, your remotehost looks suspiciously like spammer
  spam blocked
  spam content matched
  spam detected
  spam email
  spam message rejected.
  spam not accepted
  spam refused
  spam rejection
  spam score
  spambouncer identified spam
  spamming not allowed
  spf (sender policy framework) domain authentication fail
  spf check: fail
  starttls is required to send mail
  temporarily deferred due to unexpected volume or user complaints
  the content of this message looked like spam
  the corresponding forward dns entry does not point to the sending ip
  the domain * is blacklisted
  the email * is blacklisted
  the email message was detected as spam
  the ip * is blacklisted
  the message has been rejected by spam filtering engine
  the message was rejected due to classification as bulk mail
  this message appears to be spam
  this message has been identified as spam
  this message has been scored as spam with a probability
  this message scored * spam points
  this message was classified as spam
  this message was rejected by recurrent pattern detection system
  this server does not accept mail from
  this system will not accept messages from servers/devices with no reverse dns
  throttling failure: daily message quota exceeded
  throttling failure: maximum sending rate exceeded
  to submit messages to this e-mail system has been rejected
  too many concurrent smtp connections
  too many connections
  too many errors from your ip
  too many smtp sessions for this host
  too many spam complaints
  too many spams from your ip
  too many unwanted messages have been sent from the following ip address above
  too much spam.
  transaction failed spam message not queued
  transaction failed unsigned dsn for
  trop de connexions,
  unauthenticated senders not allowed
  unresolvable relay host name
  unroutable sender address
  user * is not authorized to perform ses:sendrawemail on resource
  veuillez essayer plus tard. service refused, please try later. * 103
  veuillez essayer plus tard. service refused, please try later. * 510
  we do not accept mail from dynamic ips
  we dont accept spam
  you are not allowed to connect
  you are not authorized to send mail, authentication is required
  you are sending spam
  your access ip * has been rejected
  your email appears similar to spam we have received before
  your email breaches local uribl policy
  your email had spam-like
  your email is considered spam
  your email is probably spam
  your email was detected as spam
  your ip address is listed in the rbl
  your message as spam and has prevented delivery
  your message failed several antispam checks
  your message has been rejected because it appears to be spam
  your message has been temporarily blocked by our filter
  your message has triggered a spam block
  your message may contain the spam contents
  your network is temporary blacklisted
  your sender's ip address is listed at * .abuseat.org
  your server requires confirmation

  access denied, bad helo
  adresse ip source bloquee
  all messages from * will be permanently deferred
  blocked for spamming
  bloques par nos services
  client host blocked
  deferred due to excessive volume
  dkim sender invalid
  dmarc sender invalid
  does not pass dmarc verification
  domain may not exist or dns check failed
  from domain * does not resolve
  ip temporarily blacklisted
  ip reputation
  must have a reverse dns record
  on our block list
  poor reputation
  postmaster.gmx.net * c=bl
  sender * does not exist
  sender address has null mx
  sender address rejected
  sender domain * not found
  sender domain resolve fail
  spf check failed
  spf sender invalid
  spf/dns de votre nom de domaine
  spam-related
  verification dmarc en echec
  was rejected due to listing in
  your domain has been blacklisted
  your ip address * listed
  blocked for abuse
  blocked ip
  connection frequency limited
  does not have authentication information
  has sent to too many recipients
  ip frequency limited
  missing reverse dns
  multiple authentication checks failed
  reverse dns validation failed
  service refused, please try later
  smtp authentication
  reached your daily relay quota
  email address is not verified
`);
