import { SIDES, type Side } from '../../gate/index.ts';
import type { PeopleRow, RulesRow } from '../sql/frequency-test.ts';
import {
  meanDifference,
  meanOf,
  shareDifference,
  shareOf,
  type Difference,
  type Estimated,
  type Mean,
  type Share,
} from '../statistics.ts';

/** What contacts do, each counted once. */
export const DEEDS = ['clicked', 'unsubscribed', 'complained', 'stopped', 'converted'] as const;

/** One figure on one side. */
export interface Measured {
  /** Contacts to whom it happened, each once. */
  contacts: number;
  /** Messages to which it happened; null of what contacts do. */
  messages: number | null;
  /** Of `sent` messages a contact, of all others the share of the side's contacts; null where too few were observed. */
  rate: Estimated | null;
}

/** One figure of both sides beside each other. */
export interface Figure {
  figure: 'sent' | 'held' | 'blocked' | (typeof DEEDS)[number];
  /** Of `held` and `blocked`, the pressure rule, as `own-…` the contact's own limits; null of all others. */
  rule: string | null;
  base: Measured;
  variant: Measured;
  /** By how much the variant's rate is larger. */
  difference: Difference | null;
}

const NOBODY: Omit<PeopleRow, 'side'> = {
  contacts: 0,
  sent: 0,
  squares: 0,
  reached: 0,
  clicked: 0,
  unsubscribed: 0,
  complained: 0,
  stopped: 0,
  converted: 0,
};

/** All that came of a test, from what was counted on each side. */
export function figuresOf(people: readonly PeopleRow[], rules: readonly RulesRow[]): Figure[] {
  const of = (side: Side): Omit<PeopleRow, 'side'> => people.find((row) => row.side === side) ?? NOBODY;
  const mean = (side: Side): Mean => ({ sum: of(side).sent, squares: of(side).squares, of: of(side).contacts });
  const sent = (side: Side): Measured => ({
    contacts: of(side).reached,
    messages: of(side).sent,
    rate: meanOf(mean(side)),
  });
  return [
    {
      figure: 'sent',
      rule: null,
      base: sent('base'),
      variant: sent('variant'),
      difference: meanDifference(mean('base'), mean('variant')),
    },
    ...DEEDS.map((deed) =>
      shares(deed, null, (side) => ({ contacts: of(side)[deed], messages: null, of: of(side).contacts })),
    ),
    ...rulesOf(rules).map(([what, rule]) =>
      shares(what, rule, (side) => {
        const row = rules.find((each) => each.what === what && each.rule === rule && each.side === side);
        return { contacts: row?.contacts ?? 0, messages: row?.messages ?? 0, of: of(side).contacts };
      }),
    ),
  ];
}

function shares(
  figure: Figure['figure'],
  rule: string | null,
  counted: (side: Side) => { contacts: number; messages: number | null; of: number },
): Figure {
  const [base, variant] = SIDES.map((side) => {
    const { contacts, messages, of } = counted(side);
    const share: Share = { count: contacts, of };
    return { share, measured: { contacts, messages, rate: shareOf(share) } };
  }) as [{ share: Share; measured: Measured }, { share: Share; measured: Measured }];
  const difference = shareDifference(base.share, variant.share);
  return { figure, rule, base: base.measured, variant: variant.measured, difference };
}

/** Every rule of either side that kept something away, and how, each once. */
function rulesOf(rules: readonly RulesRow[]): [RulesRow['what'], string][] {
  const all = new Map(rules.map(({ what, rule }) => [`${what}\t${rule}`, [what, rule] as [RulesRow['what'], string]]));
  return [...all.values()];
}
