import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

/** What one process does; `all` is every one of them. */
export const ROLES = ['api', 'engine', 'dispatch'] as const;
export type Role = (typeof ROLES)[number];

const text = z.string().trim().min(1, 'must not be empty');

const whole = (minimum: number, maximum: number) =>
  z
    .string()
    .trim()
    .regex(/^\d+$/, `must be a whole number from ${minimum} to ${maximum}`)
    .transform(Number)
    .pipe(
      z
        .number()
        .min(minimum, `must be a whole number from ${minimum} to ${maximum}`)
        .max(maximum, `must be a whole number from ${minimum} to ${maximum}`),
    );

const url = (protocols: readonly string[], example: string) =>
  text.refine(
    (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol) && new URL(value).hostname !== '',
    `must be an address such as ${example}`,
  );

const truth = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no'], 'must be true or false'))
  .transform((value) => value === 'true' || value === '1' || value === 'yes');

/** As browsers write it in `Origin`: scheme and host, and nothing behind. */
const isOrigin = (origin: string): boolean =>
  /^https?:\/\//.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;

const roles = text.transform((value, context): readonly Role[] => {
  const names = value.split(',').map((name) => name.trim());
  if (names.length === 1 && names[0] === 'all') return ROLES;
  const wrong = names.filter((name) => !ROLES.includes(name as Role));
  if (wrong.length > 0) {
    context.addIssue({ code: 'custom', message: `must be "all" or a comma list of ${ROLES.join(', ')}` });
    return z.NEVER;
  }
  return ROLES.filter((role) => names.includes(role));
});

/** A PEM key; `\n` written as two characters is accepted, because many environments allow one line only. */
const privateKey = text
  .transform((value) => value.replaceAll('\\n', '\n'))
  .refine((value) => {
    try {
      return createPrivateKey(value) !== undefined;
    } catch {
      return false;
    }
  }, 'must be a private key in PEM form, "-----BEGIN PRIVATE KEY-----…"');

/** `whsec_` and 24 to 64 bytes in Base64, as the Standard Webhooks specification has it. */
const webhookSecrets = text.transform((value, context): readonly string[] => {
  const secrets = value.split(/\s+/);
  const isOne = (secret: string): boolean => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret) && key.length >= 24 && key.length <= 64;
  };
  if (secrets.every(isOne)) return secrets;
  context.addIssue({
    code: 'custom',
    message: 'must be whsec_ and 24 to 64 bytes in Base64: echo "whsec_$(openssl rand -base64 32)"',
  });
  return z.NEVER;
});

/** Every variable that Relance reads; its name, form and default. docs and `.env` follow this list. */
export const environmentSchema = z.object({
  PORT: whole(0, 65_535).default(3000),
  HOST: text.default('127.0.0.1'),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/relance').optional(),
  /** Connections that one process keeps to PostgreSQL at most; two may be held by hand-overs that need a third to go on. */
  DATABASE_POOL_SIZE: whole(3, 500).default(10),
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@host:587').optional(),
  /** Connections kept to the SMTP server at the same time. */
  SMTP_POOL_SIZE: whole(1, 100).default(5),
  /** Messages a second at most; none: as fast as the server takes them. */
  SMTP_RATE: whole(1, 100_000).optional(),
  /** Seconds after which a silent server is given up. */
  SMTP_TIMEOUT: whole(1, 600).default(30),
  SMTP_DKIM_DOMAIN: text.optional(),
  SMTP_DKIM_SELECTOR: text.optional(),
  SMTP_DKIM_PRIVATE_KEY: privateKey.optional(),
  SMS_URL: url(['http:', 'https:'], 'https://gateway.example/send').optional(),
  /** Sent to the gateway as `Authorization: Bearer …`. */
  SMS_TOKEN: text.optional(),
  /** Messages a second at most; none: as fast as the gateway takes them. */
  SMS_RATE: whole(1, 100_000).optional(),
  /** Seconds after which a silent gateway is given up. */
  SMS_TIMEOUT: whole(1, 600).default(30),
  /** Domain of the addresses that bounces go to: one of its own, whose MX leads to the listener. */
  BOUNCE_DOMAIN: text
    .regex(/^(?=.{4,190}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'must be a domain such as bounces.example.com')
    .optional(),
  /** Where SMTP listens for bounces and complaints; none: it does not. */
  BOUNCE_PORT: whole(0, 65_535).optional(),
  /** A mailbox that is read: replies, mails that ask to unsubscribe, and bounces. */
  INBOUND_IMAP_URL: url(['imap:', 'imaps:'], 'imaps://user:password@host/INBOX')
    .refine((value) => {
      if (!URL.canParse(value)) return true;
      const { protocol, username, password } = new URL(value);
      return !protocol.startsWith('imap') || (username !== '' && password !== '');
    }, 'must have a user and a password, such as imaps://user:password@host/INBOX; write @ within them as %40')
    .optional(),
  /** The address whose mail arrives there; none: the user of the URL, where that is an address. */
  INBOUND_ADDRESS: text.pipe(z.email('must be an email address')).optional(),
  /** Which SNS topics may report for Amazon SES: their ARNs, comma-separated. */
  SES_TOPIC_ARN: text
    .regex(
      /^arn:aws[\w-]*:sns:[^,\s]+(\s*,\s*arn:aws[\w-]*:sns:[^,\s]+)*$/,
      'must be an ARN such as arn:aws:sns:eu-west-3:123456789012:returns',
    )
    .optional(),
  /** Mailgun's HTTP webhook signing key. */
  MAILGUN_SIGNING_KEY: text.optional(),
  /** What stands before the host of the webhook URL that Postmark was given. */
  POSTMARK_WEBHOOK_USER: text.optional(),
  POSTMARK_WEBHOOK_PASSWORD: text.optional(),
  /** Twilio signs its callbacks with it. */
  TWILIO_AUTH_TOKEN: text.optional(),
  PUBLIC_URL: url(['http:', 'https:'], 'https://relance.example.com').optional(),
  SECRET: text.min(16, 'must have at least 16 characters').optional(),
  /** Signs webhook calls; several, with a blank between them, while receivers change from one to the other. */
  WEBHOOK_SECRET: webhookSecrets.optional(),
  ROLE: roles.default(ROLES),
  /** Events a second that one write key may send; none: as many as can be stored. */
  EVENTS_RATE: whole(1, 1_000_000).optional(),
  /** Messages a second that a process hands over of a crowd that waited for its hours (rule T4). */
  OPENING_RATE: whole(1, 100_000).optional(),
  /** Origins of browser pages that may post to `/v1`, comma-separated; none: no page of another origin may. */
  CORS_ORIGINS: text
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin), 'must be origins such as https://shop.example.com, comma-separated')
    .optional(),
  /** Proxies whose `X-Forwarded-For` is believed: their addresses or networks, comma-separated. */
  TRUSTED_PROXIES: text.optional(),
  SCENARIOS_DIR: text.default('scenarios'),
  TEMPLATES_DIR: text.default('templates'),
  WRITE_KEY: text.optional(),
  ADMIN_EMAIL: text.pipe(z.email('must be an email address')).optional(),
  ADMIN_PASSWORD: z.string().min(8, 'must have at least 8 characters').optional(),
  SAMPLE_DATA: truth.optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
});

export type Environment = z.output<typeof environmentSchema>;
