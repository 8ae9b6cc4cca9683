import { runRows, type Sql } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Deliveries } from './breaker.ts';
import { addDeliveries } from './sql/count-deliveries.ts';

const HOUR = 3_600_000;
const NONE: Deliveries = { handed: 0, failed: 0, bounced: 0, complained: 0 };

/** Counts what became of mails, by sending domain, in the hour of `now`; what has no domain is not counted. */
export async function countDeliveries(
  sql: Sql,
  counts: readonly ({ domain: string | null } & Partial<Deliveries>)[],
  now: Instant,
): Promise<void> {
  const sums = new Map<string, Deliveries>();
  for (const { domain, ...count } of counts) {
    if (domain === null) continue;
    const sum = sums.get(domain) ?? NONE;
    sums.set(domain, {
      handed: sum.handed + (count.handed ?? 0),
      failed: sum.failed + (count.failed ?? 0),
      bounced: sum.bounced + (count.bounced ?? 0),
      complained: sum.complained + (count.complained ?? 0),
    });
  }
  const hour = Math.floor(now / HOUR) * HOUR;
  const rows = [...sums]
    .filter(([, sum]) => Object.values(sum).some((count) => count > 0))
    .map(([domain, sum]) => ({ ...sum, domain, hour }))
    .sort((a, b) => (a.domain < b.domain ? -1 : 1));
  await runRows(sql, addDeliveries, rows);
}
