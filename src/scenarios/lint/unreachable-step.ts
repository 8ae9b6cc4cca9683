import { faultAt, type LintRule } from './rule.ts';

/** No way leads to a step. */
export const unreachableStep: LintRule = (subject) => {
  const [entry] = subject.flow.keys();
  const reached = new Set<string>();
  const open = entry === undefined ? [] : [entry];
  while (open.length > 0) {
    const id = open.pop()!;
    if (reached.has(id)) continue;
    reached.add(id);
    for (const way of subject.flow.get(id)?.ways ?? []) if (!reached.has(way.target)) open.push(way.target);
  }
  return [...subject.flow.keys()]
    .filter((id) => !reached.has(id))
    .map((id) =>
      faultAt(subject, ['steps', id], {
        code: 'unreachable-step',
        message: `no way leads to step ${id}`,
        hint: `lead to it from another step (next: ${id}), or take it out`,
      }),
    );
};
