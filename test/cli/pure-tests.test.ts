import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pureTests } from '../../src/cli/pure-tests.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'relance pure '));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (file: string, text: string): void => {
  const full = path.join(root, 'test', file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
};

test('the pure tests are those whose imports never come to a database, a process or a browser', () => {
  write('support/database.ts', '');
  write('gate/setting.ts', "import { open } from '../support/database.ts';");
  write('gate/factories.ts', "import type { Message } from '../../src/messages/message.ts';");
  write('gate/judge.test.ts', "import { message } from './factories.ts';");
  write('gate/stored.test.ts', "import {\n  message,\n} from './factories.ts';\nimport { rows } from './setting.ts';");
  write('gate/direct.test.ts', "const { open } = await import('../support/database.ts');");
  write('cli/launch.test.ts', "import { spawn } from 'node:child_process';");
  write('gate/circle.test.ts', "import { a } from './circle.ts';");
  write('gate/circle.ts', "import { b } from './back.ts';");
  write('gate/back.ts', "import { a } from './circle.ts';\nimport { open } from '../support/database.ts';");
  expect(pureTests(root)).toEqual([path.join('test', 'gate', 'judge.test.ts')]);
});
