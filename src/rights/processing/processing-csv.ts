import { stringify } from 'csv-stringify/sync';
import type { Policy } from '../../gate/index.ts';
import type { ProcessingActivity } from './processing.ts';

/** The register for a spreadsheet (RFC 4180). A cell that would be taken for a formula is escaped (rule S5). */
export function processingCsv(
  activities: readonly ProcessingActivity[],
  controller: Policy['controller'] | null,
): string {
  const who = controller === null ? '' : Object.values(controller ?? {}).join(', ');
  const rows = activities.map((activity) =>
    Object.fromEntries([
      ['controller', who],
      ...Object.entries(activity).map(([name, value]) => [name, Array.isArray(value) ? value.join('; ') : value]),
    ]),
  );
  return stringify(rows, { header: true, columns: COLUMNS, escape_formulas: true, record_delimiter: 'windows' });
}

const COLUMNS = [
  'controller',
  'programme',
  'scenario',
  'version',
  'name',
  'objective',
  'owner',
  'purposes',
  'legalBases',
  'persons',
  'data',
  'recipients',
  'retention',
  'security',
];
