import { file } from './files.ts';
import { lint } from './lint-setting.ts';

const text = (more: string, template = 'hello'): string =>
  file(`  a: { send: { channel: sms, template: ${template}${more} } }`);

test('L5: a sender of letters needs the number that a STOP is written to', () => {
  expect(lint(text(', sender: letters'))).toEqual([
    expect.stringContaining('warning sender-without-stop texts of sender letters come from LETTERS'),
  ]);
  expect(lint(text(', sender: letters, category: service, purpose: account'))).toEqual([]);
  expect(lint(text(''))).toEqual([]);
});

test('L5: a text from letters has to name that number', () => {
  expect(lint(text('', 'numberless'))).toEqual([
    expect.stringContaining('warning stop-without-number template numberless says STOP and not to which number'),
  ]);
});
