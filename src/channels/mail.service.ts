import type { SendMailOptions } from 'nodemailer';
import { createTransport } from 'nodemailer';
import type { OutgoingMessage } from './channel.ts';

/** The same for every attempt, so that a receiver drops the second one (rule D3); also how reports name it. */
export function messageIdHeader(message: Pick<OutgoingMessage, 'messageId' | 'from'>): string {
  const domain = /@([^\s<>@]+?)>?\s*$/.exec(message.from)?.[1] ?? 'localhost';
  return `<${message.messageId}@${domain}>`;
}

/** An email as nodemailer takes it. */
export function mailOf(message: OutgoingMessage): SendMailOptions {
  return {
    messageId: messageIdHeader(message),
    from: message.from,
    to: message.to,
    ...(message.returnPath === null ? {} : { envelope: { from: message.returnPath, to: message.to } }),
    replyTo: message.replyTo ?? undefined,
    subject: message.subject ?? '',
    text: message.text,
    html: message.html ?? undefined,
    // Written as they are: nodemailer would fold a long URL in the middle, and some receivers then lose it.
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([key, value]) => [key, { prepared: true, value }]),
    ),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });

/** The email as it would leave (RFC 5322), without a DKIM signature. */
export async function sourceOf(message: OutgoingMessage, at: number): Promise<string> {
  const { message: source } = await composer.sendMail({ ...mailOf(message), date: new Date(at) });
  return String(source);
}
