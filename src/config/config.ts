import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { Fault } from '../shared/errors.ts';
import { UserError } from '../shared/errors.ts';
import type { Environment, Role } from './config.schema.ts';
import { environmentSchema } from './config.schema.ts';

/** Raw variables, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where a variable was written, when it came from a file. */
export interface Origin {
  file: string;
  line: number;
}

/** DKIM signing of outgoing mail. */
export interface DkimConfig {
  domain: string;
  selector: string;
  /** PEM. */
  privateKey: string;
}

/** How mail leaves. */
export interface SmtpConfig {
  url: string;
  /** Connections at the same time. */
  poolSize: number;
  /** Messages a second at most. */
  rate?: number;
  timeoutMs: number;
  dkim?: DkimConfig;
}

/** How text messages leave: the generic HTTP gateway. */
export interface SmsConfig {
  url: string;
  token?: string;
  /** Messages a second at most. */
  rate?: number;
  timeoutMs: number;
}

/** Where bounces come back. */
export interface BounceConfig {
  domain: string;
  /** Where the listener listens, 0: any free port; absent: it does not. */
  port?: number;
}

/** A mailbox that is read by IMAP. */
export interface InboundConfig {
  host: string;
  port: number;
  /** TLS from the first byte; else STARTTLS where the server offers it. */
  secure: boolean;
  user: string;
  password: string;
  folder: string;
  /** Whose mail arrives there; absent: nobody knows. */
  address?: string;
  /** `user@host/folder`: names it in the database and in the log. */
  mailbox: string;
}

/** What providers sign or show with their reports; absent is who may not report. */
export interface WebhookConfig {
  sesTopics?: readonly string[];
  mailgunKey?: string;
  postmark?: { user: string; password: string };
  twilioToken?: string;
}

/** All settings of one process, checked. */
export interface Config {
  /** 0: any free port. */
  port: number;
  host: string;
  /** Absent: the embedded PostgreSQL. */
  databaseUrl?: string;
  databasePoolSize: number;
  /** The database is embedded. */
  embedded: boolean;
  /** Where an embedded installation keeps its data and generated secrets; absolute. */
  dataDir: string;
  /** Absent: mail is captured. */
  smtp?: SmtpConfig;
  /** Absent: text messages are captured. */
  sms?: SmsConfig;
  /** Absent: bounces go to the senders' own addresses. */
  bounces?: BounceConfig;
  /** Absent: no mailbox is read. */
  inbound?: InboundConfig;
  /** Absent: no provider may report. */
  webhooks?: WebhookConfig;
  /** Base of people's links, without a slash at the end. */
  publicUrl: string;
  secret: string;
  /** Absent: one made of `secret`. */
  webhookSecrets?: readonly string[];
  roles: readonly Role[];
  /** Events a second that one write key may send; absent: as many as can be stored. */
  eventsRate?: number;
  /** Messages a second that a process hands over of a crowd that waited for its hours; the dispatcher's own when absent. */
  openingRate?: number;
  /** Origins of browser pages that may post to the events API; absent: none. */
  corsOrigins?: readonly string[];
  /** Comma-separated addresses or networks. */
  trustedProxies?: string;
  scenariosDir: string;
  templatesDir: string;
  writeKey?: string;
  adminEmail?: string;
  /** Required only where no account exists yet. */
  adminPassword?: string;
  sampleData: boolean;
  logLevel: Environment['LOG_LEVEL'];
}

/** What an embedded installation makes up once and keeps. */
export interface Generated {
  secret: string;
  adminEmail: string;
  adminPassword: string;
}

const KNOWN = Object.keys(environmentSchema.shape);
const OWN_PREFIXES = ['SMTP_', 'SMS_', 'INBOUND_', 'RELANCE_'];
/** Variables that a `.env` file may carry for Node and its libraries. */
const FOREIGN = /^(NODE_\w+|TZ|UV_THREADPOOL_SIZE|DEBUG|\w*_PROXY|\w*_proxy|PG\w+|SSL_CERT_\w+)$/;
/** Read by the launcher and the tests, not by the service. */
const TOOLING = new Set(['CHROMIUM_PATH']);

const nearest = (name: string): { known: string; distance: number } =>
  KNOWN.map((known) => ({ known, distance: distance(name, known) })).reduce((a, b) =>
    b.distance < a.distance ? b : a,
  );

