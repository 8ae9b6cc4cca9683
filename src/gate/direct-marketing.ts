import type { Message } from './message.ts';
import type { Policy } from './policy.schema.ts';

/**
 * True when what serves this purpose must end with an objection: everything that does not rest on a contract with the
 * person (GDPR Art. 6(1)(b)). A purpose that the policy does not know counts as direct marketing.
 */
export function isDirectMarketing(purpose: string, policy: Pick<Policy, 'purposes'>): boolean {
  return !Object.hasOwn(policy.purposes, purpose) || policy.purposes[purpose]!.legalBasis !== 'contract';
}

/** Advertising, whatever the policy calls the category: what needs consent is advertising too. The rest are alerts (law L5). */
export const isAdvertising = ({ category, needsConsent }: Pick<Message, 'category' | 'needsConsent'>): boolean =>
  category === 'marketing' || needsConsent;
