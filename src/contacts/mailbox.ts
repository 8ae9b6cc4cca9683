/**
 * Mailboxes of a function and not of a person: those of RFC 2142, and those that are usual in French and English. What
 * is sent there reaches a legal person, whose data are not personal (CNIL; law L3).
 */
const FUNCTIONS = new Set(
  `info marketing sales support abuse noc security postmaster hostmaster usenet news webmaster www uucp ftp
   contact contacts hello bonjour accueil reception office bureau secretariat administration admin direction
   compta comptabilite facturation billing accounting finance achats purchasing commercial commerce ventes
   service-client serviceclient sav client clients rh recrutement jobs hr presse press communication com
   technique informatique it mairie boutique magasin reservation reservations booking enquiries team equipe
   noreply no-reply`.split(/\s+/),
);

/** Who lets private persons have a mailbox, by the name before the last dots: `yahoo` stands for yahoo.fr and yahoo.co.uk. */
const PRIVATE_PROVIDERS = new Set(
  `gmail googlemail hotmail outlook live msn yahoo ymail icloud me mac aol gmx web t-online freenet orange wanadoo free
   sfr neuf laposte bbox numericable proton protonmail pm tutanota tuta mail yandex libero virgilio tiscali telenet skynet
   bluewin btinternet sky`.split(/\s+/),
);
/** Providers that are one domain: others have the same name under another. */
const ONE_DOMAIN: Readonly<Record<string, string>> = {
  me: 'me.com',
  mac: 'mac.com',
  web: 'web.de',
  free: 'free.fr',
  mail: 'mail.com',
  pm: 'pm.me',
  sky: 'sky.com',
  live: 'live.',
  orange: 'orange.fr',
};

/** True for `info@…`, `contact@…`, `service.client@…`: the mailbox of a function. A sub-address (`+shop`) does not matter. */
export function isGenericAddress(email: string): boolean {
  const [local = ''] = email.toLowerCase().split('@');
  const name = local.split('+')[0]!;
  return (
    FUNCTIONS.has(name) || FUNCTIONS.has(name.replaceAll(/[._]/g, '-')) || FUNCTIONS.has(name.replaceAll(/[._-]/g, ''))
  );
}

/** True for a mailbox of a provider of private persons: what a business is written to about does not go there (law L3). */
export function isPrivateMailbox(email: string): boolean {
  const domain = email.toLowerCase().split('@').at(-1)!;
  const provider = domain.split('.')[0]!;
  if (!PRIVATE_PROVIDERS.has(provider)) return false;
  const only = ONE_DOMAIN[provider];
  return only === undefined || domain.startsWith(only);
}
