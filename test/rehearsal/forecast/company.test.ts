import fc from 'fast-check';
import { newContact } from '../../../src/contacts/index.ts';
import { companiesOf, without, type Member } from '../../../src/rehearsal/forecast/company.ts';
import type { Newcomer } from '../../../src/rehearsal/forecast/arrivals.ts';

/** A member that comes with newcomers, each of whom has one of a few mailboxes or none. */
const memberOf = (index: number, mailboxes: readonly (number | null)[]): Member => {
  const newcomers = mailboxes.map((mailbox, number): Newcomer => {
    const contact = newContact(`${index}-${number}`, null, 0);
    return { contact: { ...contact, email: mailbox === null ? null : `Box-${mailbox}@example.com` }, consents: [] };
  });
  return { id: String(index), known: null, newcomers, waiting: [], arrivals: [] };
};

const members = fc
  .array(fc.array(fc.option(fc.nat({ max: 12 })), { maxLength: 3 }), { maxLength: 30 })
  .map((all) => all.map((mailboxes, index) => memberOf(index, mailboxes)));

const mailboxesOf = ({ newcomers }: Member): string[] => newcomers.flatMap(({ contact }) => contact.email ?? []);

describe('companies of a slice', () => {
  it('hold everybody once, and all who share an address together (rule P12)', () => {
    fc.assert(
      fc.property(members, fc.integer({ min: 1, max: 8 }), (all, most) => {
        const companies = companiesOf(all, most);
        expect(companies.flat().sort((a, b) => Number(a.id) - Number(b.id))).toEqual(all);
        const holders = new Map<string, Set<number>>();
        for (const [index, company] of companies.entries())
          for (const mailbox of company.flatMap(mailboxesOf))
            holders.set(mailbox, (holders.get(mailbox) ?? new Set()).add(index));
        for (const companiesOfOne of holders.values()) expect(companiesOfOne.size).toBe(1);
      }),
    );
  });

  it('are as large as asked where nobody shares an address', () => {
    const alone = Array.from({ length: 7 }, (_, index) => memberOf(index, [index]));
    expect(companiesOf(alone, 3).map((company) => company.map(({ id }) => id))).toEqual([
      ['0', '1', '2'],
      ['3', '4', '5'],
      ['6'],
    ]);
  });

  it('are gone on with without the one to whom a broken contact belongs', () => {
    const all = [memberOf(0, [1, 2]), memberOf(1, [3])];
    expect(without(all, '0-1').map(({ id }) => id)).toEqual(['1']);
    expect(without(all, '1').map(({ id }) => id)).toEqual(['0']);
  });
});
