import type { Policy } from '../gate/index.ts';
import { shownPath } from '../scenarios/index.ts';
import type { Fault } from '../shared/errors.ts';
import { Shelf } from './shelf.service.ts';
import { checkTestNames } from './test-names.ts';
import { addTo } from './test-references.ts';
import { loadSuite } from './test-suite.service.ts';

/** A policy of a test file's own, and the scenarios that it is played with. */
export interface OwnPolicy {
  /** As people should see it. */
  file: string;
  scenarios: string[];
  policy: Policy;
}

/**
 * Everything that is wrong in test files as they stand: their form, and every name and value that fits nothing around
 * them. Whether the tests pass is for `relance test`. What is wrong in the scenarios and policies beside them is told
 * where those are checked; `ownPolicies` is what scenarios are held against besides.
 */
export async function checkTests(
  files: readonly string[],
  templatesDir: string,
): Promise<{ faults: Fault[]; ownPolicies: OwnPolicy[] }> {
  const shelf = new Shelf();
  const faults: Fault[] = [];
  const ownPolicies: OwnPolicy[] = [];
  for (const file of files) {
    const shown = shownPath(file);
    const { faults: found, around } = await loadSuite(file, templatesDir, shelf);
    // Versions that only tests publish, and lists that only tests show, are told by nothing else.
    const isTold = ({ file: of = '', code }: Fault): boolean =>
      of !== shown && !/\.v\d+\.yaml$/.test(of) && code !== 'list-read-as-one';
    faults.push(...found.filter((fault) => !isTold(fault)));
    if (around === null) continue;
    const { content, at, names } = around;
    checkTestNames(content, names, addTo(faults, shown, at));
    if (content.policy !== undefined)
      ownPolicies.push({ file: shown, scenarios: [content.scenario, ...content.with], policy: content.policy });
  }
  return { faults, ownPolicies };
}
