import { OPEN_TRACKING, sameConsent, type ConsentState } from '../consent/index.ts';
import type { Policy } from '../gate/index.ts';
import { CHANNELS, type Channel } from '../shared/channel.ts';

/** One thing that a person can say yes or no to. */
export interface Choosable {
  channel: Channel;
  purpose: string;
  brand?: string;
  label: string;
  /** The person is written to before anything is said, by profession (law L3). */
  unasked: boolean;
}

type Choices = Pick<Policy, 'purposes' | 'brands' | 'senders'>;
type IsUnasked = (of: Pick<Choosable, 'channel' | 'purpose'>) => boolean;

/** All that a policy lets a person choose, brand by brand: what rests on a contract is nobody's choice. */
export function everythingChoosable(policy: Choices, isUnasked: IsUnasked): Choosable[] {
  const brands: (string | undefined)[] = policy.brands === undefined ? [undefined] : Object.keys(policy.brands);
  return brands.flatMap((brand) =>
    CHANNELS.flatMap((channel) =>
      Object.entries(policy.purposes)
        .filter(
          ([purpose, { legalBasis }]) =>
            legalBasis !== 'contract' && (purpose !== OPEN_TRACKING || channel === 'email'),
        )
        .map(([purpose, { label }]) => ({
          channel,
          purpose,
          ...(brand !== undefined && { brand }),
          label,
          unasked: isUnasked({ channel, purpose }),
        })),
    ),
  );
}

/** What of it a page of one brand offers: the channels by which somebody of the policy writes. */
export function offerOf(all: readonly Choosable[], policy: Choices, brand: string | undefined): Choosable[] {
  const senders = Object.values(policy.senders);
  const channels = CHANNELS.filter((channel) => senders.some((sender) => sender[channel] !== undefined));
  return all.filter((each) => each.brand === brand && channels.includes(each.channel));
}

/** How a box stands: `pending` is a yes that still waits for its confirmation. */
export function isOn(choosable: Choosable, states: readonly ConsentState[]): boolean {
  const said = stateOf(choosable, states);
  return said === 'granted' || said === 'pending' || (said === 'unknown' && choosable.unasked);
}

/** What was said last; an expired request is as if nothing had been said. */
export function stateOf(choosable: Choosable, states: readonly ConsentState[]): ConsentState['state'] | 'unknown' {
  const said = states.find((state) => sameConsent(state, choosable))?.state ?? 'unknown';
  return said === 'expired' ? 'unknown' : said;
}

/** How a box is called in forms and calls. */
export const nameOf = ({ channel, purpose }: Pick<Choosable, 'channel' | 'purpose'>): string => `${channel}.${purpose}`;
