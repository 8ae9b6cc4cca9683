import type { ConsentAction, ConsentEntry, LegalBasis } from '../consent/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Deed } from './activity.ts';
import { draw } from './draw.ts';
import { FIRST_CONTACT, type Person } from './people.ts';

const DAY = 86_400_000;

/** The words people saw, by purpose. */
const WORDS: Record<string, { version: string; text: string }> = {
  newsletter: {
    version: '2026-01',
    text: 'Yes, write to me about what is new. I can end this at any time with one click.',
  },
  offers: {
    version: '2026-01',
    text: 'We write to customers about similar products. Tick here if you would rather not.',
  },
  // Of those who agreed to offers without a sale.
  'offers consent': { version: '2025-01', text: 'Yes, send me your offers, and a gift on my birthday.' },
};

/**
 * What a sample contact has said about being written to, oldest first. Of some nothing is known, and some have changed
 * their mind, so that the gate has something to refuse.
 */
export function consentsOf(person: Person, deeds: readonly Deed[], now: Instant): ConsentEntry[] {
  const { userId, traits, createdAt } = person;
  const entries: ConsentEntry[] = [];
  const say = (
    channel: string,
    purpose: string,
    action: ConsentAction,
    at: Instant,
    legalBasis: LegalBasis | null,
  ): void => {
    const { version, text } = (WORDS[`${purpose} ${legalBasis}`] ?? WORDS[purpose])!;
    const source = { kind: action === 'withdrawn' ? 'preference-centre' : 'form', reference: `${purpose} form` };
    entries.push({
      channel,
      purpose,
      action,
      at,
      legalBasis,
      source,
      textVersion: version,
      text,
      ip: null,
      userAgent: null,
    });
  };
  const given = createdAt + Math.round(Math.min(DAY, (now - createdAt) / 2));
  const later = Math.round(given + (now - given) * 0.8);

  const mind = userId === FIRST_CONTACT ? 0 : draw(userId, 'newsletter');
  if (mind < 0.78) say('email', 'newsletter', 'granted', given, 'consent');
  else if (mind < 0.83) say('email', 'newsletter', 'refused', given, null);
  if (mind >= 0.7 && mind < 0.78) say('email', 'newsletter', 'withdrawn', later, null);
  if (traits.phone !== undefined && mind < 0.35) say('sms', 'newsletter', 'granted', given, 'consent');

  // A soft opt-in needs a sale that is known (rule C3); who bought longer ago has agreed.
  const sale = deeds.find(({ name }) => name === 'Order Completed');
  const boughtBefore = userId !== FIRST_CONTACT && draw(userId, 'bought before') < 0.6;
  if (sale !== undefined || boughtBefore) {
    const at = sale?.at ?? given;
    if (draw(userId, 'objects') < 0.1) say('email', 'offers', 'refused', at, null);
    else say('email', 'offers', 'granted', at, sale === undefined ? 'consent' : 'soft-opt-in');
  }
  return entries.sort((a, b) => a.at - b.at);
}
