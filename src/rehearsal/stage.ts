import { addDuration, contactZone } from '../calendar/index.ts';
import { isByMessage, withConsent, type ConsentState, type DoubleOptIn } from '../consent/index.ts';
import { applyTraits, newContact, normaliseTraits, type Contact } from '../contacts/index.ts';
import { knownWatches, NOTHING_CAME_BACK, tellConsent, type ConsentWord } from '../engine/index.ts';
import type { CustomerEvent } from '../events/index.ts';
import { UserError } from '../shared/errors.ts';
import type { Instant } from '../shared/clock.ts';
import { contactIdOf, derivedId, type Id } from '../shared/ids.ts';
import { arriveReply } from './reply-line.ts';
import { standForAddress } from './stand-for-address.ts';
import type { EarlierSend, TestContact, TestLine } from './test-file.schema.ts';
import type { VirtualRun } from './virtual-run.ts';

/** Puts a written contact there as if it had been known before `start`, with its consents and watches. `file` is named in faults. */
export function placeContact(run: VirtualRun, definition: TestContact, start: Instant, file: string, name: string): Id {
  const contact = writtenContact(definition, start, { file, name }, run.library.policy.policy.timezone);
  const record = run.world.of(contact.id);
  const { doubleOptIn } = run.library.policy.compiled;
  for (const consent of definition.consents)
    record.consents = withConsent(record.consents, knownConsent(consent, contact, doubleOptIn, start));
  run.world.place(contact, knownWatches(contact, run.library, start));
  return contact.id;
}

type WrittenConsent = TestContact['consents'][number];

/** As the service does: what is dated later than it is told must not outlive a later word. */
function wordOf(
  { channel, purpose, brand, action, at, legalBasis, requestedAt }: WrittenConsent,
  now: Instant,
): ConsentWord {
  return {
    channel,
    purpose,
    ...(brand !== undefined && { brand }),
    action,
    at: Math.min(at ?? now, now),
    legalBasis: legalBasis ?? null,
    ...(requestedAt !== undefined && { requestedAt }),
  };
}

/** Known since before the beginning: a consent was confirmed where it must be, and for one that waits the mail has been sent. */
function knownConsent(
  consent: WrittenConsent,
  contact: Contact,
  rule: DoubleOptIn | null,
  start: Instant,
): ConsentState {
  const { action: state, requestedAt, ...word } = wordOf(consent, start);
  const { at, channel, purpose } = word;
  if (rule === null || channel !== 'email' || !rule.purposes.has(purpose)) return { ...word, state };
  if (state === 'granted') return { ...word, state, requestedAt: requestedAt ?? at };
  if (state !== 'pending') return { ...word, state };
  const expiresAt = addDuration(at, rule.expires, contactZone(contact, rule.timezone));
  return { ...word, state, requestedAt: at, expiresAt, askedAt: at };
}

/** A contact as written in a file; `zone` is the policy's. Throws UserError for a trait that cannot be used. */
export function writtenContact(
  definition: TestContact,
  start: Instant,
  { file, name }: { file: string; name: string },
  zone: string,
): Contact {
  const { userId, consents: _consents, traits: others = {}, ...reserved } = definition;
  const traits = usable({ ...others, ...reserved }, `the contact ${name} cannot be used`, file);
  return applyTraits(newContact(contactIdOf(userId), userId, start), traits, zone);
}

/** A send from before the virtual time began; `index` tells it from others of the contact. */
export function placeSend(run: VirtualRun, contactId: Id, send: EarlierSend, index: number): void {
  const record = run.world.of(contactId);
  const { at, channel, category, template = '', scenario: scenarioId = '', programme = '', sender = '' } = send;
  const { campaign = null, purpose = '', parts = 1 } = send;
  record.earlierMessages.push({ ...NOTHING_CAME_BACK, template, scenarioId, channel, sender, sentAt: at });
  const countsToward = run.library.policy.policy.categories[category]?.countsToward !== false;
  const messageId = derivedId(contactId, 'earlier', index);
  const counted = { messageId, at, channel, category, programme, scenarioId, sender };
  record.earlierSends.push({ ...counted, campaign, purpose, parts, countsToward });
}

/** What one line of a timeline says arrives now: an event, traits, a word about consent, a text, a choice or a restriction. */
export function arriveLine(run: VirtualRun, contactId: Id, line: TestLine, index: number, file: string): void {
  if (line.consent !== undefined) {
    const record = run.world.of(contactId);
    const { doubleOptIn } = run.library.policy.compiled;
    tellConsent(record, wordOf(line.consent, line.at), doubleOptIn, line.at);
    standForAddress(run, contactId, line.consent, isByMessage(line.consent.source?.['kind']));
    return run.arrive({ kind: 'consent', contactId });
  }
  if (line.reply !== undefined) return arriveReply(run, contactId, line, index, file);
  if (line.restrict !== undefined) return line.restrict ? run.world.restrict(contactId) : run.lift(contactId);
  if (line.preferences !== undefined) {
    const { language, ...limits } = line.preferences;
    const where = `the preferences at timeline line ${index + 1} cannot be used`;
    const chosen =
      language === undefined ? {} : { language: usable({ locale: language }, where, file)['locale'] as string };
    run.world.choose(contactId, { ...limits, ...chosen });
    return run.arrive({ kind: 'preferences', contactId });
  }
  const where = `the traits at timeline line ${index + 1} cannot be used`;
  const traits = line.identify === undefined ? undefined : usable(line.identify, where, file);
  const event: CustomerEvent = {
    id: derivedId(contactId, 'event', `timeline ${index}`),
    contactId,
    userId: null,
    seq: run.sequence.next(),
    type: traits === undefined ? 'track' : 'identify',
    name: line.track ?? 'Identified',
    at: Math.min(line.timestamp ?? line.at, line.at),
    receivedAt: line.at,
    properties: traits ?? line.properties ?? {},
    historical: line.context?.historical ?? false,
    active: line.context?.active ?? true,
    ...(line.context !== undefined && { context: line.context }),
  };
  run.world.receive({ kind: 'event', contactId, seq: event.seq, receivedAt: event.receivedAt, event });
}

function usable(given: Record<string, unknown>, message: string, file: string): Record<string, unknown> {
  const { traits, faults } = normaliseTraits(given);
  if (faults.length === 0) return traits;
  throw new UserError(
    message,
    faults.map((fault) => ({ ...fault, file })),
  );
}
