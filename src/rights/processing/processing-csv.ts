import { stringify } from 'csv-stringify/sync';
import type { ProcessingActivity } from './processing.ts';

/** The register for a spreadsheet (RFC 4180). A cell that would be taken for a formula is escaped (rule S5). */
export function processingCsv(activities: readonly ProcessingActivity[]): string {
  const rows = activities.map((activity) =>
    Object.fromEntries(
      Object.entries(activity).map(([name, value]) => [name, Array.isArray(value) ? value.join('; ') : value]),
    ),
  );
  return stringify(rows, { header: true, columns: COLUMNS, escape_formulas: true, record_delimiter: 'windows' });
}

const COLUMNS: (keyof ProcessingActivity)[] = [
  'programme',
  'scenario',
  'version',
  'name',
  'objective',
  'purposes',
  'legalBases',
  'persons',
  'data',
  'recipients',
  'security',
];
