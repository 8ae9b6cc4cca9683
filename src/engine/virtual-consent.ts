import {
  addressMark,
  asConfirmable,
  confirmationOf,
  expiryOf,
  isRequest,
  OBJECTION,
  sameConsent,
  standingOf,
  stateOf,
  withConsent,
  withTraits,
  type Addressee,
  type ConsentEntry,
  type ConsentKey,
  type ConsentState,
  type DoubleOptIn,
  type RequestStanding,
  type Suppression,
} from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import { askedIn, CONFIRMATION, type Message } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import type { ContactChanges, InboxItem } from './world.ts';

/** What of a contact in the virtual world has to do with consent. */
interface Consenting {
  contact: Contact | null;
  consents: ConsentState[];
  suppressions: readonly Suppression[];
  inbox: readonly InboxItem[];
  messages: ReadonlyMap<Id, Message>;
}

const NOWHERE = { country: null, timezone: null, email: null };
/** A virtual world keeps no proof. */
const NO_WORDS = { textVersion: null, text: null };
const NOBODY_SEEN = { ip: null, userAgent: null };
const NO_PROOF = { source: { kind: 'virtual', reference: null }, ...NO_WORDS, ...NOBODY_SEEN };

/** What somebody says about consent, without its proof. */
export type ConsentWord = Omit<ConsentEntry, keyof typeof NO_PROOF>;

/** A word about consent in the virtual world, taken as the ledger would under a policy that asks for confirmations, or none. */
export function tellConsent(record: Consenting, word: ConsentWord, rule: DoubleOptIn | null, now: Instant): void {
  // A backend says who somebody is and what they agreed to one right after the other.
  const person = record.inbox.reduce<Addressee>(
    (known, item) =>
      item.kind === 'event' && item.event.type === 'identify' ? withTraits(known, item.event.properties) : known,
    record.contact ?? NOWHERE,
  );
  for (const each of asConfirmable({ ...NO_PROOF, ...word }, record.consents, rule, person, now))
    record.consents = withConsent(record.consents, stateOf(each));
}

/**
 * The contact confirms by the link of the latest mail that asked for it, and so all that this mail asks about: where the
 * link stood, and stands no more when it was open. Null when no such mail has been sent by now.
 */
export function confirmConsent(
  record: Consenting,
  contactId: Id,
  key: ConsentKey,
  now: Instant,
): RequestStanding | null {
  const mail = [...record.messages.values()].findLast(
    (message) =>
      message.scenarioId === CONFIRMATION &&
      message.channel === key.channel &&
      askedIn(message).includes(key.purpose) &&
      message.status === 'sent',
  );
  const email = record.contact?.email ?? null;
  if (mail === undefined || email === null) return null;
  const state = record.consents.find((each) => sameConsent(each, key));
  const mark = state?.addressMark ?? addressMark(email);
  const link = { ...key, purposes: askedIn(mail), messageId: mail.id, addressMark: mark };
  const objects = record.suppressions.some(({ reason }) => reason === OBJECTION);
  const { standing, purposes } = standingOf(contactId, link, record.consents, { email, objects }, now);
  if (standing !== 'open') return standing;
  for (const purpose of purposes) {
    const request = record.consents.find((each) => sameConsent(each, { ...key, purpose }));
    if (isRequest(request))
      record.consents = withConsent(
        record.consents,
        stateOf(confirmationOf(request, link, NO_WORDS, NOBODY_SEEN, now)),
      );
  }
  return standing;
}

/** What a tick decided about requests: those that have run out, and those whose message is planned. */
export function takeRequests(
  record: Consenting,
  { asked, expired }: Pick<ContactChanges, 'asked' | 'expired'>,
  now: Instant,
): void {
  for (const request of expired) record.consents = withConsent(record.consents, stateOf(expiryOf(request)));
  for (const request of asked)
    record.consents = record.consents.map((each) =>
      sameConsent(each, request) && each.requestedAt === request.requestedAt ? { ...each, askedAt: now } : each,
    );
}

/** When the first of the requests runs out; never, when none waits. */
export function nextExpiry({ consents }: Pick<Consenting, 'consents'>): Instant {
  let next = Number.POSITIVE_INFINITY;
  for (const consent of consents) if (isRequest(consent) && consent.expiresAt < next) next = consent.expiresAt;
  return next;
}
