import { rowsStatement } from '../../../database/index.ts';
import type { Instant } from '../../../shared/clock.ts';
import type { Deliveries } from '../breaker.ts';

/** Adds to the counts of a domain and hour. Rows come in the order of their domains, so that no two writers wait for each other. */
export const addDeliveries = rowsStatement<Deliveries & { domain: string; hour: Instant }>({
  name: 'dispatch-add-deliveries',
  columns: [
    ['domain', 'text'],
    ['hour', 'float8'],
    ['handed', 'integer'],
    ['failed', 'integer'],
    ['bounced', 'integer'],
    ['complained', 'integer'],
  ],
  text: `
    INSERT INTO delivery_count (domain, hour, handed, failed, bounced, complained)
    SELECT x.domain, to_timestamp(x.hour / 1000), x.handed, x.failed, x.bounced, x.complained FROM {rows}
    ON CONFLICT (domain, hour) DO UPDATE SET
      handed = delivery_count.handed + excluded.handed, failed = delivery_count.failed + excluded.failed,
      bounced = delivery_count.bounced + excluded.bounced, complained = delivery_count.complained + excluded.complained`,
});
