import { Migration } from '../migration.ts';

/**
 * Until when the judgement holds by which a message is ready (rule P1a). What is ready without one, because an older version
 * judged it, is judged again before it leaves. From now on `counted_at` of a message in the air is the last instant at which
 * it may be handed over.
 */
export class HoldsUntil1793491222000 extends Migration {
  readonly name = 'HoldsUntil1793491222000';
  readonly sql = `ALTER TABLE message ADD COLUMN holds_until timestamptz;`;
}
