import type { Html } from '../shared/html.ts';
import { html } from '../shared/html.ts';
import { formatInstant, type Instant } from '../shared/clock.ts';
import type { SmsLength } from '../templates/index.ts';
import { style } from './outbox-style.ts';
import type { OutboxQuery, OutboxView } from './outbox.schema.ts';
import type { OutboxPage } from './outbox.store.ts';
import type { OutboxEntry, OutboxMessage } from './sql/outbox.ts';

const tray = html`<svg
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="1.7"
  stroke-linecap="round"
  stroke-linejoin="round"
  aria-hidden="true"
>
  <path d="M3 13l3-8h12l3 8v5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z" />
  <path d="M3 13h5l1.5 3h5L16 13h5" />
</svg>`;

/** `csrfToken`: of the session that looks; undefined where nobody is signed in who could sign out. */
function page(title: string, body: Html, csrfToken: string | undefined): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Relance</title>
        <link rel="icon" href="data:," />
        <style>
          ${style}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <header class="bar">
          <a href="/outbox">${tray} Relance outbox</a>${csrfToken !== undefined && signOut(csrfToken)}
        </header>
        <main id="content">${body}</main>
      </body>
    </html> `;
}

const signOut = (csrfToken: string): Html =>
  html`<form method="post" action="/sign-out">
    <input type="hidden" name="csrf" value="${csrfToken}" />
    <button>Sign out</button>
  </form>`;

const UTC = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
const when = (at: Instant): Html => html`<time datetime="${formatInstant(at)}">${UTC.format(at)} UTC</time>`;

const CHANNEL_NAMES = { email: 'Email', sms: 'SMS' } as const;
const badge = (entry: OutboxEntry): Html =>
  html`<span class="badge ${entry.channel}">${CHANNEL_NAMES[entry.channel]}</span>`;

const address = (query: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length === 0 ? '/outbox' : `/outbox?${new URLSearchParams(given).toString()}`;
};

function row(entry: OutboxEntry): Html {
  const preview = entry.preview.replace(/\s+/g, ' ').trim();
  const what =
    entry.subject === null ? html`<span>${preview}</span>` : html`${entry.subject} <span>· ${preview}</span>`;
  return html`<li>
    <a href="/outbox/${entry.id}"
      >${badge(entry)}<span class="to">${entry.to}</span><span class="what">${what}</span>${when(entry.at)}</a
    >
  </li> `;
}

const filled = ({ messages }: OutboxPage): Html =>
  html`<ol class="list card" aria-label="Messages">
    ${messages.map(row)}
  </ol>`;

function nothing(filtered: boolean): Html {
  return filtered
    ? html`<div class="card empty">
        ${tray}
        <h2>Nothing matches</h2>
        <p>No captured message has this recipient or subject. <a href="/outbox">Show all messages</a></p>
      </div>`
    : html`<div class="card empty">
        ${tray}
        <h2>No messages yet</h2>
        <p>Post an event that starts a programme, and the mail it leads to will lie here within a second.</p>
      </div>`;
}

/** The list of captured messages. */
export function listPage(found: OutboxPage, query: OutboxQuery, csrfToken?: string): Html {
  const { channel, q, contactId, before } = query;
  const filter = { channel, q, contactId };
  const filtered = channel !== undefined || q !== undefined || contactId !== undefined;
  const option = (value: string, label: string): Html =>
    html`<option value="${value}" ${(channel ?? '') === value && html` selected`}>${label}</option>`;
  return page(
    'Outbox',
    html`<h1>Outbox</h1>
      <p class="lead">What would have left, had its channel been configured. Nothing here was sent to anybody.</p>
      <form class="find" method="get" action="/outbox" role="search">
        <input
          type="search"
          name="q"
          value="${q}"
          placeholder="Recipient or subject"
          aria-label="Recipient or subject"
        />
        <select name="channel" aria-label="Channel">
          ${option('', 'All channels')}${option('email', 'Email')}${option('sms', 'SMS')}
        </select>
        ${contactId !== undefined && html`<input type="hidden" name="contactId" value="${contactId}" />`}
        <button>Search</button>${filtered && html` <a class="clear" href="/outbox">Clear</a>`}
      </form>
      ${found.messages.length === 0 ? nothing(filtered) : filled(found)}
      <nav class="pages" aria-label="Pages">
        <span>${before !== undefined && html`<a href="${address(filter)}">← Newest</a>`}</span
        ><span
          >${
            found.next !== null && html`<a rel="next" href="${address({ ...filter, before: found.next })}">Older →</a>`
          }</span
        >
      </nav>`,
    csrfToken,
  );
}

const VIEWS: Readonly<Record<OutboxView, string>> = {
  mail: 'Mail',
  phone: 'On a phone',
  text: 'Plain text',
  source: 'Source',
};

const fields = (pairs: readonly (readonly [string, Html | string])[]): Html =>
  html`<dl class="head">
    ${pairs.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;

function emailBody(message: OutboxMessage, view: OutboxView, source: string): Html {
  const tab = (name: OutboxView): Html =>
    html`<a href="/outbox/${message.id}?view=${name}" ${name === view && html` aria-current="page"`}
      >${VIEWS[name]}</a
    >`;
  const frame = html`<iframe
    src="/outbox/${message.id}/html"
    title="The mail as a mailbox shows it"
    sandbox="allow-popups allow-popups-to-escape-sandbox"
  ></iframe>`;
  const shown = {
    mail: () => html`<div class="card">${frame}</div>`,
    phone: () => html`<div class="card phone">${frame}</div>`,
    text: () => html`<div class="card"><pre>${message.text}</pre></div>`,
    source: () => html`<div class="card"><pre>${source}</pre></div>`,
  };
  const names = Object.keys(VIEWS) as OutboxView[];
  return html`<nav class="tabs" aria-label="Views">
      ${names.map(tab)}<a class="away" href="/outbox/${message.id}/message.eml">Download .eml</a>
    </nav>
    ${shown[view]()}`;
}

function smsBody(message: OutboxMessage, length: SmsLength): Html {
  const { parts, units, encoding } = length;
  const room = encoding === 'gsm-7' ? (parts > 1 ? 153 : 160) : parts > 1 ? 67 : 70;
  const count = `${parts} ${parts === 1 ? 'part' : 'parts'} · ${units} ${encoding === 'gsm-7' ? 'GSM-7' : 'UCS-2'} units, ${room} a part`;
  return html`<div class="card chat stack">
    <p class="bubble">${message.text}</p>
    <p class="count">${count}</p>
  </div>`;
}

/** One captured message. `source` is the whole mail, for the source view alone; `length` is given for an SMS. */
export function messagePage(
  message: OutboxMessage,
  view: OutboxView,
  source: string,
  length: SmsLength | null,
  csrfToken?: string,
): Html {
  const title = message.subject || (message.channel === 'sms' ? `SMS to ${message.to}` : '(no subject)');
  const headers = Object.entries(message.headers);
  return page(
    title,
    html`<a class="back" href="/outbox">← All messages</a>
      <h1>${title}</h1>
      <p class="lead">${badge(message)} ${when(message.at)}</p>
      <div class="card">
        ${fields([
          ['From', message.from],
          ['To', message.to],
          ['Contact', html`<a href="${address({ contactId: message.contactId })}">${message.contactId}</a>`],
        ])}${
          headers.length > 0 &&
          html`<details>
            <summary>${headers.length} more headers</summary>
            ${fields(headers)}
          </details>`
        }
      </div>
      ${length === null ? emailBody(message, view, source) : smsBody(message, length)}`,
    csrfToken,
  );
}

/** What is shown for an id that nothing has. */
export function missingPage(csrfToken?: string): Html {
  return page(
    'Not found',
    html`<div class="card empty stack">
      ${tray}
      <h2>There is no such message</h2>
      <p>It may be older than what is kept. <a href="/outbox">Show all messages</a></p>
    </div>`,
    csrfToken,
  );
}
