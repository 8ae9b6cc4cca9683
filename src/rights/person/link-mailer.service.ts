import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Channels, type DeliveryOutcome, type OutgoingMessage } from '../../channels/index.ts';
import { CLOCK, CONFIG, type Config } from '../../config/index.ts';
import { pageLanguage } from '../../pages/index.ts';
import { LibraryService } from '../../scenarios/index.ts';
import type { Clock, Instant } from '../../shared/clock.ts';
import { html } from '../../shared/html.ts';
import type { PersonRow } from '../sql/person.ts';
import { LINK_LIVES, signRightsToken } from './rights-token.ts';
import { WORDS } from './words.ts';

/**
 * Mails people the link to their own data. A person asked for it, so no consent, pressure or hour is in the way: it is
 * handed to the channel of mail at once, outside of scenarios, and kept nowhere.
 */
@Injectable()
export class LinkMailer {
  constructor(
    private readonly channels: Channels,
    private readonly library: LibraryService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Hands over a fresh link, which runs out at `until`; null when the person, or every sender, has no address, or when
   * `begins`, asked just before, says that it is to go no more.
   */
  async mail(
    person: PersonRow,
    begins: () => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<{ outcome: DeliveryOutcome; until: Instant } | null> {
    const until = this.clock.now() + LINK_LIVES;
    const token = signRightsToken(person.id, until, this.config.secret);
    const outgoing = await this.compose(person, `${this.config.publicUrl}/r/${token}`);
    if (outgoing === null) return null;
    await this.channels.email.turn?.();
    if (!(await begins())) return null;
    return { outcome: await this.channels.email.deliver(outgoing), until };
  }

  private async compose({ id, email, locale }: PersonRow, link: string): Promise<OutgoingMessage | null> {
    const { policy } = (await this.library.current()).policy;
    const sender = Object.values(policy.senders).find((each) => each.email !== undefined);
    if (email === null || sender?.email === undefined) return null;
    const language = pageLanguage(locale, undefined);
    const { subject, hello, text, button, note } = WORDS[language].mail;
    // In the contact's lane; of chance, for it is no planned message.
    const messageId = id.slice(0, 2) + randomUUID().slice(2);
    return {
      messageId,
      contactId: id,
      channel: 'email',
      to: email,
      from: sender.email,
      replyTo: sender.replyTo ?? null,
      returnPath: null,
      subject,
      html: html`<!doctype html>
        <html lang="${language}">
          <head>
            <meta charset="utf-8" />
            <title>${subject}</title>
          </head>
          <body style="font-family: sans-serif; line-height: 1.6">
            <p>${hello}</p>
            <p>${text}</p>
            <p><a href="${link}">${button}</a></p>
            <p>${note}</p>
            <p>${sender.address ?? ''}</p>
          </body>
        </html>`.text,
      text: [hello, text, link, note, sender.address ?? ''].join('\n\n'),
      headers: { 'Auto-Submitted': 'auto-replied' },
      idempotencyKey: messageId,
    };
  }
}
