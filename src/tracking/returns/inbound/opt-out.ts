import {
  EVERY_SENDER,
  sameConsent,
  type ConsentEntry,
  type ConsentKey,
  type LegalBasis,
} from '../../../consent/index.ts';
import { normaliseTraits } from '../../../contacts/index.ts';
import { brandOf, isDirectMarketing, type Policy } from '../../../gate/index.ts';
import type { Library } from '../../../scenarios/index.ts';

/** How the ledger says that somebody withdrew, or consented again, by text message. */
export const BY_TEXT = { stop: 'sms-stop', start: 'sms-start' } as const;

/** A number as contacts have it (E.164), read in a country where it is a national one; as it is when it is a short one. */
export function numberOf(written: string, country: string): string {
  const { traits } = normaliseTraits({ phone: written.trim(), country });
  if (typeof traits['phone'] === 'string') return traits['phone'];
  const international = normaliseTraits({ phone: `+${written.replace(/\D/g, '')}` }).traits['phone'];
  return typeof international === 'string' ? international : written.trim();
}

/**
 * The senders of the policy that a text was written to: those whose number it is, or to whose number `stop` the texts of
 * an alphanumeric sender say that one writes. Every sender when nobody can say: the strict side (rule C6).
 */
export function sendersWrittenTo({ senders, country }: Policy, to: string | null): string[] {
  if (to === null) return [EVERY_SENDER];
  const called = comparable(to, country);
  const found = Object.entries(senders)
    .filter(([, { sms, stop }]) =>
      [sms, stop].some((number) => number !== undefined && comparable(number, country) === called),
    )
    .map(([id]) => id);
  return found.length === 0 ? [EVERY_SENDER] : found;
}

function comparable(identity: string, country: string): string {
  const text = identity.trim().toLowerCase();
  if (/[a-z]/.test(text)) return text;
  const digits = text.replace(/\D/g, '');
  // Short numbers have no international form.
  return digits.length <= 6 ? digits : numberOf(text, country);
}

/**
 * Which consents a STOP to these senders withdraws: to direct marketing by text, of the senders' brands. One that texts of
 * other senders rest on too is left: to them the person did not write, and the suppression holds back the one written to.
 */
export function consentsOf(senders: readonly string[], library: Pick<Library, 'policy' | 'live'>): ConsentKey[] {
  const { policy } = library.policy;
  const writtenTo = senders.includes(EVERY_SENDER) ? Object.keys(policy.senders) : senders;
  const brands = [...new Set(writtenTo.map((sender) => brandOf(policy, sender)))];
  const users = textingSenders(library);
  return Object.keys(policy.purposes)
    .filter((purpose) => isDirectMarketing(purpose, policy))
    .flatMap((purpose) => brands.map((brand) => ({ channel: 'sms', purpose, brand })))
    .filter(
      ({ purpose, brand }) =>
        !users.some(
          (use) => use.purpose === purpose && brandOf(policy, use.sender) === brand && !writtenTo.includes(use.sender),
        ),
    );
}

/** Which sender texts for which purpose, in live scenarios. */
function textingSenders({ live }: Pick<Library, 'live'>): { purpose: string; sender: string }[] {
  return live.flatMap(({ definition }) =>
    Object.values(definition.steps).flatMap((step) =>
      step.kind === 'send' && step.channel === 'sms'
        ? [{ purpose: step.purpose ?? definition.purpose, sender: step.sender ?? definition.sender }]
        : [],
    ),
  );
}

/** A consent that a START gives back, on the legal basis it had. */
export interface Restored {
  key: ConsentKey;
  legalBasis: LegalBasis | null;
}

/**
 * What a START gives back (rule C6): of these consents, those that a STOP took and nothing was said about since. What was
 * withdrawn in another way, objected to, or never granted, stays so. `ledger` oldest first.
 */
export function restoredBy(
  ledger: readonly Pick<ConsentEntry, 'channel' | 'purpose' | 'brand' | 'action' | 'at' | 'legalBasis' | 'source'>[],
  keys: readonly ConsentKey[],
): Restored[] {
  return keys.flatMap((key) => {
    const said = ledger.filter((entry) => sameConsent(entry, key)).toSorted((a, b) => a.at - b.at);
    const [before, last] = said.slice(-2);
    if (last === undefined || before === undefined) return [];
    const taken = last.action === 'withdrawn' && last.source.kind === BY_TEXT.stop;
    return taken && before.action === 'granted' ? [{ key, legalBasis: before.legalBasis }] : [];
  });
}
