import { conditionSchema } from '../../src/audience/index.ts';
import { conditionText } from '../../src/explain/conditions.ts';

/** Words of the one language, which a text in the other must not hold. */
const ENGLISH = /\b(and|or|not|in|with|within|number of|days since|by|granted|sent|is missing|true)\b/;

describe('a condition is told in the language of its sentence', () => {
  test.each([
    [{ attribute: 'country', in: ['FR', 'BE'] }, 'country est parmi FR, BE'],
    [{ attribute: 'tier', equals: 'vip' }, 'tier est vip'],
    [{ property: 'total', gte: 20.5, lt: 100 }, 'total ≥ 20,5 et total < 100'],
    [{ attribute: 'phone', exists: false }, 'phone manque'],
    [{ attribute: 'phone', exists: true }, 'phone est renseigné'],
    [{ attribute: 'vip', not: true }, 'vip n’est pas vrai'],
    [{ daysSince: 'lastOrderAt', gte: 30 }, 'nombre de jours depuis lastOrderAt ≥ 30'],
    [
      { event: 'Order Completed', where: { property: 'total', gte: 20 }, count: { gte: 2 }, within: '90d' },
      'nombre de (Order Completed où total ≥ 20) ≥ 2 sur 90 jours',
    ],
    [
      { message: { template: 'hello', channel: 'email' }, is: 'clicked', within: '7d' },
      'e-mail hello cliqué sur 7 jours',
    ],
    [{ message: { scenario: 'welcome' }, is: 'sent' }, 'message de welcome envoyé'],
    [
      { consent: { channel: 'sms', purpose: 'newsletter' }, is: 'granted' },
      'consentement à newsletter par SMS accordé',
    ],
    [
      {
        any: [
          { audience: 'buyers' },
          { all: [{ attribute: 'b', equals: false }, { not: { attribute: 'c', contains: 'x' } }] },
        ],
      },
      'dans l’audience buyers ou (b est faux et pas (c contient x))',
    ],
  ])('%j', (condition, french) => {
    const parsed = conditionSchema.parse(condition);
    expect(conditionText(parsed, 'fr')).toBe(french);
    expect(french).not.toMatch(ENGLISH);
    expect(conditionText(parsed, 'en')).not.toBe(french);
  });
});
