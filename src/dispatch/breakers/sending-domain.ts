import type { Policy } from '../../gate/index.ts';
import type { Channel } from '../../shared/channel.ts';

/** The domain mailbox providers know a mail by: of its sender's address. Null for SMS and for a sender that is gone. */
export function sendingDomain(message: { channel: Channel; sender: string }, policy: Policy): string | null {
  if (message.channel !== 'email') return null;
  const mailbox = Object.hasOwn(policy.senders, message.sender) ? policy.senders[message.sender]!.email : undefined;
  return /@([^\s<>@]+?)>?\s*$/.exec(mailbox ?? '')?.[1]?.toLowerCase() ?? null;
}

/** The senders whose mail leaves from one of the domains. */
export function sendersOf(domains: readonly string[], policy: Policy): string[] {
  return Object.keys(policy.senders).filter((sender) => {
    const domain = sendingDomain({ channel: 'email', sender }, policy);
    return domain !== null && domains.includes(domain);
  });
}
