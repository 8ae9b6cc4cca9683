import type { Statement } from '../../database/index.ts';

/**
 * Locks the claimed messages (lanes $1, months $2, ids $3) for as long as they are being handed over, and tells which
 * are still ours. While the lock is held no sweep declares them unknown; when the process dies the lock is gone at once.
 */
export const lockHanding: Statement<{ id: string }> = {
  name: 'dispatch-lock-handing',
  text: `
    SELECT m.id FROM unnest($1::smallint[], $2::date[], $3::uuid[]) AS k(lane, month, id)
    JOIN message m ON m.lane = k.lane AND m.month = k.month AND m.id = k.id AND m.status = 'handing'
    ORDER BY m.id
    FOR UPDATE OF m`,
};
