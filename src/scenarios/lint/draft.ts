import type { Fault } from '../../shared/errors.ts';
import type { DraftScenario } from '../parse.ts';
import { instead, type LintInput } from './rule.ts';

type Path = (string | number)[];

/** A name as it stands in a file that has faults elsewhere. */
interface Mention {
  kind: 'template' | 'sender' | 'purpose' | 'category';
  name: string;
  path: Path;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Every template, sender, purpose and category that the top of a draft and its send steps name. */
export function mentionsOf({ data, faulty }: DraftScenario): Mention[] {
  if (!isMap(data)) return [];
  const found: Mention[] = [];
  const look = (map: Record<string, unknown>, kind: Mention['kind'], path: Path): void => {
    const name = map[kind];
    if (typeof name === 'string' && !faulty.has([...path, kind].join('.')))
      found.push({ kind, name, path: [...path, kind] });
  };
  for (const kind of ['sender', 'purpose', 'category'] as const) look(data, kind, []);
  for (const [id, step] of Object.entries(isMap(data['steps']) ? data['steps'] : {}))
    if (isMap(step) && isMap(step['send']))
      for (const kind of ['template', 'sender', 'purpose', 'category'] as const)
        look(step['send'], kind, ['steps', id, 'send']);
  return found;
}

/** What a scenario with faults names that is not there: nobody should mend one fault to be told of the next. */
export function lintDraft(draft: DraftScenario, { policy, templates }: LintInput): Fault[] {
  const known = {
    template: templates.map(({ id }) => id),
    sender: policy && Object.keys(policy.senders),
    purpose: policy && Object.keys(policy.purposes),
    category: policy && Object.keys(policy.categories),
  };
  return mentionsOf(draft).flatMap(({ kind, name, path }): Fault[] => {
    const all = known[kind];
    if (all === undefined || all.includes(name)) return [];
    const hint = all.length === 0 ? { hint: `make the folder templates/${name}` } : instead(name, all);
    return [
      {
        code: `unknown-${kind}`,
        severity: 'error',
        message: kind === 'template' ? `there is no template called ${name}` : `the policy has no ${kind} ${name}`,
        ...hint,
        path: path.join('.'),
        file: draft.file,
        ...draft.at(path),
      },
    ];
  });
}
