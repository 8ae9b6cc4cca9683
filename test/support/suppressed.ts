import type { Database, Statement } from '../../src/database/index.ts';
import { standingAgainst } from '../../src/consent/sql/suppressed-address.ts';

export interface SuppressedAddress {
  channel: string;
  address: string;
  reason: string;
}

const everyAddress: Statement<{ channel: string; address: string }> = {
  name: 'test-every-address',
  text: `SELECT DISTINCT v.channel, v.address FROM contact c
    CROSS JOIN LATERAL (VALUES ('email', lower(c.email)), ('sms', c.phone)) AS v(channel, address) WHERE v.address IS NOT NULL`,
};

/** Which addresses are suppressed: of those that contacts have, and of `others`. The table keeps hashes only. */
export async function suppressedAddresses(
  database: Database,
  others: readonly string[] = [],
): Promise<SuppressedAddress[]> {
  const known = await database.run(everyAddress);
  const asked = [...known, ...others.map((address) => ({ channel: 'email', address }))].filter(
    ({ address }, at, all) => all.findIndex((one) => one.address === address) === at,
  );
  const rows = await database.run(standingAgainst, [
    asked.map(() => ''),
    asked.map(({ channel }) => channel),
    asked.map(({ address }) => address),
  ]);
  return rows
    .map(({ channel, address, reason }) => ({ channel, address: address!, reason }))
    .toSorted((a, b) => `${a.channel} ${a.address}`.localeCompare(`${b.channel} ${b.address}`));
}
