import { phrases } from './phrases.ts';

// The first part is of Sisimai's tables of bounce reasons (see LICENSE.sisimai.txt), put in classes of our own; the second
// part was added here.

/** The mailbox takes nothing for now, because it is full. */
export const FULL_WORDS: readonly string[] = phrases(`
  account disabled temporarly for exceeding receiving limits
  account is exceeding their quota
  account is over quota
  account is temporarily over quota
  boite du destinataire pleine
  delivery failed: over quota
  diskspace quota
  does not have enough space
  exceeded storage allocation
  exceeding its mailbox quota
  full mailbox
  is over disk quota
  is over quota temporarily
  mail file size exceeds the maximum size allowed for mail delivery
  mailbox exceeded the local limit
  mailbox full
  mailbox has exceeded its disk space limit
  mailbox is full
  mailbox over quota
  mailbox quota usage exceeded
  mailbox size limit exceeded
  maildir delivery failed: domaindisk quota
  maildir delivery failed: userdisk quota
  maildir over quota
  mailfolder is full
  not enough disk space
  not enough storage space in
  over the allowed quota
  quota exceeded
  quota violation for
  recipient reached disk quota
  recipient rejected: mailbox would exceed maximum allowed storage
  the user you are trying to reach is over quota
  the user's space has been used up
  user has exceeded quota, bouncing mail
  user has too many messages on the server
  user is over quota
  user is over the quota
  user over quota

  inbox is out of storage
  mailbox limit exceeded
  out of storage space
  overquota
  quota-issues
  quotaexceeded
  boite * pleine
  espace * insuffisant
  quota depasse
  mailbox ist voll
  postfach * voll
  quota uberschritten
  speicherplatz * uberschritten
  buzon * lleno
  cuota excedida
  casella * piena
  quota superata
  caixa * cheia
  cota excedida
  quota excedida
  mailbox * is vol
  postvak * vol
  quotum overschreden
  user mailbox exceeds allowed size
  почтовый ящик переполнен
  ящик получателя переполнен
`);