/**
 * Other programs' variables share the environment, so there a name counts as a mistyped one of ours only by
 * its prefix or when it is long enough to be so close to a known one by no accident. A `.env` file is ours alone.
 */
function isMistyped(name: string, inFile: boolean): boolean {
  if (KNOWN.includes(name) || TOOLING.has(name)) return false;
  if (inFile) return !FOREIGN.test(name);
  if (OWN_PREFIXES.some((prefix) => name.startsWith(prefix))) return true;
  return name.length >= 8 && nearest(name).distance <= (name.length >= 10 ? 2 : 1);
}

function unknownFaults(variables: Variables, origins: ReadonlyMap<string, Origin>): Fault[] {
  return Object.keys(variables)
    .filter((name) => variables[name] !== undefined && isMistyped(name, origins.has(name)))
    .map((name) => {
      const close = nearest(name);
      return {
        code: 'unknown-variable',
        severity: 'error' as const,
        message: `${name} is not a setting of Relance`,
        hint: close.distance <= 4 ? `did you mean ${close.known}?` : `the settings are ${KNOWN.join(', ')}`,
        ...origins.get(name),
      };
    });
}

function crossFaults(environment: Environment, embedded: boolean): Fault[] {
  const faults: Fault[] = [];
  const missing = (name: string, why: string, hint: string): void => {
    faults.push({ code: 'missing-variable', severity: 'error', message: `${name} is not set: ${why}`, hint });
  };
  if (!embedded && environment.SECRET === undefined) {
    missing('SECRET', 'it signs links and sessions', 'set it to at least 16 random characters: openssl rand -hex 32');
  }
  const dkim = ['SMTP_DKIM_DOMAIN', 'SMTP_DKIM_SELECTOR', 'SMTP_DKIM_PRIVATE_KEY'] as const;
  const absent = dkim.filter((name) => environment[name] === undefined);
  if (absent.length > 0 && absent.length < dkim.length) {
    for (const name of absent) missing(name, 'DKIM needs all three of its settings', `set ${dkim.join(', ')}, or none`);
  }
  if (environment.BOUNCE_PORT !== undefined && environment.BOUNCE_DOMAIN === undefined)
    missing('BOUNCE_DOMAIN', 'without it no address leads to BOUNCE_PORT', 'set it, or remove BOUNCE_PORT');
  if (environment.INBOUND_ADDRESS !== undefined && environment.INBOUND_IMAP_URL === undefined)
    missing('INBOUND_IMAP_URL', 'without it nobody reads INBOUND_ADDRESS', 'set it, or remove INBOUND_ADDRESS');
  const { POSTMARK_WEBHOOK_USER: user, POSTMARK_WEBHOOK_PASSWORD: password } = environment;
  if ((user === undefined) !== (password === undefined)) {
    const name = user === undefined ? 'POSTMARK_WEBHOOK_USER' : 'POSTMARK_WEBHOOK_PASSWORD';
    missing(name, 'Postmark shows a user and a password', 'set both, or none');
  }
  for (const [url, prefix] of [
    ['SMTP_URL', 'SMTP_'],
    ['SMS_URL', 'SMS_'],
  ] as const) {
    const dependent = prefix === 'SMTP_' ? environment.SMTP_DKIM_DOMAIN : environment.SMS_TOKEN;
    if (environment[url] === undefined && dependent !== undefined) {
      missing(url, `without it ${prefix}* settings mean nothing`, `set ${url}, or remove the others`);
    }
  }
  return faults;
}

