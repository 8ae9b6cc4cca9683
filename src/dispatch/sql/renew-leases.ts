import type { Statement } from '../../database/index.ts';

/** The exchanges of messages (lanes $1, months $2, ids $3) go on: no sweep looks at them before $4. */
export const renewLeases: Statement = {
  name: 'dispatch-renew-leases',
  text: `
    UPDATE message m SET lease_until = to_timestamp($4::float8 / 1000)
    FROM unnest($1::smallint[], $2::date[], $3::uuid[]) AS k(lane, month, id)
    WHERE m.lane = k.lane AND m.month = k.month AND m.id = k.id AND m.status = 'handing'`,
};
