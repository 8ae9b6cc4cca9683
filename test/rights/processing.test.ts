import { processingCsv } from '../../src/rights/processing/processing-csv.ts';
import { controllerOf, processingRegister } from '../../src/rights/processing/processing.ts';
import { library } from '../engine/factories.ts';

const SCENARIO = `scenario: welcome
name: "=HYPERLINK(\\"https://evil.example\\")"
steps:
  hello: { send: { channel: email, template: a } }
  tell: { webhook: { url: "https://crm.example.com/hooks/{{contact.userId}}" } }
  order: { send: { channel: sms, template: a, purpose: account } }`;

describe('L14: the register of processing', () => {
  test('has purpose, legal basis, persons, data and recipients of every live scenario', () => {
    const [activity, ...others] = processingRegister(library([SCENARIO]));
    expect(others).toEqual([]);
    expect(activity).toMatchObject({
      scenario: 'welcome',
      version: 1,
      purposes: ['Newsletter', 'Your account'],
      legalBases: ['consent', 'contract'],
      owner: null,
      retention: expect.arrayContaining(['prospects 3y after their last contact']) as unknown,
      recipients: ['provider of email', 'provider of sms', 'crm.example.com'],
    });
    expect(activity!.data).toEqual(expect.arrayContaining(['email address', 'phone number', 'event Begun']));
  });

  test('says so when nobody receives anything', () => {
    const [activity] = processingRegister(library(['scenario: tidy\nsteps: { note: { set: { tier: gold } } }']));
    expect(activity!.recipients).toEqual(['nobody: it sends and calls nothing']);
  });

  test('S5: a cell that a spreadsheet would run is text', () => {
    const lib = library([SCENARIO], { controller: { name: 'Relance', address: 'Paris', contact: 'dpo@example.com' } });
    const [head, row] = processingCsv(processingRegister(lib), controllerOf(lib)).split('\r\n');
    expect(head).toBe(
      'controller,programme,scenario,version,name,objective,owner,purposes,legalBases,persons,data,recipients,retention,security',
    );
    expect(row).toContain('"Relance, Paris, dpo@example.com"');
    expect(row).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
  });
});
