import { conditionSchema, describeCondition } from '../../src/audience/index.ts';

test.each([
  [{ attribute: 'country', in: ['FR', 'BE'] }, 'country in FR, BE'],
  [{ property: 'total', gte: 20, lt: 100 }, 'total ≥ 20 and total < 100'],
  [{ attribute: 'phone', exists: false }, 'phone is missing'],
  [{ attribute: 'vip', not: true }, 'vip ≠ true'],
  [{ daysSince: 'lastOrderAt', gte: 30 }, 'days since lastOrderAt ≥ 30'],
  [{ event: 'Order Completed' }, 'Order Completed'],
  [
    { event: 'Order Completed', where: { property: 'total', gte: 20 }, count: { gte: 2 }, within: '90d' },
    'number of (Order Completed with total ≥ 20) ≥ 2 within 90d',
  ],
  [{ message: { template: 'hello', channel: 'email' }, is: 'sent', within: '7d' }, 'email hello sent within 7d'],
  [{ message: { scenario: 'welcome' }, is: 'sent' }, 'message of welcome sent'],
  [{ consent: { channel: 'email', purpose: 'newsletter' }, is: 'granted' }, 'consent to newsletter by email granted'],
  [
    {
      any: [
        { attribute: 'a', equals: 1 },
        { all: [{ attribute: 'b', equals: 2 }, { not: { attribute: 'c', exists: true } }] },
      ],
    },
    'a = 1 or (b = 2 and not (c exists))',
  ],
])('%j in words', (condition, words) => {
  expect(describeCondition(conditionSchema.parse(condition))).toBe(words);
});
