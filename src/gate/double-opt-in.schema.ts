import { z } from 'zod';
import { durationMs, parseDuration, spanText } from '../calendar/index.ts';
import { countrySchema } from './country.schema.ts';

/** Whoever has not answered after a year will not: a longer time is a slip of the pen. */
const LONGEST = 366 * 86_400_000;

const name = z.string().min(1);

/** `doubleOptIn` of the policy: whose consent by email counts only once it was confirmed from the mailbox (rule C4, law L22). */
export const doubleOptInSchema = z.strictObject({
  /** ISO 3166-1 alpha-2, of the contact; or `all`. */
  countries: z.union([z.literal('all'), z.array(countrySchema).min(1)], {
    error: 'must be `all` or a list of two-letter country codes in upper case, such as `[DE, AT]`',
  }),
  /** Whether a contact of whom no country is known must confirm, too. */
  unknownCountry: z.enum(['confirm', 'trust']).default('confirm'),
  /** Purposes whose legal basis is consent; all of them unless said. */
  purposes: z.array(name).min(1).optional(),
  /** The mail that asks; only it has `links.confirm`. */
  template: name,
  /** How long a request may be confirmed. */
  expires: spanText
    .refine((text) => (parseDuration(text) === null ? true : durationMs(parseDuration(text)!) <= LONGEST), {
      error: 'must be of a year at most, such as `7d`',
    })
    .default('7d'),
  /** Who asks; with brands, for those it does not speak for the first sender of theirs that writes mail. */
  sender: name,
});

type DoubleOptInPolicy = z.output<typeof doubleOptInSchema>;

/** What of a policy it is held against. */
interface Beside {
  senders: Record<string, { email?: string; address?: string }>;
  purposes: Record<string, { legalBasis: string }>;
  brands?: Record<string, { senders: string[] }>;
  doubleOptIn?: DoubleOptInPolicy;
}

/** The sender that asks in the name of a brand; undefined when none of the brand's can write mail. */
export function confirmationSender(
  { senders, brands, doubleOptIn }: Beside,
  brand: string | null | undefined,
): string | undefined {
  const own = doubleOptIn?.sender;
  const ofBrand = typeof brand === 'string' ? brands?.[brand]?.senders : undefined;
  if (own === undefined || ofBrand === undefined || ofBrand.includes(own)) return own;
  return ofBrand.find((sender) => senders[sender]?.email !== undefined);
}

type Report = (path: (string | number)[], message: string) => void;

/** What is wrong with it beside the rest of the policy. */
export function checkDoubleOptIn(policy: Beside, report: Report): void {
  const { doubleOptIn, senders, purposes, brands = {} } = policy;
  if (doubleOptIn === undefined) return;
  doubleOptIn.purposes?.forEach((purpose, index) => {
    const at = ['doubleOptIn', 'purposes', index];
    if (!Object.hasOwn(purposes, purpose))
      report(at, `no purpose is called \`${purpose}\`; there is ${Object.keys(purposes).join(', ')}`);
    else if (purposes[purpose]!.legalBasis !== 'consent')
      report(at, `\`${purpose}\` rests on ${purposes[purpose]!.legalBasis}, and only a consent can be confirmed`);
  });
  const { sender } = doubleOptIn;
  const at = ['doubleOptIn', 'sender'];
  if (!Object.hasOwn(senders, sender))
    return report(at, `no sender is called \`${sender}\`; there is ${Object.keys(senders).join(', ')}`);
  complain(sender, senders[sender]!, (message) => report(at, message));
  for (const [brand, { senders: own }] of Object.entries(brands)) {
    const asking = confirmationSender(policy, brand);
    if (asking === sender) continue;
    if (asking === undefined)
      report(
        ['brands', brand, 'senders'],
        `none of ${own.join(', ')} has an \`email\`, and a consent must be confirmed`,
      );
    else complain(asking, senders[asking]!, (message) => report(['senders', asking], message));
  }
}

/** Who asks must say in full who that is (LG Berlin; law L22). */
function complain(
  sender: string,
  { email, address }: { email?: string; address?: string },
  report: (message: string) => void,
): void {
  if (email === undefined) report(`\`${sender}\` has no \`email\` to ask for a confirmation with`);
  else if (address === undefined)
    report(`\`${sender}\` has no postal \`address\`, which the mail that asks for a confirmation must show`);
}
