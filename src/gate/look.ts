import type { Look } from '../pages/index.ts';
import type { Policy } from './policy.schema.ts';

/**
 * How people's pages look: what a brand says of its own, else what the policy says for all. A brand without a name for
 * its pages goes by its label, a policy without one by its first sender.
 */
export function lookOf(policy: Pick<Policy, 'pages' | 'brands' | 'senders'>, id?: string): Look {
  const brand = id === undefined ? undefined : policy.brands?.[id];
  const own = brand?.pages ?? {};
  const [first] = Object.values(policy.senders);
  const name = policy.pages.brand ?? first?.email?.replace(/\s*<.*$/, '') ?? first?.sms ?? '';
  return {
    brand: own.brand ?? brand?.label ?? name,
    colour: own.colour ?? policy.pages.colour ?? null,
    logo: own.logo ?? policy.pages.logo ?? null,
  };
}
