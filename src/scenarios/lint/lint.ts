import type { Fault } from '../../shared/errors.ts';
import { resolveFlow } from '../flow.ts';
import type { ParsedScenario } from '../parse.ts';
import { alwaysBlocked } from './always-blocked.ts';
import { lintBlackouts } from './blackout-is-past.ts';
import { branchNeverTaken } from './branch-never-taken.ts';
import { confirmLinkElsewhere } from './confirm-link-elsewhere.ts';
import { conditionNeverTrue } from './condition-never-true.ts';
import { cycleWithoutWait } from './cycle-without-wait.ts';
import { dateIsPast } from './date-is-past.ts';
import { lintDoubleOptIn } from './double-opt-in.ts';
import { lintDraft } from './draft.ts';
import { duplicateScenario } from './duplicate-scenario.ts';
import { exitNeverTaken } from './exit-never-taken.ts';
import { expiresBeforeWindow } from './expires-before-window.ts';
import { lintFrequencyTest } from './frequency-test.ts';
import { goalNeverReached } from './goal-never-reached.ts';
import { madeSale } from './made-sale.ts';
import { missingData } from './missing-data.ts';
import { missingEvent } from './missing-event.ts';
import { missingLanguage } from './missing-language.ts';
import { missingObjective } from './missing-objective.ts';
import { missingOwner } from './missing-owner.ts';
import { missingWayOut } from './missing-way-out.ts';
import { naming } from './naming.ts';
import { notADate } from './not-a-date.ts';
import { otherwiseNeverTaken } from './otherwise-never-taken.ts';
import { promotionInService } from './promotion-in-service.ts';
import { purposeAgainstCategory } from './purpose-against-category.ts';
import { privateWebhook } from './private-webhook.ts';
import { entryWithoutEvent } from './entry-without-event.ts';
import { propertyWithoutEvent } from './property-without-event.ts';
import { reservedStep } from './reserved-step.ts';
import { reviewOverdue } from './review-overdue.ts';
import type { LintInput, LintRule } from './rule.ts';
import { sameTrigger } from './same-trigger.ts';
import { scenarioFileName } from './scenario-file-name.ts';
import { senderWithoutAddress } from './sender-without-address.ts';
import { senderWithoutStop } from './sender-without-stop.ts';
import { shortMonths } from './short-months.ts';
import { stopWithoutNumber } from './stop-without-number.ts';
import { switchOfChannel } from './switch-of-channel.ts';
import { senderWithoutChannel } from './sender-without-channel.ts';
import { templateWithoutChannel } from './template-without-channel.ts';
import { unknownAudience } from './unknown-audience.ts';
import { unknownCategory } from './unknown-category.ts';
import { unknownPlaceholder } from './unknown-placeholder.ts';
import { unknownPurpose } from './unknown-purpose.ts';
import { unknownScenario } from './unknown-scenario.ts';
import { unknownSender } from './unknown-sender.ts';
import { unknownStep } from './unknown-step.ts';
import { unknownTemplate } from './unknown-template.ts';
import { unreachableStep } from './unreachable-step.ts';
import { windowNeverOpen } from './window-never-open.ts';

/** Every rule by its code, each with a heading in docs/lint.md. */
export const LINT_RULES: Readonly<Record<string, LintRule>> = {
  'unknown-step': unknownStep,
  'reserved-step': reservedStep,
  'unreachable-step': unreachableStep,
  'cycle-without-wait': cycleWithoutWait,
  'branch-never-taken': branchNeverTaken,
  'otherwise-never-taken': otherwiseNeverTaken,
  'condition-never-true': conditionNeverTrue,
  'exit-never-taken': exitNeverTaken,
  'goal-never-reached': goalNeverReached,
  'not-a-date': notADate,
  'date-is-past': dateIsPast,
  'short-months': shortMonths,
  'review-overdue': reviewOverdue,
  'unknown-template': unknownTemplate,
  'template-without-channel': templateWithoutChannel,
  'missing-data': missingData,
  'missing-event': missingEvent,
  'missing-language': missingLanguage,
  'missing-way-out': missingWayOut,
  'confirm-link-elsewhere': confirmLinkElsewhere,
  'missing-owner': missingOwner,
  'missing-objective': missingObjective,
  'made-sale': madeSale,
  'unknown-category': unknownCategory,
  'unknown-purpose': unknownPurpose,
  'unknown-sender': unknownSender,
  'sender-without-channel': senderWithoutChannel,
  'switch-of-channel': switchOfChannel,
  'sender-without-address': senderWithoutAddress,
  'sender-without-stop': senderWithoutStop,
  'stop-without-number': stopWithoutNumber,
  'purpose-against-category': purposeAgainstCategory,
  'promotion-in-service': promotionInService,
  'always-blocked': alwaysBlocked,
  'window-never-open': windowNeverOpen,
  'expires-before-window': expiresBeforeWindow,
  'unknown-audience': unknownAudience,
  'property-without-event': propertyWithoutEvent,
  'entry-without-event': entryWithoutEvent,
  'unknown-scenario': unknownScenario,
  'unknown-placeholder': unknownPlaceholder,
  'same-trigger': sameTrigger,
  'private-webhook': privateWebhook,
  'duplicate-scenario': duplicateScenario,
  'scenario-file-name': scenarioFileName,
  naming,
};

/**
 * What keeps a scenario that was read without a fault from being played at all, whatever stands around it: nobody can go
 * to a step that is not there. Whoever compiles what was not linted asks this before.
 */
export function unplayable(parsed: ParsedScenario): Fault[] {
  const library = { scenarios: [parsed], policy: undefined, templates: [], now: 0 };
  const subject = { ...parsed, flow: resolveFlow(parsed.scenario), library };
  return [...unknownStep(subject), ...reservedStep(subject)];
}

/** Holds scenarios that were read without a fault, and the policy they are judged by, to every rule. Pure: what is on disk has been read before. */
export function lintLibrary(library: LintInput): Fault[] {
  const { scenarios, policyFile, templates, now } = library;
  const ofScenarios = scenarios.flatMap((parsed) => {
    const subject = { ...parsed, flow: resolveFlow(parsed.scenario), library };
    return Object.values(LINT_RULES).flatMap((rule) => rule(subject));
  });
  ofScenarios.push(...(library.drafts ?? []).flatMap((draft) => lintDraft(draft, library)));
  if (policyFile === undefined) return ofScenarios;
  const ofPolicy = [
    ...lintDoubleOptIn(policyFile, templates),
    ...lintBlackouts(policyFile, now),
    ...lintFrequencyTest(policyFile, now),
  ];
  return [...ofPolicy, ...ofScenarios];
}
