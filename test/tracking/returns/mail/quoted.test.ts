import { readWord } from '../../../../src/consent/index.ts';
import { ownWords } from '../../../../src/tracking/returns/mail/quoted.ts';

const QUOTED = '> News.\n> Unsubscribe: https://relance.example.com/u/x\n> To stop these mails, unsubscribe.';

test.each([
  ['Gmail', `Thank you!\n\nOn Mon, Mar 2, 2026 at 9:00 AM Relance <hello@example.com> wrote:\n\n${QUOTED}`],
  [
    'Gmail, folded',
    `Thank you!\n\nOn Mon, Mar 2, 2026 at 9:00 AM Relance, the shop of all shops\n<hello@example.com> wrote:\n${QUOTED}`,
  ],
  ['in French', `Thank you!\n\nLe lun. 2 mars 2026 à 09:00, Relance <hello@example.com> a écrit :\n${QUOTED}`],
  ['in German', `Thank you!\n\nAm 02.03.2026 um 09:00 schrieb Relance:\n${QUOTED}`],
  [
    'Outlook',
    'Thank you!\n\n________________________________\nFrom: Relance <hello@example.com>\nSent: Monday, March 2, 2026\nSubject: News\n\nUnsubscribe',
  ],
  ['Outlook, older', 'Thank you!\n\n-----Original Message-----\nFrom: Relance\n\nUnsubscribe'],
  [
    'Outlook in French',
    'Thank you!\n\nDe : Relance <hello@example.com>\nEnvoyé : lundi 2 mars 2026 09:00\nObjet : News\n\nSe désabonner',
  ],
  ['a telephone', 'Thank you!\n\nSent from my iPhone\n\n> Unsubscribe'],
  ['a signature', 'Thank you!\n\n-- \nAda\nStop Street 1'],
  ['below the quote', `${QUOTED}\n\nThank you!`],
])('C5b: what a person wrote, as by %s, is all that is heard', (_by, text) => {
  expect(ownWords(text)).toBe('Thank you!');
  expect(readWord(ownWords(text))).toBe('other');
});

test.each(['please unsubscribe me', 'désabonnez-moi', 'STOP', 'Bitte keine E-Mails mehr, abmelden'])(
  'C5b: %s is a STOP also above a quote',
  (words) => {
    expect(readWord(ownWords(`${words}\n\nOn Mon, 2 Mar 2026, Relance wrote:\n> News`))).toBe('stop');
  },
);
