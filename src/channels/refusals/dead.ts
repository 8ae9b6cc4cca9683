import { phrases } from './phrases.ts';

// The first part is of Sisimai's tables of bounce reasons (see LICENSE.sisimai.txt), put in classes of our own; the second
// part was added here.

/** There is no such mailbox, it is closed for good, or its domain takes no mail. */
export const DEAD_WORDS: readonly string[] = phrases(`
  #5.1.1 bad address
  5.1.0 address rejected.
  550 address invalid
  < * > not found
  account * does not exist at the organization
  address does not exist
  address not present in directory
  address unknown
  archived recipient
  boite du destinataire archivee
  bounced address
  can't accept user
  destination addresses were unknown
  destination server rejected recipients
  does not accept mail (nullmx)
  domain does not exist
  due to extended inactivity new mail is not currently being accepted for this mailbox
  email address could not be found
  host does not accept mail
  host or domain name not found
  host unknown
  host/domain does not accept mail
  inactive account
  invalid address
  invalid mailbox
  invalid recipient
  invalid/inactive user
  is a deactivated mailbox
  is not a known user
  is not a valid mailbox
  is not an active address at this host
  is unavailable: user is terminated
  mail domain mentioned in email address is unknown
  mailbox * does not exist
  mailbox disabled
  mailbox does not exist
  mailbox invalid
  mailbox is frozen
  mailbox is inactive
  mailbox not found
  mailbox not present
  mailbox unavaiable
  name or service not known
  nessun utente simile in questo indirizzo
  no * in name directory
  no account by that name here
  no existe dicha persona
  no existe ese usuario
  no mail box available for this user
  no mailbox by that name is currently available
  no mailbox found
  no mx record found for domain=
  no such address here
  no such domain
  no such mailbox
  no such person at this address
  no such recipient
  no such user
  no thank you rejected: account unavailable
  no valid recipients, bye
  non * existent user
  not a local address
  not a valid recipient
  not a valid user here
  not found recipient account
  rcpt < * does not exist
  recipient * was not found in
  recipient address rejected: invalid user
  recipient address rejected: invalid-recipient
  recipient address rejected: unknown domain name
  recipient address rejected: user * does not exist
  recipient address rejected: userunknown
  recipient does not exist
  recipient domain must exist
  recipient is not accepted
  recipient is not local
  recipient no longer on server
  recipient not exist
  recipient not found
  recipient unknown
  resolver.adr.recipient notfound
  sorry, badrcptto
  sorry, your envelope recipient has been denied
  the account or domain may not exist
  the email account that you tried to reach does not exist
  the following recipients was undeliverable
  the user's email name is not found
  there is no one at this address
  this account has been disabled or discontinued
  this address no longer accepts mail
  this email address is wrong or no longer valid
  this mailbox is disabled
  this recipient is in my badrecipientto list
  this recipient is not in my validrcptto list
  this spectator does not exist
  this user doesn't have a * account
  unknown e * mail address
  unknown local * part
  unknown mailbox
  unknown recipient
  unknown user
  unroutable address
  unrouteable address
  user ( * ) unknown
  user * does not exist
  user * was not found
  user does not exist
  user missing home directory
  user not active
  user not exist
  user not found
  user not known
  user or domain is disabled
  user unknown
  vdeliver: invalid or unknown virtual user
  your envelope recipient is in my badrcptto list

  account closed
  account has been closed
  account has been deactivated
  account has been deleted
  account is closed
  account is not active
  account that you tried to reach is disabled
  account that you tried to reach is inactive
  bad-domain
  bad-mailbox
  blocked due to inactivity
  disabled due to inactivity
  i cannot deliver mail for
  inactive email address
  inactive-mailbox
  is no longer valid
  mailbox has been deleted
  mailbox is deactivated
  mailbox name not allowed
  mailbox unavailable
  no longer available at this address
  not listed in domino directory
  not listed in * name & address book
  not our customer
  recipient unrecognized
  resolver.adr. * notfound
  sorry, no mailbox
  this address is no longer * use
  undeliverable address
  unknown or illegal alias
  user account not activated
  disableduser
  adresse * n'existe pas
  adresse d'au moins un destinataire invalide
  adresse inconnue
  adresse inexistante
  aucun utilisateur de ce nom
  boite * n'existe pas
  boite aux lettres inexistante
  boite inexistante
  compte * n'existe pas
  compte desactive
  compte inconnu
  compte inexistant
  destinataire inconnu
  destinataire inexistant
  destinataire introuvable
  utilisateur inconnu
  utilisateur inexistant
  adresse * existiert nicht
  adresse ist ungultig
  adresse unbekannt
  benutzer existiert nicht
  benutzer unbekannt
  empfaenger unbekannt
  empfanger existiert nicht
  empfanger unbekannt
  kein solcher benutzer
  kein solches postfach
  konto existiert nicht
  mailbox existiert nicht
  postfach * existiert nicht
  postfach nicht gefunden
  unbekannte adresse
  unbekannter benutzer
  unbekannter empfaenger
  unbekannter empfanger
  buzon * no existe
  buzon inexistente
  cuenta * no existe
  cuenta inexistente
  destinatario desconocido
  direccion * no existe
  no existe el usuario
  usuario * no existe
  usuario desconocido
  usuario inexistente
  casella * inesistente
  casella * non esiste
  destinatario inesistente
  destinatario sconosciuto
  indirizzo * non esiste
  indirizzo inesistente
  indirizzo sconosciuto
  utente * non esiste
  utente inesistente
  utente non trovato
  utente sconosciuto
  caixa de correio inexistente
  caixa postal inexistente
  conta * nao existe
  conta inexistente
  destinatario desconhecido
  destinatario inexistente
  endereco * nao existe
  endereco inexistente
  usuario desconhecido
  utilizador desconhecido
  utilizador inexistente
  adres bestaat niet
  gebruiker bestaat niet
  gebruiker onbekend
  mailbox bestaat niet
  onbekend adres
  onbekende gebruiker
  onbekende ontvanger
  ontvanger onbekend
  postvak bestaat niet
  konto nie istnieje
  nie ma takiego uzytkownika
  nieznany uzytkownik
  disabled recipient
  invalid final delivery userid
  mailbox is closed
  recipient no longer exists
  нет такого пользователя
  пользователь не найден
  почтовый ящик не существует
  такого пользователя нет
`);
