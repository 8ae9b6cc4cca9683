import { isHost, isPlainlyPrivate, isPublicAddress, namesHost } from '../../src/shared/internet-address.ts';

describe('S4: what is a public address', () => {
  test.each([
    ['93.184.216.34', true],
    ['1.1.1.1', true],
    ['172.15.255.255', true],
    ['172.32.0.0', true],
    ['2606:4700:4700::1111', true],
    ['2a00:1450:4007:80c::200e', true],
    ['0.0.0.0', false],
    ['0.1.2.3', false],
    ['10.0.0.1', false],
    ['100.64.0.1', false],
    ['100.127.255.255', false],
    ['127.0.0.1', false],
    ['127.255.255.254', false],
    ['169.254.169.254', false],
    ['172.16.0.1', false],
    ['172.31.255.255', false],
    ['192.0.0.1', false],
    ['192.0.2.1', false],
    ['192.88.99.1', false],
    ['192.168.1.1', false],
    ['198.18.0.1', false],
    ['198.51.100.1', false],
    ['203.0.113.1', false],
    ['224.0.0.1', false],
    ['240.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::127.0.0.1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:93.184.216.34', false],
    ['::ffff:0:127.0.0.1', false],
    ['64:ff9b::7f00:1', false],
    ['64:ff9b:1::7f00:1', false],
    ['100::1', false],
    ['2001::1', false],
    ['2001:2::1', false],
    ['2001:20::1', false],
    ['2001:db8::1', false],
    ['2002:7f00:1::', false],
    ['3fff::1', false],
    ['4000::1', false],
    ['5f00::1', false],
    ['fc00::1', false],
    ['fd00:ec2::254', false],
    ['fe80::1', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['not an address', false],
    ['', false],
  ])('%s: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });
});

describe('S4: what a host looks like', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://127.0.0.1./',
    'http://①②⑦.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:0:0:1]:80/',
    'http://169.254.169.254/latest/meta-data',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://app.localhost/',
    'http://crm/',
    'http://printer.local/',
    'http://metadata.google.internal/',
    'http://router.home.arpa/',
  ])('%s is plainly private', (url) => {
    expect(isPlainlyPrivate(new URL(url))).toBe(true);
  });

  test.each(['https://example.com/', 'https://93.184.216.34/', 'https://[2606:4700:4700::1111]/', 'http://a.locals/'])(
    '%s is not',
    (url) => {
      expect(isPlainlyPrivate(new URL(url))).toBe(false);
    },
  );
});

describe('hosts that a policy names', () => {
  test.each([
    ['crm.internal', 'https://crm.internal/x', true],
    ['crm.internal', 'http://crm.internal:8080/', true],
    ['CRM.internal', 'https://crm.internal/', true],
    ['localhost:9000', 'http://localhost:9000/', true],
    ['localhost:9000', 'http://localhost:9001/', false],
    ['localhost:9000', 'http://localhost/', false],
    ['localhost:443', 'https://localhost/', true],
    ['localhost:443', 'http://localhost/', false],
    ['127.1', 'http://127.0.0.1:5/', true],
    ['[::1]:9000', 'http://[0::1]:9000/', true],
    ['internal', 'https://crm.internal/', false],
    ['crm.internal', 'https://crm.internal.example.com/', false],
  ])('%s and %s: %s', (host, url, named) => {
    expect(namesHost([host], new URL(url))).toBe(named);
  });

  test.each(['crm.internal', 'localhost:9000', '[::1]', '10.0.0.7:81'])('%s is one', (host) => {
    expect(isHost(host)).toBe(true);
  });

  test.each(['', 'https://crm.internal', 'a/b', 'user@host', '*.internal', 'a b', 'host:port', 'host:70000'])(
    '"%s" is none',
    (text) => {
      expect(isHost(text)).toBe(false);
    },
  );
});
