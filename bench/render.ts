import Handlebars from 'handlebars';
import { compileTemplate } from '../src/templates/index.ts';
import { buildVariant, openWorkshop } from '../src/templates/variant.ts';
import { mustBe, type Figure } from './figure.ts';
import { helloData, helloMail, helloTemplate } from './hello-mail.ts';
import { sideBySide } from './side-by-side.ts';

/**
 * Mails rendered a second, subject, HTML and text, with their headers. Pure, one core. Against Handlebars alone, with
 * the same three sources and the same data.
 */
export const render: Figure = async () => {
  const folder = helloTemplate();
  const data = helloData();
  const template = await compileTemplate(folder);
  const { email } = await buildVariant(openWorkshop(folder), ['']);
  const [subject, html, text] = [
    Handlebars.compile(email!.subject, { noEscape: true }),
    Handlebars.compile(email!.html),
    Handlebars.compile(email!.text, { noEscape: true }),
  ];
  mustBe('HTML rendered', helloMail(template, data).html, html(data));
  const ours = (): number => (helloMail(template, data).text.length > 0 ? 1 : 0);
  const bare = (): number => (subject(data).length + html(data).length + text(data).length > 0 ? 1 : 0);
  const [value, reference] = sideBySide(ours, bare);
  return [{ figure: 'render', value, unit: 'mails/s', reference: { label: 'Handlebars', value: reference } }];
};
