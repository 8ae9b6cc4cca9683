import { addDuration, contactZone, type Duration } from '../calendar/index.ts';
import type { Contact } from '../contacts/index.ts';
import { addressKey } from '../shared/address.ts';
import type { Instant } from '../shared/clock.ts';
import { sha256 } from '../shared/hash.ts';
import { derivedId, type Id } from '../shared/ids.ts';
import type { ConsentEntry } from './entry.ts';
import { sameConsent, type ConsentKey, type ConsentState } from './state.ts';

/** When a consent must be confirmed by whoever reads the address (rule C4, law L22). Of email: a text proves no address. */
export interface DoubleOptIn {
  /** ISO 3166-1 alpha-2; null means all. */
  countries: ReadonlySet<string> | null;
  /** Whether somebody of whom no country is known must confirm, too. */
  unknownCountry: boolean;
  /** Purposes that rest on consent. */
  purposes: ReadonlySet<string>;
  /** How long a request may be confirmed, in calendar steps of the contact's zone. */
  expires: Duration;
  /** Of the policy, for contacts that have none. */
  timezone: string;
}

/** What decides whether, and of which address, a person must confirm. */
export type Addressee = Pick<Contact, 'country' | 'timezone' | 'email'>;

/** The same after traits that have arrived; a trait that is cleared is null. */
export function withTraits(person: Addressee, traits: Readonly<Record<string, unknown>>): Addressee {
  const after = (name: keyof Addressee): string | null => {
    if (!Object.hasOwn(traits, name)) return person[name];
    const value = traits[name];
    return typeof value === 'string' ? value : null;
  };
  return { country: after('country'), timezone: after('timezone'), email: after('email') };
}

/** Tells addresses apart without writing them into the ledger: 16 hex digits. Spellings of one mailbox have one. */
export function addressMark(address: string): string {
  return sha256(`address ${addressKey(address)}`).slice(0, 16);
}

/** A state that waits for its confirmation, under a policy that asks for one. */
export interface ConfirmationRequest extends ConsentState {
  state: 'pending';
  requestedAt: Instant;
  expiresAt: Instant;
}

/** True for a request; a `pending` told where the policy asks for no confirmation is none, and waits for ever. */
export function isRequest(state: ConsentState | undefined): state is ConfirmationRequest {
  return state?.state === 'pending' && typeof state.requestedAt === 'number' && typeof state.expiresAt === 'number';
}

