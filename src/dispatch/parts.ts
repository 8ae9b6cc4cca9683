import type { OutgoingMessage } from '../channels/index.ts';
import type { Message, Policy } from '../gate/index.ts';
import { smsParts } from '../templates/index.ts';

/** Parts of a message as it will leave, with all that was filled in (docs: rules, "SMS length"); a mail has 1. */
export function partsOf({ channel, text }: Pick<OutgoingMessage, 'channel' | 'text'>): number {
  return channel === 'sms' ? Math.max(1, smsParts(text).parts) : 1;
}

/** Whether a message has more parts than the gate counted, and pressure counts parts: then the gate is asked once more. */
export function outgrows(message: Message, parts: number, { pressure }: Policy): boolean {
  return parts > message.parts && pressure.some(({ unit }) => unit === 'sms-parts');
}
