import { closesPurpose, isRequest, sameConsent, type ConsentState, type LegalBasis } from '../consent/index.ts';
import { isGenericAddress, isPrivateMailbox } from '../contacts/index.ts';
import { addressKey } from '../shared/address.ts';
import { askedIn, CONFIRMATION } from './confirmation.ts';
import type { GateRecord, JudgeFacts, Message } from './message.ts';
import type { PolicyVersion } from './policy.ts';
import { refusal, type Pass, type Refusal } from './reasons.ts';

/** What a legal basis is asked, when nobody has consented and nobody has said no. */
interface Case {
  message: Message;
  facts: JudgeFacts;
  policy: PolicyVersion;
  /** What was recorded; undefined when nothing was. */
  said: ConsentState | undefined;
  brand: string | undefined;
}

const passed = (reason?: Pass<'consent'>): GateRecord => ({
  gate: 'consent',
  passed: true,
  ...(reason !== undefined && { reason }),
});
const refused = (reason: Refusal<'consent'>): GateRecord => refusal('consent', reason);

/**
 * Consent by channel, purpose and brand (rule C1). A `no` of any kind refuses whatever the legal basis, and so does a
 * consent that waits for its confirmation; a consent passes under any basis. Between the two the basis of the purpose
 * decides (rule C3; law L1 to L3, L23). Nothing said is `unknown` and refuses, unless the basis needs nothing said.
 */
export function consentGate(message: Message, facts: JudgeFacts, policy: PolicyVersion): GateRecord {
  if (message.scenarioId === CONFIRMATION) return confirmationGate(message, facts, policy);
  if (!message.needsConsent) return passed('not-needed');
  const { purposes } = policy.policy;
  if (!Object.hasOwn(purposes, message.purpose)) return refused('no-such-purpose');
  const brand = policy.compiled.brandOf.get(message.sender);
  const { channel, purpose } = message;
  const said = facts.consents.find((state) => sameConsent(state, { channel, purpose, brand }));
  const state = said?.state ?? 'unknown';
  if (state === 'withdrawn' || state === 'refused' || state === 'pending') return refused(state);
  const { contact, suppressions } = facts;
  const address = channel === 'email' ? contact.email : contact.phone;
  if (suppressions.some((one) => closesPurpose(one, { channel, purpose, brand }) && isOf(one.address, address)))
    return refused('withdrawn-at-address');
  // Who has said yes and no basis was told has consented.
  if (state === 'granted' && (said!.legalBasis ?? 'consent') === 'consent') return passed();
  const known = state === 'granted' ? said : undefined;
  return ASK[purposes[purpose]!.legalBasis]({ message, facts, policy, said: known, brand });
}

/** Facts of a moment ago may tell of an address that the contact has no more. */
const isOf = (one: string | null, address: string | null): boolean =>
  one !== null && address !== null && addressKey(one) === addressKey(address);

/** The message that asks for a confirmation goes out while a request of it waits, and for nothing else (rule C4). */
function confirmationGate(message: Message, { consents }: JudgeFacts, { compiled }: PolicyVersion): GateRecord {
  const { channel, sender, data } = message;
  const brand = compiled.brandOf.get(sender);
  const states = askedIn(message).map((purpose) =>
    consents.find((each) => sameConsent(each, { channel, purpose, brand })),
  );
  if (states.some((state) => isRequest(state) && state.requestedAt === data['requestedAt']))
    return passed('confirmation');
  const [state] = states;
  switch (state?.state) {
    case 'granted':
      return refused('confirmed');
    case 'withdrawn':
    case 'refused':
    case 'pending':
      return refused(state.state);
    default:
      return refused('unknown');
  }
}

const ASK: Readonly<Record<LegalBasis, (asked: Case) => GateRecord>> = {
  consent: ({ said }) => refused(said === undefined ? 'unknown' : 'not-consent'),

  /**
   * CPCE L34-5: told at the sale that one may object, which is what the entry records, and a sale of this purpose, by
   * this brand. An account is no sale.
   */
  'soft-opt-in': ({ message, facts, said, brand }) => {
    if (said === undefined) return refused('unknown');
    if (said.legalBasis !== 'soft-opt-in') return refused('not-consent');
    const sold = facts.past.sales.some((sale) => sale.purpose === message.purpose && (brand ?? '') === sale.brand);
    return sold ? passed('soft-opt-in') : refused('no-sale');
  },

  /** What a contract asks for needs no consent; advertising is not what a contract asks for. */
  contract: ({ message, said }) => {
    if (message.category === 'marketing') return refused(said === undefined ? 'unknown' : 'not-consent');
    return passed('contract');
  },

  'legitimate-interest': (asked) =>
    asked.policy.compiled.once.has(asked.message.purpose) ? referral(asked) : professional(asked),
};

/** A friend whom somebody named (UFMD charter, law L23): one message, and the next needs their own consent. */
function referral({ message, facts, said }: Case): GateRecord {
  if (said === undefined) return refused('unknown');
  if (said.legalBasis !== 'legitimate-interest') return refused('not-consent');
  const spent = facts.past.spent.some(
    ({ purpose, messageId }) => purpose === message.purpose && messageId !== message.id,
  );
  return spent ? refused('referral-used') : passed('referral');
}

/**
 * CNIL on prospecting between businesses (law L3): information and opposition are enough for who is written to by
 * profession. The mailbox of a function belongs to a legal person; a private mailbox never to a business.
 */
function professional({
  message,
  facts: { contact, consents },
  policy,
}: {
  message: Pick<Message, 'channel' | 'purpose' | 'plannedAt'>;
  facts: Pick<JudgeFacts, 'contact' | 'consents'>;
  policy: PolicyVersion;
}): GateRecord {
  const email = message.channel === 'email' ? contact.email : null;
  const isPrivate = email !== null && isPrivateMailbox(email);
  // `contact@gmail.com` is somebody's own.
  if (email !== null && isGenericAddress(email) && !isPrivate) return passed('generic-address');
  const isProfessional = policy.compiled.appliesTo.get(message.purpose)!;
  const zone = contact.timezone ?? policy.policy.timezone;
  if (
    !isProfessional({
      now: message.plannedAt,
      contact,
      zone,
      history: [],
      consents,
      messages: [],
      audiences: policy.compiled.audiences,
      brandOf: policy.compiled.brandOf,
    })
  )
    return refused('not-professional');
  return isPrivate ? refused('private-mailbox') : passed('legitimate-interest');
}

/** Whether somebody who has said nothing of a purpose is written to all the same: by profession, until they say no. */
export function isWrittenToUnasked(
  subject: Pick<Message, 'channel' | 'purpose' | 'plannedAt'>,
  facts: Pick<JudgeFacts, 'contact' | 'consents'>,
  policy: PolicyVersion,
): boolean {
  const { appliesTo, once } = policy.compiled;
  if (!appliesTo.has(subject.purpose) || once.has(subject.purpose)) return false;
  return professional({ message: subject, facts, policy }).passed;
}