/** The name a person can open in a browser for the address the service listens on. */
function publicUrlOf(environment: Environment): string {
  if (environment.PUBLIC_URL !== undefined) return environment.PUBLIC_URL.replace(/\/+$/, '');
  const wildcard = environment.HOST === '0.0.0.0' || environment.HOST === '::';
  const host = wildcard ? '127.0.0.1' : environment.HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${environment.PORT}`;
}

function smtpOf(environment: Environment): SmtpConfig | undefined {
  if (environment.SMTP_URL === undefined) return undefined;
  const { SMTP_DKIM_DOMAIN: domain, SMTP_DKIM_SELECTOR: selector, SMTP_DKIM_PRIVATE_KEY: privateKey } = environment;
  return {
    url: environment.SMTP_URL,
    poolSize: environment.SMTP_POOL_SIZE,
    rate: environment.SMTP_RATE,
    timeoutMs: environment.SMTP_TIMEOUT * 1000,
    dkim: domain && selector && privateKey ? { domain, selector, privateKey } : undefined,
  };
}

function smsOf(environment: Environment): SmsConfig | undefined {
  if (environment.SMS_URL === undefined) return undefined;
  return {
    url: environment.SMS_URL,
    token: environment.SMS_TOKEN,
    rate: environment.SMS_RATE,
    timeoutMs: environment.SMS_TIMEOUT * 1000,
  };
}

function inboundOf({ INBOUND_IMAP_URL: url, INBOUND_ADDRESS: address }: Environment): InboundConfig | undefined {
  if (url === undefined) return undefined;
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const secure = protocol === 'imaps:';
  const user = decodeURIComponent(username);
  const folder = decodeURIComponent(pathname.slice(1)) || 'INBOX';
  const host = hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: port === '' ? (secure ? 993 : 143) : Number(port),
    secure,
    user,
    password: decodeURIComponent(password),
    folder,
    address: address ?? (z.email().safeParse(user).success ? user : undefined),
    mailbox: `${user}@${host}/${folder}`,
  };
}

function webhooksOf(environment: Environment): WebhookConfig | undefined {
  const { POSTMARK_WEBHOOK_USER: user, POSTMARK_WEBHOOK_PASSWORD: password } = environment;
  const webhooks: WebhookConfig = {
    sesTopics: environment.SES_TOPIC_ARN?.split(',').map((arn) => arn.trim()),
    mailgunKey: environment.MAILGUN_SIGNING_KEY,
    postmark: user && password ? { user, password } : undefined,
    twilioToken: environment.TWILIO_AUTH_TOKEN,
  };
  return Object.values(webhooks).some((value) => value !== undefined) ? webhooks : undefined;
}

/**
 * Checks raw variables and turns them into settings.
 * An empty value counts as absent, as compose files and CI write it.
 * `generated` is asked only when the database is embedded and only for what is not set.
 * Throws UserError with every fault at once.
 */
export function parseConfig(
  variables: Variables,
  options: { dataDir: string; origins?: ReadonlyMap<string, Origin>; generated: () => Generated },
): Config {
  const origins = options.origins ?? new Map<string, Origin>();
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const faults = unknownFaults(given, origins);
  const parsed = environmentSchema.safeParse(given);
  const embedded = given.DATABASE_URL === undefined;
  if (parsed.success) {
    faults.push(...crossFaults(parsed.data, embedded));
  } else {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0]);
      faults.push({
        code: 'bad-variable',
        severity: 'error',
        message: `${name} ${issue.message}`,
        ...origins.get(name),
      });
    }
  }
  if (!parsed.success || faults.length > 0) throw new UserError('The settings are not usable', faults);

  const environment = parsed.data;
  const whole = embedded && (!environment.SECRET || !environment.ADMIN_EMAIL || !environment.ADMIN_PASSWORD);
  const generated = whole ? options.generated() : undefined;
  return {
    port: environment.PORT,
    host: environment.HOST,
    databaseUrl: environment.DATABASE_URL,
    databasePoolSize: environment.DATABASE_POOL_SIZE,
    embedded,
    dataDir: options.dataDir,
    smtp: smtpOf(environment),
    sms: smsOf(environment),
    bounces:
      environment.BOUNCE_DOMAIN === undefined
        ? undefined
        : { domain: environment.BOUNCE_DOMAIN.toLowerCase(), port: environment.BOUNCE_PORT },
    inbound: inboundOf(environment),
    webhooks: webhooksOf(environment),
    publicUrl: publicUrlOf(environment),
    secret: environment.SECRET ?? generated?.secret ?? '',
    webhookSecrets: environment.WEBHOOK_SECRET,
    roles: environment.ROLE,
    eventsRate: environment.EVENTS_RATE,
    openingRate: environment.OPENING_RATE,
    corsOrigins: environment.CORS_ORIGINS,
    trustedProxies: environment.TRUSTED_PROXIES,
    scenariosDir: environment.SCENARIOS_DIR,
    templatesDir: environment.TEMPLATES_DIR,
    writeKey: environment.WRITE_KEY ?? (embedded ? 'dev' : undefined),
    adminEmail: environment.ADMIN_EMAIL ?? generated?.adminEmail,
    adminPassword: environment.ADMIN_PASSWORD ?? generated?.adminPassword,
    sampleData: environment.SAMPLE_DATA ?? embedded,
    logLevel: environment.LOG_LEVEL,
  };
}
