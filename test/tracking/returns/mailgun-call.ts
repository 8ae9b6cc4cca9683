import { createHmac, randomUUID } from 'node:crypto';

/** A call of Mailgun about a message, signed; each with a token of its own, unless one is given. */
export const mailgunCall = (
  messageId: string,
  data: object,
  { key = 'mailgun-key', at = Date.now(), token = randomUUID() as string } = {},
) => {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', key).update(`${timestamp}${token}`).digest('hex');
  const message = { headers: { 'message-id': `${messageId}@example.com` } };
  return { signature: { timestamp, token, signature }, 'event-data': { message, ...data } };
};
/** A mailbox that does not exist. */
export const HARD = {
  event: 'failed',
  severity: 'permanent',
  recipient: 'x@example.com',
  'delivery-status': { code: 550, message: '5.1.1 The email account that you tried to reach does not exist' },
};
