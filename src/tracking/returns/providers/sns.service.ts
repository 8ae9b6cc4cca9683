import { createVerify } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../../http/index.ts';
import { notSigned } from './reading.service.ts';

export const snsSchema = z
  .looseObject({
    Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
    MessageId: z.string(),
    TopicArn: z.string(),
    Message: z.string(),
    Subject: z.string().nullish(),
    Timestamp: z.string(),
    SignatureVersion: z.string(),
    Signature: z.string(),
    SigningCertURL: z.string(),
    Token: z.string().optional(),
    SubscribeURL: z.string().optional(),
  })
  .refine(
    ({ Type, Token, SubscribeURL }) => Type === 'Notification' || (Token !== undefined && SubscribeURL !== undefined),
    {
      error: 'must have Token and SubscribeURL',
      path: ['SubscribeURL'],
    },
  );

export type SnsMessage = z.output<typeof snsSchema>;

const AMAZON = /^sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;
const SIGNED = {
  notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  confirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

/** Certificates by address; SNS changes its own about once a year. */
const certificates = new Map<string, string>();
const MOST_CERTIFICATES = 20;

/**
 * Holds a message of Amazon SNS to its signature (SNS developer guide, "Verifying the signatures of Amazon SNS messages"):
 * version 1 is SHA-1, version 2 SHA-256, by the key of a certificate from Amazon's own host. Throws 403 otherwise, and for a
 * topic that is not one of `topics`.
 */
export async function verifySns(
  message: SnsMessage,
  topics: readonly string[],
  fetchText: (url: string) => Promise<string>,
): Promise<void> {
  if (!topics.includes(message.TopicArn))
    throw new Problem(403, 'unknown-topic', 'Nothing is taken from this topic', {
      detail: 'Name it in SES_TOPIC_ARN when it is yours.',
    });
  if (!isAmazons(message.SigningCertURL, /\.pem$/)) throw notSigned('SigningCertURL is not an address of Amazon SNS.');
  if (message.SubscribeURL !== undefined && !isAmazons(message.SubscribeURL, /^\/$/))
    throw notSigned('SubscribeURL is not an address of Amazon SNS.');
  const algorithm = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' }[message.SignatureVersion];
  if (algorithm === undefined) throw notSigned('Only the signature versions 1 and 2 are known.');
  const certificate = certificates.get(message.SigningCertURL) ?? (await fetchText(message.SigningCertURL));
  if (!holds(message, algorithm, certificate)) throw notSigned('It is not the one of this message.');
  if (certificates.size >= MOST_CERTIFICATES) certificates.clear();
  certificates.set(message.SigningCertURL, certificate);
}

function holds(message: SnsMessage, algorithm: string, certificate: string): boolean {
  try {
    return createVerify(algorithm).update(signedText(message)).verify(certificate, message.Signature, 'base64');
  } catch {
    return false;
  }
}

/** Each name and value on a line of its own, in the order of the names; an absent subject is left out. */
export function signedText(message: SnsMessage): string {
  const names = message.Type === 'Notification' ? SIGNED.notification : SIGNED.confirmation;
  return names
    .filter((name) => message[name] !== undefined && message[name] !== null)
    .map((name) => `${name}\n${message[name]}\n`)
    .join('');
}

function isAmazons(address: string, path: RegExp): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username, pathname } = new URL(address);
  return protocol === 'https:' && AMAZON.test(hostname) && port === '' && username === '' && path.test(pathname);
}
