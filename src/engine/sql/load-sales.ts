import { textArray, type Statement } from '../../database/index.ts';

/**
 * The first sale by purpose and brand of the contacts of lanes $1 and ids $2 who were told of a soft opt-in: purposes $3
 * and the events that are a sale of them $4 are parallel. Nobody's events are read who was not. $5 is the latest month.
 */
export const loadSales: Statement<{ contactId: string; purpose: string; brand: string; seq: number }> = {
  name: 'engine-load-sales',
  text: `
    SELECT k.id AS "contactId", s.purpose, coalesce(e.properties ->> 'brand', '') AS brand, min(e.seq) AS seq
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    CROSS JOIN unnest($3::text[], $4::text[]) AS s(purpose, event)
    JOIN event e ON e.lane = k.lane AND e.contact_id = k.id AND e.name = s.event AND e.month <= $5::date
    WHERE EXISTS (
      SELECT FROM consent_state c
      WHERE c.lane = k.lane AND c.contact_id = k.id AND c.purpose = s.purpose AND c.state = 'granted'
        AND c.legal_basis = 'soft-opt-in'
    )
    GROUP BY 1, 2, 3`,
};

/** Parameters $3 and $4. */
export function saleNames(sales: readonly { purpose: string; event: string }[]): [Buffer, Buffer] {
  return [textArray(sales.map(({ purpose }) => purpose)), textArray(sales.map(({ event }) => event))];
}
