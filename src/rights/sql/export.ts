import { standingAgainstAddresses } from '../../consent/index.ts';
import type { Statement } from '../../database/index.ts';
import { CONTACT_TABLES } from '../contact-tables.ts';

type Part = Statement<{ row: Record<string, unknown> }> & { as: string };

/** What stands against the addresses that the contact has: kept by address, whoever has it, and not by contact. */
const suppressedAddresses: Part = {
  as: 'suppressedAddresses',
  name: 'rights-export-suppressed-addresses',
  text: `
    SELECT to_jsonb(t) - 'contactId' AS row
    FROM (${standingAgainstAddresses('(VALUES ($1::smallint, $2::uuid))')}) t ORDER BY at, channel`,
};

/** One part of an export: the rows of contact $2 of lane $1 in one table, as JSON objects. */
export const exportParts: readonly Part[] = [
  ...CONTACT_TABLES.map(({ name, key, exportedAs, order }) => ({
    as: exportedAs,
    name: `rights-export-${name}`,
    text: `SELECT to_jsonb(t) - 'lane' - 'month' AS row FROM ${name} t WHERE lane = $1 AND ${key} = $2 ORDER BY ${order}`,
  })),
  suppressedAddresses,
];
