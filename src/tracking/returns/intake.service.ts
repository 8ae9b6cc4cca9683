import type { ChannelAdapter } from '../../channels/index.ts';
import type { Log, Metrics } from '../../http/index.ts';
import { contactIdOf, derivedId, type Id } from '../../shared/ids.ts';
import type { InboundTexts, Reply } from './inbound/inbound-texts.service.ts';
import type { InboundText } from './inbound/inbound-text.ts';
import type { InboundMail } from './mail/inbound-mail.ts';
import type { InboundMails } from './mail/inbound-mails.service.ts';
import type { Told } from './providers/adapter.ts';
import type { Report } from './report.ts';
import type { Returns, Taken } from './returns.service.ts';
import type { OneTimeToken } from './spent-token.store.ts';

/** What was taken of a call, and what is to be answered to people. */
export interface TakenCall {
  taken: Taken[];
  replies: Reply[];
}

/** Where everything arrives that providers and mail servers tell: it is settled, and counted for Prometheus. */
export class Intake {
  private readonly counted: ReturnType<Metrics['counter']>;

  constructor(
    private readonly returns: Returns,
    private readonly texts: InboundTexts,
    private readonly mails: InboundMails,
    private readonly sms: Pick<ChannelAdapter, 'deliver' | 'turn'>,
    metrics: Metrics,
    private readonly log: Log,
  ) {
    this.counted = metrics.counter(
      'relance_returns_total',
      'Reports about messages, texts and mails of people, by provider, kind (a bounce by its class) and what became of them',
      ['provider', 'kind', 'outcome'],
    );
  }

  /** Settles all that was told; when it returns, it is committed. Throws RetryableDatabaseError, and TokenSpent (see Returns). */
  async take(told: readonly Told[], once: OneTimeToken | null = null): Promise<TakenCall> {
    const reports = told.filter((one): one is Report => one.kind !== 'inbound');
    const taken = await this.returns.take(reports, once);
    for (const [index, outcome] of taken.entries())
      this.count(reports[index]!.source, kindOf(reports[index]!), outcome);
    this.tellUnmatched(reports.filter((_, index) => taken[index] === 'unmatched'));
    const replies: Reply[] = [];
    for (const text of told.filter((one): one is InboundText => one.kind === 'inbound')) {
      const { taken: outcome, word, reply } = await this.texts.take(text);
      taken.push(outcome);
      this.count(text.source, word, outcome);
      if (reply !== null) replies.push(reply);
    }
    return { taken, replies };
  }

  /** Settles a mail to an address of ours, or in a mailbox that is read; when it returns, it is committed. Throws RetryableDatabaseError. */
  async takeMail(mail: InboundMail): Promise<void> {
    if (mail.kind === 'reports') await this.take(mail.reports);
    else if (mail.kind === 'unsubscribe') this.count('mail', mail.kind, await this.mails.unsubscribe(mail));
    else if (mail.kind === 'reply')
      this.count('mail', mail.stops ? 'reply-stop' : 'reply', await this.mails.reply(mail));
    else this.count('mail', mail.kind, 'unmatched');
  }

  /** Hands answers over as texts of ours, each once; one that the gateway does not take is not tried again. */
  async send(replies: readonly Reply[]): Promise<void> {
    for (const { id, to, from, text, contactId } of replies) {
      const messageId: Id = derivedId(contactId ?? contactIdOf(id), 'sms-reply', id);
      await this.sms.turn?.();
      await this.sms.deliver({
        messageId,
        contactId: contactId ?? messageId,
        channel: 'sms',
        to,
        from,
        replyTo: null,
        returnPath: null,
        subject: null,
        html: null,
        text,
        headers: {},
        idempotencyKey: messageId,
      });
    }
  }

  /** Nothing follows from a report whose message was removed, or whose contact was erased: somebody may wonder why. */
  private tellUnmatched(reports: readonly Report[]): void {
    if (reports.length === 0) return;
    const providers = [...new Set(reports.map(({ source }) => source))];
    const kinds = [...new Set(reports.map(kindOf))];
    this.log.info(
      { reports: reports.length, providers, kinds },
      'reports about messages that are not known: never sent from here, no longer kept, or of somebody who was erased',
    );
  }

  private count(provider: string, kind: string, outcome: Taken): void {
    this.counted.inc({ provider, kind, outcome });
  }
}

const kindOf = (report: Report): string => (report.kind === 'bounced' ? `bounced-${report.meaning}` : report.kind);
