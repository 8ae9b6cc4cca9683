import { readFileSync } from 'node:fs';
import { jsonSchemas } from '../../src/cli/schemas.ts';

test.each(Object.entries(jsonSchemas()))(
  'docs/schemas/%s.json is what the format is now (`relance schemas` writes it)',
  (name, schema) => {
    const committed = JSON.parse(
      readFileSync(new URL(`../../docs/schemas/${name}.json`, import.meta.url), 'utf8'),
    ) as unknown;
    expect(committed).toEqual(JSON.parse(JSON.stringify(schema)));
  },
);
