import { createVerify } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../../http/index.ts';
import type { Instant } from '../../../shared/clock.ts';
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

/** `arn:aws:sns:eu-west-3:123456789012:returns`, with the partition and region as its groups. */
const TOPIC = /^arn:(aws(?:-cn|-us-gov)?):sns:([a-z]{2}(?:-[a-z]+)+-\d{1,2}):/;
const CERTIFICATE = /^\/SimpleNotificationService-[0-9a-zA-Z]+\.pem$/;
/** SNS tries a call again for an hour at most; what is older was recorded by somebody. Milliseconds. */
const OLDEST_MS = 86_400_000;
/** Its clock may be ahead of ours. */
const AHEAD_MS = 5 * 60_000;
const SIGNED = {
  notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  confirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

/** Certificates by address; SNS changes its own about once a year. */
const certificates = new Map<string, string>();
const MOST_CERTIFICATES = 20;

/**
 * Holds a message of Amazon SNS to its signature (SNS developer guide, "Verifying the signatures of Amazon SNS messages"):
 * version 1 is SHA-1, version 2 SHA-256, by the key of a certificate from the host of SNS in the topic's own region. Buckets
 * and load balancers of anybody have addresses below amazonaws.com too (`sns.s3.amazonaws.com`). Throws 403 otherwise, for
 * what was signed long ago, and for a topic that is not one of `topics`.
 */
export async function verifySns(
  message: SnsMessage,
  topics: readonly string[],
  now: Instant,
  fetchText: (url: string) => Promise<string>,
): Promise<void> {
  if (!topics.includes(message.TopicArn))
    throw new Problem(403, 'unknown-topic', 'Nothing is taken from this topic', {
      detail: 'Name it in SES_TOPIC_ARN when it is yours.',
    });
  const host = hostOf(message.TopicArn);
  const certificateUrl = addressAt(host, message.SigningCertURL);
  if (certificateUrl === null || certificateUrl.search !== '' || !CERTIFICATE.test(certificateUrl.pathname))
    throw notSigned(`SigningCertURL must be a certificate at https://${host}/.`);
  if (message.Type !== 'Notification' && !isOwnSubscription(message, host))
    throw notSigned(`SubscribeURL must be the confirmation of this topic at https://${host}/.`);
  const age = now - Date.parse(message.Timestamp);
  if (!(age <= OLDEST_MS && age >= -AHEAD_MS)) throw notSigned('Its timestamp is too old, or in the future.');
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

/** Where SNS of the topic's region answers. Throws 403 for a topic of no region. */
function hostOf(topic: string): string {
  const [, partition, region] = TOPIC.exec(topic) ?? [];
  if (region === undefined) throw notSigned('TopicArn names no region of Amazon.');
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

/** The address, when it is one of this host by HTTPS at its usual port, without credentials or fragment. */
function addressAt(host: string, address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.origin === `https://${host}` && url.username === '' && url.password === '' && url.hash === '' ? url : null;
}

/** The address is asked, so it may do nothing but confirm this very topic. */
function isOwnSubscription({ SubscribeURL, TopicArn, Token }: SnsMessage, host: string): boolean {
  const url = addressAt(host, SubscribeURL ?? '');
  if (url?.pathname !== '/') return false;
  const asks = (name: string): string | null => url.searchParams.get(name);
  return asks('Action') === 'ConfirmSubscription' && asks('TopicArn') === TopicArn && asks('Token') === Token;
}
