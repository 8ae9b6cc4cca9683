import type { Message } from '../gate/index.ts';
import { monthOf } from '../shared/clock.ts';
import type { LinkRewriter } from '../templates/index.ts';
import { signTracking, type TrackingUse } from './tracking-token.ts';
import { withUtm, type UtmParameters } from './utm.ts';

/** A longer one is no address that every mailbox leaves whole; the link then stays as the author wrote it. */
const LONGEST_TOKEN = 2_000;

export interface LinkOptions {
  /** Base of the links, without a slash at its end. */
  publicUrl: string;
  /** Signs them. */
  secret: string;
  /** False where nobody receives the mail: links then lead straight to their targets. */
  tracked?: boolean;
}

/**
 * The links of one mail: each with the policy's UTM parameters, and, where the author chose the target, by way of a
 * signed link of ours (rule S3). At the end of the mail the trap, and for those who allow it the pixel (rule C7).
 */
export class MessageLinks implements LinkRewriter {
  /** The HTML and the text part hold the same addresses. */
  private readonly made = new Map<string, string>();
  private firstTarget: string | null = null;

  constructor(
    private readonly message: Message,
    private readonly utm: UtmParameters,
    private readonly options: LinkOptions,
    private readonly opensAllowed: boolean,
  ) {}

  link(target: string, known: boolean): string {
    const made = this.made.get(target);
    if (made !== undefined) return made;
    const link = this.make(target, known);
    this.made.set(target, link);
    return link;
  }

  tail(): string {
    if (this.options.tracked === false) return '';
    const trap = this.firstTarget === null ? '' : trapLink(this.address('c', 'trap', this.firstTarget));
    return this.opensAllowed ? `${trap}${pixel(`${this.address('o', 'open', '')}.gif`)}` : trap;
  }

  private make(target: string, known: boolean): string {
    // Our own pages are no destination of a campaign.
    if (!isWeb(target) || target.startsWith(`${this.options.publicUrl}/`)) return target;
    const url = withUtm(target, this.utm);
    if (!known || this.options.tracked === false) return url;
    const address = this.address('c', 'click', url);
    if (address.length > this.options.publicUrl.length + LONGEST_TOKEN) return url;
    this.firstTarget ??= url;
    return address;
  }

  private address(route: 'c' | 'o', use: TrackingUse, url: string): string {
    const { contactId, id: messageId, plannedAt } = this.message;
    const token = signTracking({ contactId, messageId, month: monthOf(plannedAt), url }, use, this.options.secret);
    return `${this.options.publicUrl}/t/${route}/${token}`;
  }
}

const isWeb = (target: string): boolean => /^https?:\/\//i.test(target) && URL.canParse(target);

/** People do not see it, screen readers do not say it, keys do not reach it: whoever follows it follows everything. */
const trapLink = (address: string): string =>
  `<a href="${address}" style="display:none" aria-hidden="true" tabindex="-1" rel="nofollow"></a>`;

const pixel = (address: string): string =>
  `<img src="${address}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`;
