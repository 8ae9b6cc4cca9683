import type { Statement } from '../../database/index.ts';
import { CONTACT_TABLES } from '../contact-tables.ts';

/** One part of an export: the rows of contact $2 of lane $1 in one table, as JSON objects. */
export const exportParts: readonly (Statement<{ row: Record<string, unknown> }> & { as: string })[] =
  CONTACT_TABLES.map(({ name, key, exportedAs, order }) => ({
    as: exportedAs,
    name: `rights-export-${name}`,
    text: `SELECT to_jsonb(t) - 'lane' - 'month' AS row FROM ${name} t WHERE lane = $1 AND ${key} = $2 ORDER BY ${order}`,
  }));
