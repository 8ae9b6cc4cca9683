import type { Contact } from '../contacts/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { RenderData } from './template.ts';

/** A contact as templates see it: attributes beside the fields, a field winning over an attribute of its name. */
export function contactData(contact: Contact): RenderData['contact'] {
  const { attributes, ...fields } = contact;
  return { ...attributes, ...fields };
}

/** An event as templates see it: its properties, and its name and instant, which win over properties of those names. */
export function eventData(
  event: { name: string; at: Instant; properties: Readonly<Record<string, unknown>> } | null,
): RenderData['event'] {
  return event === null ? {} : { ...event.properties, properties: event.properties, name: event.name, at: event.at };
}

/** A mailbox such as `Relance <hello@example.com>` in its two parts. */
function splitMailbox(mailbox: string): { name: string; address: string } {
  const match = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(mailbox);
  return match ? { name: match[1]!, address: match[2]! } : { name: '', address: mailbox.trim() };
}

/** A sender of policy.yaml as templates see it. */
export function senderData(sender: {
  email?: string;
  replyTo?: string;
  sms?: string;
  stop?: string;
  address?: string;
}): RenderData['sender'] {
  const mailbox = splitMailbox(sender.email ?? '');
  const reply = splitMailbox(sender.replyTo ?? sender.email ?? '');
  return {
    name: mailbox.name || sender.sms || mailbox.address,
    email: mailbox.address,
    replyTo: reply.address,
    sms: sender.sms ?? '',
    // Where a STOP is written to: a number can be answered, letters cannot.
    stop: sender.stop ?? (/^\+?\d+$/.test(sender.sms ?? '') ? sender.sms! : ''),
    address: sender.address ?? '',
  };
}
