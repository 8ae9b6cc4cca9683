import type { Policy } from '../../gate/index.ts';
import { CHANNELS, type Channel } from '../../shared/channel.ts';

/**
 * What a breaker watches over: the domain mailbox providers know a mail by, of its sender's address; for a text, which has
 * none, its sender as `sms:NAME` of the policy. Null for a sender that is gone.
 */
export function sendingDomain(message: { channel: Channel; sender: string }, policy: Policy): string | null {
  const sender = Object.hasOwn(policy.senders, message.sender) ? policy.senders[message.sender]! : undefined;
  if (message.channel === 'sms') return sender?.sms === undefined ? null : `sms:${message.sender}`;
  return /@([^\s<>@]+?)>?\s*$/.exec(sender?.email ?? '')?.[1]?.toLowerCase() ?? null;
}

/** The senders that leave from one of the domains, each as `CHANNEL:NAME`: of a sender with both, one may be stopped alone. */
export function sendersOf(domains: readonly string[], policy: Policy): string[] {
  return Object.keys(policy.senders).flatMap((sender) =>
    CHANNELS.filter((channel) => {
      const domain = sendingDomain({ channel, sender }, policy);
      return domain !== null && domains.includes(domain);
    }).map((channel) => `${channel}:${sender}`),
  );
}
