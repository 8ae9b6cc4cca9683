import { otherFile } from '../scenarios/index.ts';
import { parseYaml, type ParsedYaml } from '../shared/yaml.ts';
import { testFileSchema, type TestFile } from './test-file.schema.ts';

/** Reads one scenario test file. */
export function parseTestFile(source: string, file: string): ParsedYaml<TestFile> {
  const parsed = parseYaml(source, file, testFileSchema);
  const other = parsed.value === undefined ? otherFile(parsed.data, 'test', file) : undefined;
  return other === undefined ? parsed : { ...parsed, faults: [other] };
}
