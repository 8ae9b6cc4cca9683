import {
  addressMark as returnMark,
  composeEmail,
  composeSms,
  returnAddress,
  returnToken,
  unsubscribeAddress,
  type OutgoingMessage,
} from '../channels/index.ts';
import { addressMark, pixelAllowed, signToken } from '../consent/index.ts';
import { askedIn, brandOf, CONFIRMATION, type Message, type Policy } from '../gate/index.ts';
import {
  contactData,
  eventData,
  refuseEmpty,
  senderData,
  type Links,
  type RenderData,
  type Rendered,
  type TemplateCache,
} from '../templates/index.ts';
import type { Person } from './load-hand-over.store.ts';
import { MessageLinks, type LinkOptions } from './message-links.ts';
import { utmOf } from './utm.ts';

export interface ComposerOptions extends LinkOptions {
  /** Where bounces go; without it, to the sender's own address. */
  bounceDomain?: string;
  /** Who reads mails that ask to unsubscribe: whoever reads bounces, or this address; absent: nobody (rule C5b). */
  unsubscribeBy?: 'bounceDomain' | { address: string };
  /** Bounces go to a mailbox of the sender's that is read: each mail carries what they are known by. */
  returnHeader?: boolean;
  /** Postmark's reports name messages by `X-PM-Metadata-*` only; it takes it out of the mail. */
  metadataHeader?: string;
}

/** Renders a message for its person and puts together what the provider needs. */
export class Composer {
  private readonly templates: TemplateCache;
  private readonly options: ComposerOptions;

  constructor(templates: TemplateCache, options: ComposerOptions) {
    this.templates = templates;
    this.options = options;
  }

  /** Tells the addresses of returns apart (`addressMark` of the channels). */
  markOf(address: string): string {
    return returnMark(address, this.options.secret);
  }

  /** Throws `RenderError` when the template cannot be rendered for this person, or nothing would be seen of it (rule D9). */
  async compose(
    message: Message,
    person: Omit<Person, 'ended' | 'restricted' | 'contested'>,
    policy: Policy,
  ): Promise<OutgoingMessage> {
    const template = await this.templates.get(message.template, message.templateVersion);
    const { contact } = person.facts;
    const sender = policy.senders[message.sender]!;
    const brand = brandOf(policy, message.sender);
    const mark = contact.email === null ? undefined : addressMark(contact.email);
    const data = this.data(message, person, policy, mark);
    const { links } = data;
    if (message.channel === 'sms') {
      const sms = template.render('sms', data, contact.locale);
      refuseEmpty(sms, data);
      return composeSms({ message, to: contact.phone!, sender, text: sms.text });
    }
    const opensAllowed = pixelAllowed(person.facts, 'email', brand);
    const rewriter = linksOf(message, policy, this.options, opensAllowed);
    const rendered = template.render('email', data, contact.locale, rewriter);
    refuseEmpty(rendered, data);
    // What goes out without consent (a receipt) has nothing to unsubscribe from.
    const unsubscribeLink = message.needsConsent ? links.unsubscribe : null;
    const to = contact.email!;
    const { bounceDomain: domain, secret, metadataHeader } = this.options;
    return composeEmail({
      message,
      to,
      sender,
      rendered,
      unsubscribeLink,
      unsubscribeAddress: this.unsubscribeAddress(message, to),
      returnPath: domain === undefined ? undefined : returnAddress(message.id, to, { domain, secret }),
      returnToken: this.options.returnHeader === true ? returnToken(message.id, to, secret) : undefined,
      metadataHeader,
    });
  }

  private unsubscribeAddress({ id }: Message, to: string): string | undefined {
    const { unsubscribeBy, bounceDomain: domain, secret } = this.options;
    if (typeof unsubscribeBy === 'object') return unsubscribeBy.address;
    return unsubscribeBy === undefined || domain === undefined
      ? undefined
      : unsubscribeAddress(id, to, { domain, secret });
  }

  /**
   * The message once more, for the eyes of its person: nothing in it is counted. `mark` is of the address it went to, where
   * it asks for a confirmation. Throws `RenderError`.
   */
  async view(
    message: Message,
    person: Omit<Person, 'ended' | 'restricted' | 'contested'>,
    policy: Policy,
    mark?: string,
  ): Promise<Rendered> {
    const template = await this.templates.get(message.template, message.templateVersion);
    const rewriter = linksOf(message, policy, { ...this.options, tracked: false }, false);
    const data = this.data(message, person, policy, mark);
    return template.render(message.channel, data, person.facts.contact.locale, rewriter);
  }

  private data(
    message: Message,
    { facts: { contact }, entry, enteredAt }: Omit<Person, 'ended' | 'restricted' | 'contested'>,
    policy: Policy,
    mark: string | undefined,
  ): RenderData {
    return {
      contact: contactData(contact),
      event: eventData(entry),
      enrollment: { id: message.enrollmentId, scenario: message.scenarioId, enteredAt },
      data: message.data,
      links: this.links(message, brandOf(policy, message.sender), mark),
      sender: senderData(policy.senders[message.sender]!),
      timezone: contact.timezone ?? policy.timezone,
    };
  }

  /** `mark` is of the address that the message goes, or went, to. */
  private links(message: Message, brand: string | undefined, mark: string | undefined): Links {
    const { publicUrl, secret } = this.options;
    const { contactId, channel, purpose, id: messageId, scenarioId } = message;
    const token = { contactId, channel, purpose, messageId, brand };
    // Whoever reads this address confirms for it, and for no other: also by way of the browser, and years later.
    const asking = scenarioId === CONFIRMATION && mark !== undefined ? { ...token, addressMark: mark } : null;
    const links = {
      unsubscribe: `${publicUrl}/u/${signToken(token, 'unsubscribe', secret)}`,
      preferences: `${publicUrl}/p/${signToken(token, 'preferences', secret)}`,
      webview: `${publicUrl}/v/${signToken(asking ?? token, 'webview', secret)}`,
    };
    if (asking === null) return links;
    const also = askedIn(message).filter((asked) => asked !== purpose);
    return { ...links, confirm: `${publicUrl}/c/${signToken({ ...asking, also }, 'confirm', secret)}` };
  }
}

/** Who is asked for a confirmation has agreed to nothing yet: the links are as written, and nothing is counted. */
function linksOf(
  message: Message,
  policy: Policy,
  options: LinkOptions,
  opensAllowed: boolean,
): MessageLinks | undefined {
  if (message.scenarioId === CONFIRMATION) return undefined;
  return new MessageLinks(message, utmOf(policy.utm, message), options, opensAllowed);
}
