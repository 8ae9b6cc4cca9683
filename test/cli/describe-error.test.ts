import { createServer } from 'node:net';
import { describeError } from '../../src/cli/describe-error.ts';
import { UserError } from '../../src/shared/errors.ts';

describe('errors on the terminal', () => {
  test('a fault that a person can mend: message and faults, no stack', () => {
    const fault = {
      code: 'bad-variable',
      severity: 'error' as const,
      message: 'PORT must be a number',
      file: '.env',
      line: 2,
    };
    expect(describeError(new UserError('The settings are not usable', [fault]))).toBe(
      'The settings are not usable:\n  .env:2  error bad-variable  PORT must be a number',
    );
    expect(describeError(new UserError('Once'))).toBe('Once');
  });

  test('a port in use: one line that says which and what to do', async () => {
    const first = createServer();
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
    const { port } = first.address() as { port: number };
    const error = await new Promise((resolve) => createServer().on('error', resolve).listen(port, '127.0.0.1'));
    first.close();
    expect(describeError(error)).toBe(
      `Port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another one with PORT`,
    );
  });

  test.each([
    [{ code: 'EACCES', path: '/project/.relance' }, 'This account may not use /project/.relance'],
    [{ code: 'EACCES', address: '0.0.0.0', port: 80 }, 'may not listen on port 80'],
    [{ code: 'ENOSPC' }, 'No space is left'],
  ])('%j: %s', (properties, expected) => {
    const text = describeError(Object.assign(new Error('x'), properties));
    expect(text).toContain(expected);
    expect(text).not.toContain('\n');
  });

  test('what nobody foresaw keeps its stack', () => {
    expect(describeError(new TypeError('x is not a function'))).toContain('describe-error.test');
  });
});
