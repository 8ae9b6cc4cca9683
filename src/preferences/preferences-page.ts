import { page, type Look, type PageLanguage } from '../pages/index.ts';
import type { Channel } from '../shared/channel.ts';
import type { Instant } from '../shared/clock.ts';
import { html, Html } from '../shared/html.ts';
import { PAUSES, type FaultyField, type Fields, type PauseName } from './form.ts';
import { isOn, nameOf, stateOf, type Choosable } from './offer.ts';
import { STYLE } from './page-style.ts';
import type { Standing } from './preferences.service.ts';
import { WORDS, type Words } from './words.ts';

export interface PreferencesPage {
  language: PageLanguage;
  look: Look;
  offered: readonly Choosable[];
  languages: readonly string[];
  standing: Standing;
  now: Instant;
  zone: string;
  moment: 'asking' | 'saved' | 'stopped' | 'fault';
  /** What cannot be used, and what was typed, of a form with a fault. */
  faults?: readonly FaultyField[];
  typed?: Fields;
}

/** The preference centre: it shows how things stand, and only its buttons (a POST) change anything. */
export function preferencesPage(shown: PreferencesPage): Html {
  const { language, look, moment } = shown;
  const words = WORDS[language];
  const title = moment === 'saved' ? words.saved.heading : moment === 'stopped' ? words.stopped.heading : words.title;
  return page(
    {
      language,
      look,
      title: moment === 'fault' ? `${words.fault.heading}: ${title}` : title,
      wide: true,
      style: STYLE,
    },
    html`${head(shown, words)} ${form(shown, words)}`,
  );
}

/** The words of one box as they stand in the page: what the ledger keeps (rule C2, GDPR Art. 7(1)). */
export function wordsOf(of: Choosable, language: PageLanguage): string {
  return `${WORDS[language].channel[of.channel]!.ask} ${of.label}`;
}

function head(shown: PreferencesPage, words: Words): Html {
  const { moment, look, standing, faults = [] } = shown;
  if (moment === 'stopped')
    return html`${TICK}
      <h1>${words.stopped.heading}</h1>
      <p role="status">${words.stopped.text}</p>
      <p>${words.stopped.back}</p>`;
  if (moment === 'saved')
    return html`${TICK}
      <h1>${words.saved.heading}</h1>
      ${summary(shown, words)}`;
  const lead = html`<p>${standing.objects ? words.objecting : words.lead(look.brand)}</p>`;
  if (moment === 'asking')
    return html`<h1>${words.title}</h1>
      ${lead}`;
  return html`<h1>${words.title}</h1>
    <div class="fault" role="alert">
      <p>${words.fault.heading}</p>
      <ul>
        ${faults.map((field) => html`<li>${field === 'form' ? words.fault.form : html`<a href="#${field}">${words.fault[field]}</a>`}</li>`)}
      </ul>
    </div>
    ${lead}`;
}

function summary({ offered, standing, language, now, zone }: PreferencesPage, words: Words): Html {
  const on = standing.objects ? [] : offered.filter((of) => isOn(of, standing.consents));
  const { maxPerWeek, pauseUntil } = standing.own;
  const paused = pauseUntil !== null && pauseUntil > now;
  return html`<div class="summary" role="status">
    ${
      on.length === 0
        ? html`<p>${words.saved.nothing}</p>`
        : html`<ul>
            ${on.map(
              (of) =>
                html`<li>
                  ${of.label},
                  ${words.saved.by[of.channel]}${stateOf(of, standing.consents) === 'pending' && html` (${words.pending})`}
                </li>`,
            )}
          </ul>`
    }
    ${maxPerWeek !== null && html`<p>${words.saved.week(maxPerWeek)}</p>`}
    ${paused && html`<p>${words.saved.paused(dateOf(pauseUntil, language, zone))}</p>`}
  </div>`;
}

function form(shown: PreferencesPage, words: Words): Html {
  const { offered } = shown;
  const channels = [...new Set(offered.map(({ channel }) => channel))];
  return html`<form method="post">
    <input type="hidden" name="form" value="preferences" />
    <input type="hidden" name="shown" value="${offered.map(nameOf).join(' ')}" />
    ${channels.map((channel) => boxes(shown, channel, words))}
    <div class="fields">${week(shown, words)} ${pause(shown, words)} ${languageField(shown, words)}</div>
    <button type="submit" name="do" value="save">${words.save}</button>
    <section class="stop">
      <h2>${words.stop.heading}</h2>
      <p>${words.stop.text}</p>
      <button class="quiet" type="submit" name="do" value="stop">${words.stop.button}</button>
      <p class="note">${words.contract}</p>
    </section>
  </form>`;
}

