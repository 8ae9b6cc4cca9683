import type { LinkToken } from '../consent/index.ts';
import type { Database } from '../database/index.ts';
import type { Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { laneOf } from '../shared/ids.ts';
import type { Rendered } from '../templates/index.ts';
import type { Composer } from './composer.ts';
import { loadHandOver } from './load-hand-over.store.ts';
import { findSent } from './sql/find-sent.ts';

/** Shows again what was sent. */
export class SentMessages {
  constructor(
    private readonly database: Database,
    private readonly composer: Composer,
    private readonly library: () => Promise<Library>,
  ) {}

  /**
   * A message of a contact from the template version and data it was planned with; the person's own fields are those of
   * now. Null when it never left, or it or the person is not kept any more. Throws `RenderError` when it cannot be written.
   */
  async view(
    { contactId, messageId, addressMark }: LinkToken,
    now: Instant,
  ): Promise<{ rendered: Rendered; locale: string | null } | null> {
    const [message] = await this.database.run(findSent, [laneOf(contactId), contactId, messageId]);
    if (message === undefined) return null;
    const { policy } = await this.library();
    const person = (await loadHandOver(this.database, [message], policy, now)).get(messageId);
    if (person === undefined || policy.policy.senders[message.sender] === undefined) return null;
    const rendered = await this.composer.view(message, person, policy.policy, addressMark);
    return { rendered, locale: person.facts.contact.locale };
  }
}
