import { addressIn, readFields, type Fields } from './fields.ts';

export const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;
export type Action = (typeof ACTIONS)[number];

/** What a delivery status notification says of one recipient (RFC 3464, 2.3). */
export interface RecipientStatus {
  action: Action;
  /** Enhanced status code (RFC 3463) such as `5.1.1`; null when there is none that can be read. */
  status: string | null;
  /** What the server said, its type left out; empty when it said nothing. */
  diagnostic: string;
  /** Where the mail ended; may be an address it was forwarded to. */
  finalRecipient: string | null;
  /** Where the sender had sent it. */
  originalRecipient: string | null;
}

const STATUS = /\b([245]\.\d{1,3}\.\d{1,3})\b/;

/**
 * Reads message/delivery-status (RFC 3464, 2): a block about the message, then one a recipient. Blocks without an action
 * that is known are left out. Exchange puts no blank line after the first block, and some servers none at all.
 */
export function readDeliveryStatus(text: string): RecipientStatus[] {
  return readFields(text).flatMap((fields) => {
    const action = actionOf(fields);
    if (action === null) return [];
    const diagnostic = diagnosticOf(fields);
    return [
      {
        action,
        status: surestStatus(fields.get('status'), diagnostic),
        diagnostic,
        finalRecipient: addressIn(fields.get('final-recipient')),
        originalRecipient: addressIn(fields.get('original-recipient')),
      },
    ];
  });
}

/**
 * What the other server said. Gateways of Cisco leave `Diagnostic-Code` out and quote the reply in `X-Supplementary-Info`
 * (`<192.0.2.1 #5.0.0 smtp; 550 "Unknown User">`); PowerMTA adds a word of its own for it.
 */
function diagnosticOf(fields: Fields): string {
  const given = (fields.get('diagnostic-code') ?? '').replace(/^\s*[\w.-]+\s*;\s*/, '').trim();
  const supplement = /^<?[^;]*;\s*(.*?)>?\s*$/.exec(fields.get('x-supplementary-info') ?? '')?.[1] ?? '';
  const said = [given, supplement].find((text) => text !== '') ?? '';
  return [said, fields.get('x-powermta-bouncecategory') ?? ''].filter((text) => text !== '').join(' ');
}

function actionOf(fields: Fields): Action | null {
  const word = /^[a-z]+/i.exec(fields.get('action') ?? '')?.[0].toLowerCase();
  return ACTIONS.find((action) => action === word) ?? null;
}

/** `Status` is often written by the last server as 5.0.0 when the one before said more: then the reply's own code is taken. */
export function surestStatus(status: string | undefined, diagnostic: string): string | null {
  const given = STATUS.exec(status ?? '')?.[1] ?? null;
  const said = STATUS.exec(diagnostic)?.[1] ?? null;
  const vague = given === null || /^[245]\.[0157]\.0$|^5\.3\.0$/.test(given);
  return vague ? (said ?? given) : given;
}