function boxes({ offered, standing, typed }: PreferencesPage, channel: Channel, words: Words): Html {
  const { legend, to, noAddress, ask } = words.channel[channel]!;
  const address = channel === 'email' ? standing.contact.email : standing.contact.phone;
  return html`<fieldset aria-describedby="${channel}-to">
    <legend>${legend}</legend>
    <p class="note" id="${channel}-to">${address === null ? noAddress : to(masked(address))}</p>
    <p class="ask">${ask}</p>
    ${offered
      .filter((of) => of.channel === channel)
      .map((of) => {
        const name = `on.${nameOf(of)}`;
        const checked =
          typed === undefined ? !standing.objects && isOn(of, standing.consents) : typed[name] !== undefined;
        const pending = !standing.objects && stateOf(of, standing.consents) === 'pending';
        return html`<label class="box">
          <input type="checkbox" name="${name}" value="on" ${checked ? CHECKED : ''} />
          <span>${of.label}${pending && html`<small>${words.pending}</small>`}</span>
        </label>`;
      })}
  </fieldset>`;
}

const CHECKED = new Html('checked');
const SELECTED = new Html('selected');

type Option = readonly [value: string, text: string];

function select(
  { typed, faults = [] }: PreferencesPage,
  name: Exclude<FaultyField, 'form'>,
  label: string,
  options: readonly Option[],
  current: string,
  words: Words,
  hint?: string,
): Html {
  const value = typed?.[name] ?? current;
  const faulty = faults.includes(name);
  const described = [faulty && `${name}-fault`, hint !== undefined && `${name}-hint`].filter(Boolean).join(' ');
  // What was typed stays to be seen, also when it is none of the choices.
  const all = options.some(([each]) => each === value) ? options : [...options, [value, value] as const];
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}" aria-invalid="${faulty ? 'true' : 'false'}" aria-describedby="${described}">
      ${all.map(([each, text]) => html`<option value="${each}" ${each === value ? SELECTED : ''}>${text}</option>`)}
    </select>
    ${faulty && html`<p class="wrong" id="${name}-fault">${words.fault[name]}</p>`}
    ${hint !== undefined && html`<p class="note" id="${name}-hint">${hint}</p>`}
  </div>`;
}

function week(shown: PreferencesPage, words: Words): Html {
  const { label, none, most, hint } = words.week;
  const options = [1, 2, 3, 4, 5, 6, 7].map((count) => [String(count), most(count)] as const);
  const { maxPerWeek } = shown.standing.own;
  return select(
    shown,
    'week',
    label,
    [['', none], ...options],
    maxPerWeek === null ? '' : String(maxPerWeek),
    words,
    hint,
  );
}

function pause(shown: PreferencesPage, words: Words): Html {
  const { standing, now, language, zone } = shown;
  const { pauseUntil } = standing.own;
  const running = pauseUntil !== null && pauseUntil > now ? dateOf(pauseUntil, language, zone) : null;
  const names = Object.keys(PAUSES) as PauseName[];
  const options: Option[] = [
    ['', running === null ? words.pause.none : words.pause.keep(running)],
    ...(running === null ? [] : [['lift', words.pause.lift] as const]),
    ...names.map((name) => [name, words.pause.for[name]] as const),
  ];
  const hint = running === null ? words.pause.hint : words.pause.running(running);
  return select(shown, 'pause', words.pause.label, options, '', words, hint);
}

function languageField(shown: PreferencesPage, words: Words): Html | false {
  const { languages, standing } = shown;
  if (languages.length < 2) return false;
  const current = spokenOf(standing.contact.locale, languages);
  const options = languages.map((tag) => [tag, nameOfLanguage(tag)] as const);
  const keep: Option[] = current === '' ? [['', words.language.keep]] : [];
  return select(shown, 'language', words.language.label, [...keep, ...options], current, words);
}

/** Which of the languages a person's locale stands for: itself, else its language; empty for none. */
function spokenOf(locale: string | null, languages: readonly string[]): string {
  if (locale === null) return '';
  return languages.find((tag) => tag === locale) ?? languages.find((tag) => tag === locale.split('-')[0]) ?? '';
}

/** A language in its own words: `Français`. */
function nameOfLanguage(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

function dateOf(at: Instant, language: PageLanguage, zone: string): string {
  const locale = language === 'en' ? 'en-GB' : language;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: zone }).format(at);
}

/** Enough to know one's own address by, too little for whoever the message was forwarded to. */
function masked(address: string): string {
  const at = address.indexOf('@');
  return at < 0 ? `${'•'.repeat(6)} ${address.slice(-2)}` : `${address.slice(0, 1)}•••${address.slice(at)}`;
}

const TICK = new Html(
  '<svg class="tick" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true"><circle cx="24" cy="24" r="24"/><path d="m14.5 24.5 6.5 6.5 12.5-14"/></svg>',
);
