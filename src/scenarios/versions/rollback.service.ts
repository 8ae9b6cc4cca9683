import { parsePolicy } from '../../gate/index.ts';
import { systemClock } from '../../shared/clock.ts';
import { UserError, type Fault } from '../../shared/errors.ts';
import { checkTemplate } from '../../templates/index.ts';
import { inOrder } from '../files.service.ts';
import { lintLibrary } from '../lint/lint.ts';
import { parseScenario } from '../parse.ts';
import type { Publishable } from '../plan.ts';
import type { HistoryStore, PublishedDocument } from './history.store.ts';
import { formatName, type VersionReference } from './reference.ts';

/**
 * The content of an old version, ready to be published as a new one, with the warnings that do not forbid it. It is held
 * against all that is published now, as `apply` would: throws UserError with every error, and when there is no such version.
 */
export async function readyVersion(
  history: HistoryStore,
  reference: VersionReference,
): Promise<{ files: Publishable; warnings: Fault[] }> {
  const restored = await history.get(reference);
  const others = (await history.current()).filter((each) => formatName(each) !== formatName(reference));
  const faults = inOrder(await faultsOf([...others, restored], restored));
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new UserError(
      `${formatName(reference)}@${reference.version} does not go together with what is published now`,
      errors,
    );
  return { files: publishableOf(restored), warnings: faults.filter(({ severity }) => severity === 'warning') };
}

function publishableOf({ kind, id, files }: PublishedDocument): Publishable {
  const [[path, source] = ['', '']] = Object.entries(files);
  return {
    scenarios: kind === 'scenario' ? [{ id, path, source }] : [],
    policy: kind === 'policy' ? { source } : null,
    templates: kind === 'template' ? [{ id, files }] : [],
    complete: false,
  };
}

/**
 * Faults of the library with the restored document in it: for a scenario those in itself; what a policy or a template
 * does to the scenarios around it counts too.
 */
async function faultsOf(documents: readonly PublishedDocument[], restored: PublishedDocument): Promise<Fault[]> {
  const textsOf = (kind: PublishedDocument['kind']) =>
    documents
      .filter((document) => document.kind === kind)
      .map((document) => ({
        document,
        file: Object.keys(document.files)[0]!,
        source: Object.values(document.files)[0]!,
      }));
  const [policyText] = textsOf('policy');
  const policy = policyText === undefined ? undefined : parsePolicy(policyText.source, policyText.file);
  const scenarios = textsOf('scenario').map(({ document, file, source }) => ({
    document,
    file,
    ...parseScenario(source, file),
  }));
  const templates = await Promise.all(
    documents
      .filter(({ kind }) => kind === 'template')
      .map(async ({ id, files }) => ({ id, info: await checkTemplate({ id, files: { ...files } }) })),
  );
  const lint = lintLibrary({
    scenarios: scenarios.flatMap(({ parsed }) => parsed ?? []),
    policy: policy?.value,
    ...(policy !== undefined && { policyFile: { file: policyText!.file, ...policy } }),
    templates: templates.map(({ info }) => info),
    now: systemClock.now(),
  });
  switch (restored.kind) {
    case 'scenario': {
      const own = scenarios.find(({ document }) => document === restored)!;
      return [...own.faults, ...lint.filter(({ file }) => file === own.file)];
    }
    case 'policy':
      return [...(policy?.faults ?? []), ...lint];
    case 'template':
      return [...templates.find(({ id }) => id === restored.id)!.info.faults, ...lint];
  }
}
