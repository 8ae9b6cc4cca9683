import { formatInstant } from '../../shared/clock.ts';
import { html, type Html } from '../../shared/html.ts';
import { smsParts } from '../../templates/index.ts';
import { showInstant } from '../show.ts';
import type { RehearsedMessage, Rehearsal } from '../timeline.ts';

/** Every message that was planned: as it looks when it left, else why it did not. */
export function mails({ messages, zone }: Rehearsal): Html {
  if (messages.length === 0) return html`<p class="soft">No message was planned.</p>`;
  return html`<div class="mails">
    ${messages.map((each) => (each.outgoing === null ? absent(each, zone) : mail(each, each.outgoing, zone)))}
  </div>`;
}

function mail({ message }: RehearsedMessage, outgoing: NonNullable<RehearsedMessage['outgoing']>, zone: string): Html {
  const { subject, from, to, text } = outgoing;
  const at = message.settledAt ?? message.plannedAt;
  return html`<article class="card" id="message-${message.id}">
    <header>
      <h3>${subject ?? `Text to ${to}`}</h3>
      <p>
        <span class="chip good">${message.status}</span>
        <time datetime="${formatInstant(at)}">${showInstant(at, zone)}</time>
        <span class="soft">${message.step} · ${message.template}</span>
      </p>
      <p class="soft">${from} → ${to}</p>
    </header>
    ${
      outgoing.html === null
        ? html`<div class="chat">
            <p class="bubble">${text}</p>
            <p class="soft">${smsParts(text).parts} SMS</p>
          </div>`
        : html`<iframe title="${`Mail: ${subject ?? ''}`}" sandbox="" loading="lazy" srcdoc="${outgoing.html}"></iframe>
            <details>
              <summary>Plain text</summary>
              <pre tabindex="0">${text}</pre>
            </details>`
    }
  </article>`;
}

function absent({ message }: RehearsedMessage, zone: string): Html {
  const { status, gate, rule, reason, channel, template, step } = message;
  const at = message.settledAt ?? message.plannedAt;
  const why = [gate, rule && `rule ${rule}`, reason].filter(Boolean).join(', ');
  return html`<article class="card" id="message-${message.id}">
    <header>
      <h3>${channel} ${template}</h3>
      <p>
        <span class="chip ${status === 'held' ? 'wait' : 'bad'}">${status}</span>
        <time datetime="${formatInstant(at)}">${showInstant(at, zone)}</time> <span class="soft">${step}</span>
      </p>
      ${why !== '' && html`<p class="soft">${why}</p>`}
    </header>
  </article>`;
}
