import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Config, Origin, Variables } from '../../src/config/config.ts';
import { environmentSchema } from '../../src/config/config.schema.ts';
import { parseConfig } from '../../src/config/config.ts';
import { UserError } from '../../src/shared/errors.ts';

const generated = () => ({
  secret: 'g'.repeat(32),
  adminEmail: 'admin@example.com',
  adminPassword: 'generated-password',
});

const parse = (variables: Variables, origins?: ReadonlyMap<string, Origin>): Config =>
  parseConfig(variables, { dataDir: '/project/.relance', origins, generated });

function caught(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return new UserError('accepted');
}

/** Messages and hints of the faults. */
function faults(variables: Variables, origins?: ReadonlyMap<string, Origin>): string[] {
  const found = caught(() => parse(variables, origins)).faults;
  return found.map(({ message, hint }) => (hint ? `${message}: ${hint}` : message));
}

const OWN_SERVER = { DATABASE_URL: 'postgres://relance:x@db.example:5432/relance', SECRET: 's'.repeat(32) };

describe('settings', () => {
  test.each([
    ['.env.example', /^#?([A-Z][A-Z_]+)=/gm],
    ['docs/operations.md', /`([A-Z][A-Z_]+)`/g],
  ])('every one stands in %s', (file, form) => {
    const page = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    const known = new Set(Object.keys(environmentSchema.shape));
    const named = new Set([...page.matchAll(form)].map((match) => match[1]!));
    expect([...known].filter((name) => !named.has(name))).toEqual([]);
    if (file === '.env.example') expect([...named].filter((name) => !known.has(name))).toEqual([]);
  });

  test('nothing set: embedded, loopback, captured mail, sample data, a write key and an account', () => {
    expect(parse({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      databasePoolSize: 10,
      embedded: true,
      dataDir: '/project/.relance',
      publicUrl: 'http://127.0.0.1:3000',
      secret: 'g'.repeat(32),
      roles: ['api', 'engine', 'dispatch'],
      scenariosDir: 'scenarios',
      templatesDir: 'templates',
      writeKey: 'dev',
      adminEmail: 'admin@example.com',
      adminPassword: 'generated-password',
      sampleData: true,
      logLevel: 'info',
    });
  });

  test('with DATABASE_URL nothing is made up', () => {
    const config = parse(OWN_SERVER);
    expect(config).toMatchObject({ embedded: false, sampleData: false, secret: 's'.repeat(32) });
    expect([config.writeKey, config.adminEmail, config.adminPassword]).toEqual([undefined, undefined, undefined]);
  });

  test('with DATABASE_URL a SECRET is required', () => {
    expect(faults({ DATABASE_URL: OWN_SERVER.DATABASE_URL })).toEqual([
      expect.stringMatching(/^SECRET is not set.*openssl/),
    ]);
  });

  test('what is set wins over what is generated', () => {
    const config = parse({ SECRET: 'mine-and-long-enough', ADMIN_EMAIL: 'ada@example.com', WRITE_KEY: 'key' });
    expect(config).toMatchObject({ secret: 'mine-and-long-enough', adminEmail: 'ada@example.com', writeKey: 'key' });
    expect(config.adminPassword).toBe('generated-password');
  });

  test('C5b: the mailbox that is read, from its URL', () => {
    const { inbound } = parse({
      INBOUND_IMAP_URL: 'imaps://care%40example.com:p%40ss%2F@imap.example.com/Replies%20all',
    });
    expect(inbound).toEqual({
      host: 'imap.example.com',
      port: 993,
      secure: true,
      user: 'care@example.com',
      password: 'p@ss/',
      folder: 'Replies all',
      address: 'care@example.com',
      mailbox: 'care@example.com@imap.example.com/Replies all',
    });
    expect(parse({ INBOUND_IMAP_URL: 'imap://u1:p@host' }).inbound).toMatchObject({
      port: 143,
      secure: false,
      folder: 'INBOX',
    });
    expect(parse({ INBOUND_IMAP_URL: 'imap://u1:p@host' }).inbound?.address).toBeUndefined();
    expect(faults({ INBOUND_ADDRESS: 'care@example.com' })).toEqual([
      expect.stringMatching(/^INBOUND_IMAP_URL is not set/),
    ]);
  });

  test('an empty value counts as absent', () => {
    expect(parse({ SMTP_URL: '', PORT: '' })).toMatchObject({ port: 3000 });
  });

  test.each([
    ['PORT', '70000', 'whole number from 0 to 65535'],
    ['PORT', 'http', 'whole number'],
    ['PORT', '-1', 'whole number'],
    ['DATABASE_URL', 'mysql://localhost/x', 'postgres://'],
    ['SMTP_URL', 'smtp.example.com:587', 'smtp://user:password@host:587'],
    ['SMTP_URL', 'http://example.com', 'smtp://'],
    ['SMTP_URL', 'smtp://', 'smtp://'],
    ['SMTP_RATE', '0', 'whole number from 1'],
    ['SMTP_DKIM_PRIVATE_KEY', 'secret', 'PEM'],
    ['SMS_URL', 'ftp://example.com', 'https://'],
    ['BOUNCE_DOMAIN', 'bounces', 'bounces.example.com'],
    ['BOUNCE_PORT', '70000', 'whole number'],
    ['INBOUND_IMAP_URL', 'https://example.com', 'imaps://user:password@host/INBOX'],
    ['INBOUND_IMAP_URL', 'imaps://host/INBOX', 'must have a user and a password'],
    ['INBOUND_ADDRESS', 'care', 'email address'],
    ['SES_TOPIC_ARN', 'returns', 'arn:aws:sns'],
    ['PUBLIC_URL', 'relance.example.com', 'https://'],
    ['SECRET', 'short', '16 characters'],
    ['ROLE', 'api,worker', 'api, engine, dispatch'],
    ['ROLE', 'all,api', 'api, engine, dispatch'],
    ['ADMIN_EMAIL', 'admin', 'email address'],
    ['ADMIN_PASSWORD', '1234567', '8 characters'],
    ['SAMPLE_DATA', 'maybe', 'true or false'],
    ['LOG_LEVEL', 'verbose', 'debug'],
  ])('%s=%s is refused, and the message says what is accepted', (name, value, expected) => {
    const found = faults({ [name]: value, ...(name === 'DATABASE_URL' ? { SECRET: OWN_SERVER.SECRET } : {}) });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(name);
    expect(found[0]).toContain(expected);
  });

  test('every fault is listed at once', () => {
    expect(faults({ PORT: 'x', LOG_LEVEL: 'y', SMTP_URL: 'z', DATABASE_ULR: 'postgres://x' })).toHaveLength(4);
  });

  test('no message shows a value that may be a password', () => {
    expect(
      faults({ SMTP_URL: 'smtp:user:hunter2', SECRET: 'hunter2', ADMIN_PASSWORD: 'hunter2' }).join(),
    ).not.toContain('hunter2');
  });
});

describe('roles', () => {
  test.each([
    ['all', ['api', 'engine', 'dispatch']],
    ['engine', ['engine']],
    ['dispatch, api', ['api', 'dispatch']],
  ])('ROLE=%s', (value, roles) => {
    expect(parse({ ROLE: value }).roles).toEqual(roles);
  });
});

describe('unknown variables', () => {
  test.each([
    ['SMTP_POOLSIZE', 'SMTP_POOL_SIZE'],
    ['SMS_ULR', 'SMS_URL'],
    ['DATABASE_ULR', 'DATABASE_URL'],
    ['TEMPLATE_DIR', 'TEMPLATES_DIR'],
    ['ADMIN_PASWORD', 'ADMIN_PASSWORD'],
  ])('%s: did you mean %s?', (name, known) => {
    expect(faults({ [name]: 'x' })).toEqual([`${name} is not a setting of Relance: did you mean ${known}?`]);
  });

  test.each([
    'HOSTNAME',
    'PATH',
    'PORTS',
    'POSTGRES_PASSWORD',
    'NODE_ENV',
    'LOGNAME',
    'npm_config_loglevel',
    'CHROMIUM_PATH',
  ])('%s belongs to others and is passed over', (name) => {
    expect(faults({ [name]: 'x' })).toEqual([]);
  });

  test('a .env file is ours alone: any unknown name in it is a fault, with its line', () => {
    const origins = new Map([['COLOUR', { file: '.env', line: 7 }]]);
    expect(caught(() => parse({ COLOUR: 'red' }, origins)).faults).toEqual([
      expect.objectContaining({ file: '.env', line: 7, code: 'unknown-variable' }),
    ]);
  });

  test('no variable of other programs, whatever it is called, stops the boot', () => {
    const foreign = fc.stringMatching(/^[a-z]{1,8}_[a-z]{1,8}$/);
    fc.assert(fc.property(foreign, (name) => faults({ [name]: 'x' }).length === 0));
  });
});

describe('public address', () => {
  test.each<[Variables, string]>([
    [{ PORT: '8080' }, 'http://127.0.0.1:8080'],
    [{ HOST: '0.0.0.0' }, 'http://127.0.0.1:3000'],
    [{ HOST: '::1' }, 'http://[::1]:3000'],
    [{ PUBLIC_URL: 'https://relance.example.com/base/' }, 'https://relance.example.com/base'],
  ])('%j', (variables, expected) => {
    expect(parse(variables).publicUrl).toBe(expected);
  });
});

describe('what comes back', () => {
  test('an address for bounces, a listener, and what each provider shows', () => {
    const { bounces, webhooks } = parse({
      BOUNCE_DOMAIN: 'Bounces.example.com',
      BOUNCE_PORT: '2525',
      SES_TOPIC_ARN: 'arn:aws:sns:eu-west-3:123456789012:a, arn:aws:sns:eu-west-3:123456789012:b',
      MAILGUN_SIGNING_KEY: 'key',
      POSTMARK_WEBHOOK_USER: 'postmark',
      POSTMARK_WEBHOOK_PASSWORD: 'password',
      TWILIO_AUTH_TOKEN: 'token',
    });
    expect(bounces).toEqual({ domain: 'bounces.example.com', port: 2525 });
    expect(webhooks).toEqual({
      sesTopics: ['arn:aws:sns:eu-west-3:123456789012:a', 'arn:aws:sns:eu-west-3:123456789012:b'],
      mailgunKey: 'key',
      postmark: { user: 'postmark', password: 'password' },
      twilioToken: 'token',
    });
  });

  test('halves are refused, naming what is missing', () => {
    expect(faults({ BOUNCE_PORT: '2525' })).toEqual([expect.stringContaining('BOUNCE_DOMAIN is not set')]);
    expect(faults({ POSTMARK_WEBHOOK_USER: 'x' })).toEqual([
      expect.stringContaining('POSTMARK_WEBHOOK_PASSWORD is not set'),
    ]);
  });
});

describe('mail and text messages', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test('SMTP with DKIM; a key on one line with \\n', () => {
    const { smtp } = parse({
      SMTP_URL: 'smtps://user:p%40ss@mail.example:465',
      SMTP_POOL_SIZE: '8',
      SMTP_RATE: '50',
      SMTP_DKIM_DOMAIN: 'example.com',
      SMTP_DKIM_SELECTOR: 's1',
      SMTP_DKIM_PRIVATE_KEY: pem.replaceAll('\n', '\\n'),
    });
    expect(smtp).toEqual({
      url: 'smtps://user:p%40ss@mail.example:465',
      poolSize: 8,
      rate: 50,
      timeoutMs: 30_000,
      dkim: { domain: 'example.com', selector: 's1', privateKey: pem },
    });
  });

  test('DKIM by halves is refused, naming what is missing', () => {
    const found = faults({ SMTP_URL: 'smtp://mail.example', SMTP_DKIM_DOMAIN: 'example.com' });
    expect(found.map((line) => line.split(' ')[0])).toEqual(['SMTP_DKIM_SELECTOR', 'SMTP_DKIM_PRIVATE_KEY']);
  });

  test('settings of a channel without its address mean a forgotten address', () => {
    expect(faults({ SMS_TOKEN: 'x' })).toEqual([expect.stringContaining('SMS_URL is not set')]);
  });

  test('a text gateway', () => {
    expect(parse({ SMS_URL: 'https://gateway.example/send', SMS_TOKEN: 't', SMS_TIMEOUT: '5' }).sms).toEqual({
      url: 'https://gateway.example/send',
      token: 't',
      rate: undefined,
      timeoutMs: 5_000,
    });
  });
});
