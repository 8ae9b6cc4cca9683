import { readWord, readWordOf } from '../../../../src/tracking/returns/inbound/word.ts';

describe('C6: a STOP in any case, spacing, accent, politeness and language', () => {
  test.each([
    'stop',
    'STOP ',
    '  Stop\n',
    'Stop SVP',
    'arrêt',
    'ARRET',
    'Arrêtez !',
    'désabonner',
    'me désabonner',
    'DESABONNEMENT',
    'stop merci',
    'merci de me désabonner',
    "s'il vous plaît STOP",
    "STOP s'il te plaît",
    'je veux me désinscrire',
    'STOPALL',
    'stop all',
    'UNSUBSCRIBE',
    'please unsubscribe me',
    'opt-out',
    'OPTOUT',
    'CANCEL',
    'END',
    'QUIT',
    'please cancel',
    'STOP au 36111',
    '36111 STOP',
    'Stop sending me this',
    'stop!!! je ne veux plus de vos messages',
    'S T O P',
    's.t.o.p.',
    'S-T-O-P',
    'Stopppp',
    'stopstop',
    '🛑 stop',
    'ＳＴＯＰ',
    'arre\u0302t',
    '“STOP”',
    'ST\u200bOP',
    '\ufeffS\u00adTOP\u2060',
    'ST OP',
    'STO P',
    'AR RET',
    'STOP36111',
    '36111STOP',
    'stopsvp',
    'StopPub',
    'Please stop texting me',
    'Bonjour, arrêtez de m’écrire',
    'Veuillez arrêter svp',
    'I want to stop getting these',
  ])('%j', (text) => expect(readWord(text)).toBe('stop'));
});

describe('C6: what only looks like one is none', () => {
  test.each([
    "Please don't stop",
    'I will not stop',
    'ne vous arrêtez pas',
    'non stop',
    'nonstop',
    'unstoppable',
    'the next stop is Paris',
    'cancel my appointment',
    'end of the month is fine',
    'quit my job today',
    'Bonjour, où est ma commande ?',
    'ok',
    'merci',
    '36111',
    '',
    '🙂',
    'A B C',
    'Please do not stop',
    'r2d2',
    'st0p',
    'un stop à Paris',
    'Je ne veux pas me désabonner',
  ])('%j', (text) => expect(readWord(text)).toBe('other'));
});

describe('START and HELP are all that is said', () => {
  test.each(['start', 'START merci', 'UNSTOP', 'me réabonner svp'])('%j asks for texts again', (text) =>
    expect(readWord(text)).toBe('start'),
  );
  test.each(['HELP', 'aide', 'Info svp', 'CONTACT', 'infos ?'])('%j asks who writes', (text) =>
    expect(readWord(text)).toBe('help'),
  );
  test.each(['OUI', 'yes', 'when does the sale start', 'start stop', 'help me find my parcel'])(
    '%j is neither: a yes answers whatever was asked last',
    (text) => expect(readWord(text)).toBe('other'),
  );
});

test('what the provider took it for counts, and a STOP that one of the two sees is one', () => {
  expect(readWordOf('BASTA', 'stop')).toBe('stop');
  expect(readWordOf('YES', 'start')).toBe('start');
  expect(readWordOf('Stop it please', 'start')).toBe('stop');
  expect(readWordOf('stop please', null)).toBe('stop');
  expect(readWordOf('hello', null)).toBe('other');
});

test('a long text is read in no time', () => {
  const began = performance.now();
  readWord('s t o p '.repeat(10_000));
  readWord(`${'a '.repeat(50_000)}stop`);
  expect(performance.now() - began).toBeLessThan(500);
});
