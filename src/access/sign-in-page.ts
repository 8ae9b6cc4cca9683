import { page, type Page, type PageLanguage } from '../pages/index.ts';
import { html, type Html } from '../shared/html.ts';

const WORDS: Readonly<Record<PageLanguage, Readonly<Record<string, string>>>> = {
  en: {
    title: 'Sign in',
    email: 'Email',
    password: 'Password',
    wrong: 'Email or password is wrong.',
    later: 'Too many wrong passwords were tried. Wait some minutes, then try again.',
    busy: 'Too many people are signing in at this moment. Try again in a few seconds.',
    foreign: 'This form was sent from another site. Sign in here instead.',
  },
  fr: {
    title: 'Se connecter',
    email: 'Adresse email',
    password: 'Mot de passe',
    wrong: 'L’adresse ou le mot de passe n’est pas bon.',
    later: 'Trop de mots de passe erronés ont été essayés. Attendez quelques minutes, puis réessayez.',
    busy: 'Trop de personnes se connectent en ce moment. Réessayez dans quelques secondes.',
    foreign: 'Ce formulaire a été envoyé depuis un autre site. Connectez-vous ici.',
  },
};

/** Why the page is shown once more. */
export type Refusal = 'wrong' | 'later' | 'busy' | 'foreign';

const STYLE = `
label { display: block; margin: 0 0 1.1rem; font-weight: 600; }
input { display: block; width: 100%; min-height: 3rem; margin-top: .35rem; padding: .5rem .8rem; border: 1px solid var(--field); border-radius: .75rem; background: transparent; color: inherit; font: inherit; font-weight: 400; }
.alert { padding: .8rem 1rem; border: 1px solid var(--field); border-radius: .75rem; font-weight: 600; }
`;

export interface SignInForm {
  language: PageLanguage;
  /** Where to, afterwards: a path of this service. */
  to: string;
  email?: string;
  refusal?: Refusal;
}

/** The page on which people sign in. */
export function signInPage({ language, to, email = '', refusal }: SignInForm): Html {
  const words = WORDS[language];
  const look: Page['look'] = { brand: 'Relance', colour: null, logo: null };
  return page(
    // The form tells this site where it comes from; nobody else is told anything.
    { language, look, title: words['title']!, foot: null, style: STYLE, referrer: 'same-origin' },
    html`<h1>${words['title']}</h1>
      ${refusal !== undefined && html`<p class="alert" role="alert">${words[refusal]}</p>`}
      <form method="post" action="/sign-in">
        <input type="hidden" name="to" value="${to}" />
        <label
          >${words['email']}
          <input type="email" name="email" value="${email}" autocomplete="username" required autofocus />
        </label>
        <label
          >${words['password']}
          <input type="password" name="password" autocomplete="current-password" required />
        </label>
        <button>${words['title']}</button>
      </form>`,
  );
}
