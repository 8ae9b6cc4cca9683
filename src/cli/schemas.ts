import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { policySchema } from '../gate/index.ts';
import { ratesSchema, testFileSchema } from '../rehearsal/index.ts';
import { scenarioSchema } from '../scenarios/index.ts';

/** Formats with a JSON Schema for editors, by the name of its file. */
const FORMATS = { scenario: scenarioSchema, policy: policySchema, test: testFileSchema, rates: ratesSchema };

/** Registers `relance schemas`. */
export function register(program: Command): void {
  program
    .command('schemas')
    .description('write the JSON Schemas by which editors check scenarios, policy, tests and rates while you type')
    .argument('[folder]', 'where to', path.join('docs', 'schemas'))
    .action((folder: string) => {
      mkdirSync(folder, { recursive: true });
      for (const [name, schema] of Object.entries(jsonSchemas())) {
        writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
      }
    });
}

/** The JSON Schema of each format as people write it: before defaults and transformations. */
export function jsonSchemas(): Record<keyof typeof FORMATS, object> {
  const { scenario, policy, test, rates } = FORMATS;
  return {
    scenario: toJson('scenario', scenario),
    policy: toJson('policy', policy),
    test: toJson('test', test),
    rates: toJson('rates', rates),
  };
}

function toJson(name: string, schema: z.ZodType): object {
  return {
    title: `Relance ${name}`,
    ...z.toJSONSchema(schema, { io: 'input', reused: 'inline', unrepresentable: 'any' }),
  };
}
