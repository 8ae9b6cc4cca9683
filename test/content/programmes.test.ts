import path from 'node:path';
import { runTests } from '../../src/rehearsal/index.ts';
import { checkPaths } from '../../src/scenarios/index.ts';
import { compileTemplate, readTemplateFolders, sampleData, smsParts } from '../../src/templates/index.ts';

// The programmes that come with the product are held to what the product asks of everybody's.

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const SCENARIOS = path.join(ROOT, 'scenarios');
const TEMPLATES = path.join(ROOT, 'templates');
const PROGRAMMES = ['birthday-greeting', 'inactive-30-days', 'newsletter-welcome'];

describe('the programmes of the repository', () => {
  test('check finds nothing, not even a warning', async () => {
    const { faults, checked, withoutSchema } = await checkPaths([SCENARIOS, TEMPLATES], TEMPLATES);
    expect(faults).toEqual([]);
    expect(withoutSchema).toEqual([]);
    expect(checked).toMatchObject({ scenarios: PROGRAMMES.length, policies: 1 });
  });

  test('each passes its own tests, of which there are at least eight', async () => {
    const results = await runTests([SCENARIOS], { templatesDir: TEMPLATES });
    expect(results.filter(({ passed }) => !passed).map(({ name, details }) => [name, details])).toEqual([]);
    for (const programme of PROGRAMMES) {
      expect(results.filter(({ scenario }) => scenario === programme).length).toBeGreaterThanOrEqual(8);
    }
  });
});

describe('the templates of the repository', () => {
  const folders = () => readTemplateFolders(TEMPLATES);

  test('each is there in English and in French', async () => {
    for (const folder of await folders()) {
      const template = await compileTemplate(folder);
      for (const channel of template.channels) {
        const [english, french] = ['en-GB', 'fr-FR'].map((locale) => template.render(channel, sampleData({}), locale));
        expect([folder.id, english!.locale, french!.locale]).toEqual([folder.id, null, 'fr']);
        expect(french!.text).not.toBe(english!.text);
      }
    }
  });

  test.each(['en', 'fr'])(
    'the confirmation mail in %s lists what was asked for, in its text part too (C4)',
    async (locale) => {
      const folder = (await folders()).find(({ id }) => id === 'confirm-subscription')!;
      const data = sampleData({
        sample: { data: { purposes: ['Letters', 'Events'], expiresAt: '2026-03-08T09:00:00Z' } },
      });
      const { html, text } = (await compileTemplate(folder)).render('email', data, locale);
      for (const label of ['Letters', 'Events']) {
        expect(html).toContain(`<li><strong>${label}</strong></li>`);
        expect(text).toMatch(new RegExp(`^ *[*-] ${label}$`, 'm'));
      }
    },
  );

  test.each(['en', 'fr'])('a mail in %s says who writes, from where, and how to end it (law L4)', async (locale) => {
    for (const folder of await folders()) {
      const template = await compileTemplate(folder);
      if (!template.channels.includes('email')) continue;
      const data = sampleData({ sample: { contact: { firstName: null, lastName: null } } });
      const { html, text, subject } = template.render('email', data, locale);
      for (const part of [html, text]) {
        expect(part).toContain(String(data.sender.name));
        expect(part).toContain(String(data.sender.address));
        // Who is asked for a confirmation ends it by doing nothing.
        expect(part).toContain(folder.id === 'confirm-subscription' ? data.links.confirm : data.links.unsubscribe);
      }
      expect(html).toContain(`lang="${locale}"`);
      expect([subject, text].join()).not.toMatch(/\{\{|undefined|null|, [.!–]|,$/);
    }
  });

  test.each(['en', 'fr'])(
    'a text in %s is one part of GSM-7 whatever the name, and ends with STOP (rule C6)',
    async (locale) => {
      for (const folder of await folders()) {
        const template = await compileTemplate(folder);
        if (!template.channels.includes('sms')) continue;
        const data = sampleData({
          sample: { contact: { firstName: 'Françoise-Hélène' }, sender: { name: 'Maison Relance' } },
        });
        const { text } = template.render('sms', data, locale);
        expect(smsParts(text)).toMatchObject({ encoding: 'gsm-7', parts: 1 });
        expect(text).toMatch(/\bSTOP\b[^.]*$/);
      }
    },
  );
});
