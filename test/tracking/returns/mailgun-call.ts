import { createHmac } from 'node:crypto';

/** A call of Mailgun about a message, signed. */
export const mailgunCall = (messageId: string, data: object, { key = 'mailgun-key', at = Date.now() } = {}) => {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', key).update(`${timestamp}token`).digest('hex');
  const message = { headers: { 'message-id': `${messageId}@example.com` } };
  return { signature: { timestamp, token: 'token', signature }, 'event-data': { message, ...data } };
};
/** A mailbox that does not exist. */
export const HARD = {
  event: 'failed',
  severity: 'permanent',
  recipient: 'x@example.com',
  'delivery-status': { code: 550, message: '5.1.1 The email account that you tried to reach does not exist' },
};