/** Of requests that wait, those that one message asks about, sorted: made at one instant, of one channel and brand. */
export function askedTogether(requests: readonly ConfirmationRequest[]): ConfirmationRequest[][] {
  const groups = new Map<string, ConfirmationRequest[]>();
  for (const request of requests) {
    const key = [request.channel, request.brand ?? '', request.requestedAt].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  return [...groups.values()].map((group) => group.toSorted((a, b) => (a.purpose < b.purpose ? -1 : 1)));
}

/** The id of the one message about requests of these purposes: whoever knows them knows the message. */
export function requestId(
  contactId: Id,
  { channel, brand, requestedAt }: Pick<ConfirmationRequest, 'channel' | 'brand' | 'requestedAt'>,
  purposes: readonly string[],
): Id {
  // An id of a purpose has no blank.
  return derivedId(contactId, 'confirmation', channel, purposes.toSorted().join(' '), brand ?? '', requestedAt);
}

/**
 * What goes into the ledger for what was told: a consent that must be confirmed first becomes `pending`, with the instant
 * at which it was asked for and that until which it may be confirmed. One that is asked for again meanwhile stays the
 * same request, unless it is for another address. A consent passes as it is when
 * - the entry proves a confirmation: a `requestedAt` before its `at`, which says when it was confirmed;
 * - it was confirmed before for this address, and has not been taken back since.
 * `pending` that is told asks for a confirmation whatever the country: that is what it says.
 */
export function asConfirmable(
  told: ConsentEntry,
  states: readonly ConsentState[],
  rule: DoubleOptIn | null,
  person: Addressee,
  now: Instant,
): ConsentEntry[] {
  if (rule === null || told.channel !== 'email' || !rule.purposes.has(told.purpose)) return [told];
  if ((told.legalBasis ?? 'consent') !== 'consent') return [told];
  const known = states.find((state) => sameConsent(state, told));
  const mark = person.email === null ? {} : { addressMark: addressMark(person.email) };
  if (told.action === 'granted') {
    if (!mustConfirm(rule, person)) return [told];
    if (typeof told.requestedAt === 'number' && told.requestedAt < told.at) return [{ ...told, ...mark }];
    if (known?.state === 'granted' && typeof known.requestedAt === 'number' && isSameAddress(known, mark))
      return [{ ...told, requestedAt: known.requestedAt, ...mark }];
  } else if (told.action !== 'pending') return [told];

  const waiting = isRequest(known) ? known : undefined;
  if (waiting !== undefined && waiting.expiresAt > now && isSameAddress(waiting, mark)) {
    const { requestedAt, expiresAt, addressMark: first } = waiting;
    return [
      { ...told, action: 'pending', requestedAt, expiresAt, ...(typeof first === 'string' && { addressMark: first }) },
    ];
  }
  // Asked for now, also when the person said so long ago: from here on there is time to confirm.
  const requestedAt = Math.max(now, told.at);
  const expiresAt = addDuration(requestedAt, rule.expires, contactZone(person, rule.timezone));
  const request: ConsentEntry = { ...told, action: 'pending', requestedAt, expiresAt, ...mark };
  return waiting !== undefined && waiting.expiresAt <= now ? [expiryOf(waiting), request] : [request];
}

function mustConfirm({ countries, unknownCountry }: DoubleOptIn, { country }: Addressee): boolean {
  if (countries === null) return true;
  return country === null ? unknownCountry : countries.has(country);
}

/** An address that was not known says nothing against another. */
function isSameAddress(known: ConsentState, { addressMark: mark }: { addressMark?: string }): boolean {
  return mark === undefined || (known.addressMark ?? mark) === mark;
}

/** The word of nobody: a request ran out at its very instant, and it is as if nothing had been said (rule C4, law L22). */
export function expiryOf({ channel, purpose, brand, requestedAt, expiresAt }: ConfirmationRequest): ConsentEntry {
  return {
    channel,
    purpose,
    ...(typeof brand === 'string' && { brand }),
    action: 'expired',
    at: expiresAt,
    legalBasis: null,
    source: { kind: 'double-opt-in', reference: null },
    textVersion: null,
    text: null,
    ip: null,
    userAgent: null,
    requestedAt,
  };
}

/** How a person confirms: the link of one message, opened at one address. */
export interface Confirmation extends Omit<ConsentKey, 'purpose'> {
  /** All that the message asks about. */
  purposes: readonly string[];
  messageId: Id;
  /** Of the address the message went to. */
  addressMark: string;
}

/**
 * Where a request stands for whoever holds its link. `open`: may be confirmed now. `confirmed`: it was, or a consent
 * stands otherwise. `expired`: its time is over, or another request or address has taken its place. `taken-back`: the
 * person has said no since, which no link overturns.
 */
export type RequestStanding = 'open' | 'confirmed' | 'expired' | 'taken-back';

/** What a link comes to, and for which of its purposes. */
export interface LinkStanding {
  standing: RequestStanding;
  purposes: readonly string[];
}

/** What is told of a link whose purposes stand differently: what can be done, else what was done, else why nothing can. */
const TOLD_FIRST: readonly RequestStanding[] = ['open', 'confirmed', 'taken-back', 'expired'];

/** `objects`: the person objects to direct marketing, which outranks every consent (rule C3). */
export function standingOf(
  contactId: Id,
  link: Confirmation,
  states: readonly ConsentState[],
  { email, objects }: { email: string | null; objects: boolean },
  now: Instant,
): LinkStanding {
  const isHere = email !== null && addressMark(email) === link.addressMark;
  const standings = link.purposes.map((purpose): RequestStanding => {
    const state = states.find((each) => sameConsent(each, { ...link, purpose }));
    if (objects || state?.state === 'withdrawn' || state?.state === 'refused') return 'taken-back';
    if (state?.state === 'granted') return 'confirmed';
    if (!isRequest(state) || requestId(contactId, state, link.purposes) !== link.messageId) return 'expired';
    return isHere && now < state.expiresAt ? 'open' : 'expired';
  });
  const standing = TOLD_FIRST.find((each) => standings.includes(each))!;
  return { standing, purposes: link.purposes.filter((_purpose, place) => standings[place] === standing) };
}

/** The words that were agreed to when a request was made: those of its first entry. */
export function wordsOf(
  ledger: readonly ConsentEntry[],
  request: ConfirmationRequest,
): Pick<ConsentEntry, 'textVersion' | 'text'> {
  const first = ledger.find(
    (entry) => entry.action === 'pending' && entry.requestedAt === request.requestedAt && sameConsent(entry, request),
  );
  return { textVersion: first?.textVersion ?? null, text: first?.text ?? null };
}

/** The consent as confirmed: in the words that were agreed to when it was asked for (rule C2). */
export function confirmationOf(
  request: ConfirmationRequest,
  link: Pick<Confirmation, 'messageId' | 'addressMark'>,
  words: Pick<ConsentEntry, 'textVersion' | 'text'>,
  seen: Pick<ConsentEntry, 'ip' | 'userAgent'>,
  at: Instant,
): ConsentEntry {
  const { channel, purpose, brand, requestedAt } = request;
  return {
    channel,
    purpose,
    ...(typeof brand === 'string' && { brand }),
    action: 'granted',
    // A process whose clock ran ahead may have recorded the request.
    at: Math.max(at, request.at),
    legalBasis: 'consent',
    source: { kind: 'double-opt-in', reference: link.messageId },
    textVersion: words.textVersion,
    text: words.text,
    ip: seen.ip,
    userAgent: seen.userAgent,
    requestedAt,
    addressMark: link.addressMark,
  };
}
