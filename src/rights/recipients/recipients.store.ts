import type { Sql } from '../../database/index.ts';
import { laneOf, type Id } from '../../shared/ids.ts';
import { givenTo } from '../sql/recipients.ts';
import { recipientsFrom, type Providers, type Recipient } from './recipients.ts';

/**
 * Who was given data of a contact (GDPR Art. 15(1)(c) and 19), as far back as calls and messages are kept. Providers are
 * those that are set now: which one took an older message is not kept.
 */
export async function recipientsOf(sql: Sql, contactId: Id, providers: Providers): Promise<Recipient[]> {
  return recipientsFrom(await sql.run(givenTo, [laneOf(contactId), contactId]), providers);
}
