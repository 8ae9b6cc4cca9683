export { compileScenario } from './compile.ts';
export type {
  CompiledScenario,
  Effect,
  EntryEvent,
  Library,
  MachineState,
  StepContext,
  StepInput,
  StepResult,
} from './machine.ts';
export { describeInterrupts, describeStep, describeTrigger, describeWay } from './describe.ts';
export { machineJson } from './machine-json.ts';
export type { AskedGuard, GuardListener } from './watch-machine.ts';
export {
  fates,
  IN_FLIGHT,
  replacements,
  stoppedBecause,
  wayOn,
  type Fate,
  type InFlight,
  type InFlightChoice,
  type StepMap,
} from './in-flight.ts';
export { faultOfTarget, readStepMaps, refuseLost, stepMap } from './step-map.ts';
export { onlyInTests } from './only-in-tests.ts';
export { otherFile } from './other-file.ts';
export { findScenario } from './find.service.ts';
export { readPolicies, readPublished, type Published } from './published.service.ts';
export { resolveFlow, type StepFlow, type Way } from './flow.ts';
export { scenarioSchema } from './scenario.schema.ts';
export type {
  AudienceTrigger,
  ChooseStep,
  DateTrigger,
  EventTrigger,
  InactivityTrigger,
  ManualTrigger,
  Scenario,
  ScheduleTrigger,
  SendStep,
  SetStep,
  SplitStep,
  Step,
  StepKind,
  Trigger,
  WaitForStep,
  WaitStep,
} from './scenario.schema.ts';
export { checkPaths, type CheckResult } from './check.service.ts';
export {
  findFiles,
  inOrder,
  nearestAbove,
  POLICY_FILE,
  readLibraryFiles,
  readPolicy,
  readScenario,
  shownPath,
  TEMPLATES_FOLDER,
  type FoundFiles,
  type LibraryFiles,
  type ReadFile,
  type ReadTemplate,
} from './files.service.ts';
export { lintLibrary, unplayable } from './lint/lint.ts';
export { firstFree, lineAnew, spreadOf, turnAt, type Existing } from './existing.schema.ts';
export { listsReadAsOne } from './lint/list-read-as-one.ts';
export { parseScenario, type ParsedScenario } from './parse.ts';
export { buildLibrary, libraryOf, type PublishedLibrary, type PublishedScenario } from './library.ts';
export { libraryAfter } from './library-after.service.ts';
export { readNextLibrary, type NextLibrary } from './next-library.service.ts';
export { LibraryService } from './library.service.ts';
export { isEmpty, type Change, type ChangeKind, type Publishable, type PublishPlan } from './plan.ts';
export { overdueReviews } from './overdue-reviews.service.ts';
export { changedTest } from './changed-test.service.ts';
export { beginWatching, existingCrowds, type ExistingCrowd } from './existing.service.ts';
export { PublishService } from './publish.service.ts';
export { readyLibrary, readyPaths, type LibraryPlaces, type ReadyFiles } from './publishable.service.ts';
export { ScenariosModule, VersionsApiModule } from './scenarios.module.ts';
export type { Difference } from './versions/compare.ts';
export { compareVersions, compareWithCopy } from './versions/compare.service.ts';
export { HistoryStore, type VersionRecord } from './versions/history.store.ts';
export { copyAt } from './versions/local.service.ts';
export { pull, type PulledFile } from './versions/pull.service.ts';
export { formatName, isReference, parseName, parseReference, type VersionReference } from './versions/reference.ts';
export { readyVersion } from './versions/rollback.service.ts';
export { PUBLICATION_LOCK } from './version.store.ts';
