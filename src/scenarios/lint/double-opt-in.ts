import type { Fault } from '../../shared/errors.ts';
import type { TemplateInfo } from '../../templates/index.ts';
import { instead, type PolicyFile } from './rule.ts';

/**
 * Holds the mail that asks for a confirmation to what it must be (rule C4, law L22): it is there, asks, says who asks, and
 * advertises nothing, because a court may take a mail that does for advertising without consent.
 */
export function lintDoubleOptIn({ file, value, at }: PolicyFile, templates: readonly TemplateInfo[]): Fault[] {
  if (value === undefined) return [];
  const { doubleOptIn } = value;
  if (doubleOptIn === undefined) return [];
  const faults: Fault[] = [];
  const { template: name } = doubleOptIn;
  const path = ['doubleOptIn', 'template'];
  const refuse = (fault: Pick<Fault, 'code' | 'message' | 'hint'>): void => {
    faults.push({ severity: 'error', ...fault, path: path.join('.'), file, ...at?.(path) });
  };
  const template = templates.find(({ id }) => id === name);
  if (template === undefined) {
    const known = templates.map(({ id }) => id);
    const { hint = `make the folder templates/${name}` } = instead(name, known);
    refuse({ code: 'unknown-template', message: `there is no template called ${name}`, hint });
    return faults;
  }
  if (!template.channels.includes('email')) {
    const hint = `add templates/${name}/email.mjml.hbs`;
    refuse({ code: 'template-without-channel', message: `template ${name} has no mail`, hint });
    return faults;
  }
  if (!template.confirmable)
    refuse({
      code: 'missing-confirm-link',
      message: `template ${name} asks for a confirmation, and not every variant of its mail has the link to confirm by`,
      hint: 'put <a href="{{links.confirm}}">…</a> into every variant of the mail',
    });
  if (!template.addressed)
    refuse({
      code: 'confirmation-without-address',
      message: `template ${name} does not say in every variant of its mail who asks`,
      hint: 'end it with {{sender.name}} · {{sender.address}}',
    });
  if (template.promotion !== null) {
    const { words, file: where, line } = template.promotion;
    refuse({
      code: 'promotion-in-confirmation',
      message: `template ${name} asks for a confirmation, and "${words}" in ${where}:${line} is an offer: a mail that advertises needs the consent it asks for`,
      hint: 'take the offer out; it can stand in the first mail after the confirmation',
    });
  }
  const missing = template.dataKeys.filter((key) => !CONFIRMATION_DATA.includes(key));
  if (missing.length > 0)
    refuse({
      code: 'missing-data',
      message: `template ${name} reads ${missing.map((key) => `data.${key}`).join(', ')}, which a mail that asks for a confirmation is not given`,
      hint: `there are ${CONFIRMATION_DATA.map((key) => `data.${key}`).join(', ')}`,
    });
  return faults;
}

/** What `planConfirmation` of the engine gives. */
const CONFIRMATION_DATA = ['purpose', 'purposes', 'requestedAt', 'expiresAt'];
