import { rm } from 'node:fs/promises';
import { runTests } from '../../src/rehearsal/index.ts';
import { POLICY, writeFolder } from './people.ts';

const scenario = (id: string, property: string): string => `scenario: ${id}
programme: trial
name: ${id}
category: marketing
purpose: newsletter
sender: brand
trigger: { event: Ordered, where: { property: "${property}", equals: shoes } }
steps: { mail: { send: { channel: email, template: hello } } }
`;
const tests = (id: string): string => `scenario: ${id}
tests:
  - name: shoes
    contact: { userId: ada, email: ada@example.com, consents: [{ channel: email, purpose: newsletter, action: granted }] }
    timeline:
      - { at: 2026-03-02T09:00:00Z, track: Ordered, properties: { products: [{ category: hats }] } }
      - { at: 2026-03-03T09:00:00Z, track: Ordered, properties: { products: [{ category: hats }, { category: shoes }] } }
    expect: { messages: [{ at: 2026-03-03T09:00:00Z, outcome: sent }] }
`;

test('a scenario test says which condition reads a list as one thing, and where; with brackets it asks the items', async () => {
  const folder = await writeFolder({
    'policy.yaml': POLICY,
    'one.yaml': scenario('one', 'products.category'),
    'one.test.yaml': tests('one'),
    'each.yaml': scenario('each', 'products[].category'),
    'each.test.yaml': tests('each'),
    'templates/hello/email.html.hbs': 'Hello <a href="{{links.unsubscribe}}">Unsubscribe</a>',
    'templates/hello/meta.yaml': 'subject: Hello\n',
  });
  try {
    const results = await runTests([folder], { templatesDir: `${folder}/none` });
    expect(results.filter(({ passed }) => passed).map(({ name }) => name)).toEqual(['shoes']);
    const said = JSON.stringify(results.filter(({ passed }) => !passed));
    expect(said).toContain('list-read-as-one');
    expect(said).toContain('products is a list: write products[].category');
  } finally {
    await rm(folder, { recursive: true });
  }
});
