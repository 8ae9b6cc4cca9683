import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { RefusalClass } from '../../../channels/index.ts';
import { html } from '../../../shared/html.ts';
import type { InboundText } from '../inbound/inbound-text.ts';
import { messageIdIn, type Report } from '../report.ts';
import type { ProviderAdapter } from './adapter.ts';
import { equalTexts, notSigned, readCall } from './reading.service.ts';

const form = z.record(z.string(), z.string());
const callback = z.looseObject({
  MessageSid: z.string().min(1, 'must not be empty'),
  MessageStatus: z.string().min(1, 'must not be empty'),
  To: z.string().optional(),
  ErrorCode: z.string().optional(),
});

/** An incoming message (twilio.com/docs/messaging/guides/webhook-request); its status, if any, is `received`. */
const incoming = z.looseObject({
  MessageSid: z.string().min(1, 'must not be empty'),
  From: z.string().min(1, 'must not be empty'),
  To: z.string().min(1, 'must not be empty'),
  Body: z.string(),
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional(),
});
/** What Advanced Opt-Out took a message for; it has answered then. */
const TAKEN_FOR = { STOP: 'stop', START: 'start', HELP: 'help' } as const;

/** Twilio's error codes (twilio.com/docs/api/errors) that say more than "failed". */
const CODES: Readonly<Record<string, RefusalClass>> = {
  '30003': 'soft', // unreachable handset
  '30004': 'hard', // blocked by the recipient or the number cannot receive
  '30005': 'hard', // unknown handset
  '30006': 'hard', // landline or unreachable carrier
  '30007': 'sender-fault', // filtered by the carrier
  '30034': 'sender-fault', // from a number that is not registered
  '30002': 'sender-fault', // account suspended
  '21211': 'hard', // not a phone number
  '21610': 'hard', // has answered STOP to this sender
  '21614': 'hard', // not a mobile number
};

/**
 * Status callbacks of Twilio, signed over the address and the sorted fields of the form (twilio.com/docs/usage/security).
 * A callback names our message in `?message=` of its address, else by the SID that the gateway answered with.
 * Incoming messages come to the same address: they have a `Body`, and are answered with TwiML.
 */
export const twilio: ProviderAdapter = {
  channel: 'sms',
  name: 'twilio',
  setting: 'TWILIO_AUTH_TOKEN',
  isConfigured: ({ twilioToken }) => twilioToken !== undefined,
  read({ headers, body, url, query }, { settings, now }) {
    const fields = readCall(form, body);
    const text = Object.keys(fields)
      .sort()
      .reduce((signed, name) => `${signed}${name}${fields[name]}`, '');
    const given = String(headers['x-twilio-signature'] ?? '');
    const sign = (address: string): string =>
      createHmac('sha1', settings.twilioToken!).update(`${address}${text}`).digest('base64');
    if (!withAndWithoutPort(url).some((address) => equalTexts(given, sign(address))))
      throw notSigned(
        'X-Twilio-Signature must be made with TWILIO_AUTH_TOKEN over the address that Twilio calls: PUBLIC_URL must be its beginning.',
      );
    if (fields['Body'] !== undefined && fields['MessageStatus'] === undefined) return [incomingText(fields, now)];
    const { MessageSid, MessageStatus, To, ErrorCode } = readCall(callback, fields);
    const base = {
      channel: 'sms' as const,
      source: 'twilio',
      at: now,
      messageId: messageIdIn(query['message']),
      providerId: MessageSid,
      recipient: To ?? null,
      mark: null,
    };
    return reportOf(MessageStatus, ErrorCode ?? null).map((said) => ({ ...base, ...said }));
  },
  answer: (texts) => ({
    type: 'text/xml; charset=utf-8',
    body: `<?xml version="1.0" encoding="UTF-8"?>${html`<Response>${texts.map((text) => html`<Message>${text}</Message>`)}</Response>`.text}`,
  }),
};

/**
 * Twilio signs some calls over the address with its port and others without it, whatever was configured
 * (twilio.com/docs/usage/security, "A few notes"); its own libraries try both.
 */
function withAndWithoutPort(url: string): readonly string[] {
  const [, scheme, host, port, rest] = /^(https?):\/\/([^/:?]+)(:\d+)?(.*)$/s.exec(url) ?? [];
  if (host === undefined) return [url];
  const usual = scheme === 'https' ? ':443' : ':80';
  return [`${scheme}://${host}${rest}`, `${scheme}://${host}${port ?? usual}${rest}`];
}

/** Twilio tells no instant: it calls as soon as the message is there. */
function incomingText(fields: Record<string, string>, now: number): InboundText {
  const { MessageSid, From, To, Body, OptOutType } = readCall(incoming, fields);
  return {
    kind: 'inbound',
    channel: 'sms',
    source: 'twilio',
    providerId: MessageSid,
    at: now,
    from: From,
    to: To,
    text: Body,
    takenFor: OptOutType === undefined ? null : TAKEN_FOR[OptOutType],
  };
}

type Said =
  { kind: 'delivered' } | Pick<Extract<Report, { kind: 'bounced' }>, 'kind' | 'meaning' | 'status' | 'reason'>;

function reportOf(status: string, code: string | null): Said[] {
  if (status === 'delivered') return [{ kind: 'delivered' }];
  if (status !== 'failed' && status !== 'undelivered') return [];
  const meaning = code !== null && Object.hasOwn(CODES, code) ? CODES[code]! : 'unknown';
  return [{ kind: 'bounced', meaning, status: code, reason: `${status}${code === null ? '' : ` ${code}`}` }];
}
